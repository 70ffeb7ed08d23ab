import type { ComponentApi } from "../component/_generated/component.js";
import type { RunMutationCtx } from "../ctx.ts";
import { isWatchable } from "./uri.ts";

/** What changed, as an app says it. */
export type McpChange = (
  | {
      /** The tools, prompts or resources that `authorize` lets somebody list are not what they were. */
      readonly kind: "tools" | "prompts" | "resources";
    }
  | {
      /** What a resource holds is not what it was. */
      readonly kind: "resource";
      /** As clients subscribe to it: letter by letter the same. */
      readonly uri: string;
    }
) & {
  /**
   * `tokenIdentifier` of the only user who is told. Default: everybody who wants to know and, of a resource, can read it.
   * Give it where others could read something at that URI too, and shall not learn when this user's changed.
   */
  readonly owner?: string;
};

/**
 * Tells the clients that want to know of a change, if the gateway has `mcpChanges()`. In a mutation it is part of its
 * transaction: nothing is told of what is rolled back. It writes one row, and reads none.
 *
 * @throws TypeError for an `owner` that is given and `undefined`: what is nobody's is not everybody's.
 *
 * A URI of more than 2,048 characters, or with others than visible ASCII, cannot be subscribed to, and is not told.
 *
 * @example
 * await ctx.db.patch(id, { status: "paid" });
 * await notifyChanged(ctx, components.mcpGateway, { kind: "resource", uri: `invoices://${id}` });
 */
export async function notifyChanged(
  ctx: RunMutationCtx,
  component: Pick<ComponentApi, "changes">,
  change: McpChange,
): Promise<void> {
  const { kind, owner } = change;
  if ("owner" in change && typeof owner !== "string") {
    throw new TypeError(
      `notifyChanged: expected \`owner\` to be a string, got ${String(owner)}. Leave it out to tell everybody.`,
    );
  }
  const name = kind === "resource" ? change.uri : "";
  if (kind === "resource" && !isWatchable(name)) return;
  await ctx.runMutation(component.changes.publish, {
    subject: { kind, name },
    ...(owner === undefined ? {} : { owner }),
  });
}
