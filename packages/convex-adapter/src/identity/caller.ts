import type { Auth, FunctionReference, UserIdentity } from "convex/server";
import type { FunctionArgs, FunctionReturnType } from "convex/server";
import type { Value } from "convex/values";
import type { ComponentApi } from "../component/_generated/component.js";
import type { Handle, McpCallArgument } from "../component/handle.ts";
import { type Principal, sealOf } from "./principal.ts";
import { unsealCaller } from "./seal.ts";

/** Who calls a tool. */
export type McpCaller = Pick<UserIdentity, "tokenIdentifier" | "subject" | "issuer">;

/** The `ctx` of any query, mutation or action. */
export interface McpCallerCtx {
  readonly auth: Auth;
  runQuery<Query extends FunctionReference<"query", "internal">>(
    query: Query,
    args: FunctionArgs<Query>,
  ): Promise<FunctionReturnType<Query>>;
}

/** What is handed to a function that could reach nobody. */
export const NO_HANDLE: Handle = { id: "", token: "" };

/**
 * Who calls the tool that this function is, also where `resolveIdentity` knows them and `ctx.auth` does not: from its argument
 * `mcp: v.optional(vMcpCall)`. `null` for a stranger, and where the function was called otherwise with no user.
 *
 * The argument is sealed with a secret of the component, so that nobody can call a public function as somebody else. Reading
 * the secret is a query, for callers whom the platform does not know.
 *
 * @example
 * export const list = query({
 *   args: { mcp: v.optional(vMcpCall) },
 *   handler: async (ctx, { mcp }) => {
 *     const caller = await mcpCaller(ctx, components.mcpGateway, mcp);
 *     if (caller === null) throw new ConvexError("Sign in first.");
 *   },
 * });
 *
 * @throws Error for an argument that the gateway did not make, or made more than a day ago.
 */
export async function mcpCaller(
  ctx: McpCallerCtx,
  { secrets }: Pick<ComponentApi, "secrets">,
  mcp: McpCallArgument | undefined,
): Promise<McpCaller | null> {
  const identity = await platformIdentity(ctx.auth);
  if (identity !== null) return identity;
  if (mcp?.caller === undefined) return null;
  const secret = await ctx.runQuery(secrets.read, {});
  const caller = secret === null ? undefined : await unsealCaller(secret, mcp.caller);
  if (caller !== undefined) return caller;
  throw new Error("mcpCaller: expected the argument `mcp` as the gateway made it.");
}

/** Whom the platform knows. In actions it throws for a token that it refuses, as it does for those of `resolveIdentity`. */
export function platformIdentity(auth: Auth): Promise<UserIdentity | null> {
  return auth.getUserIdentity().catch(() => null);
}

/** The argument `mcp` of a function, with its caller if the platform does not know them. */
export async function handed(
  principal: Principal,
  handle: Handle = NO_HANDLE,
): Promise<McpCallArgument> {
  const seal = sealOf(principal);
  return seal === undefined ? handle : { ...handle, caller: await seal() };
}

/** The arguments of a query or a mutation as it takes them. */
export async function handedArgs(
  { takesHandle }: { readonly takesHandle?: boolean },
  args: Record<string, Value>,
  principal: Principal,
): Promise<Record<string, Value>> {
  return takesHandle === true ? { ...args, mcp: await handed(principal) } : args;
}
