import type { ComponentApi } from "../component/_generated/component.js";
import type { RequestScope } from "./scope.ts";

/** The component's own secret, made where there is none yet: one query from then on. */
export async function secretOf(
  { secrets }: Pick<ComponentApi, "secrets">,
  ctx: RequestScope["ctx"],
): Promise<string> {
  return (await ctx.runQuery(secrets.read, {})) ?? (await ctx.runMutation(secrets.create, {}));
}
