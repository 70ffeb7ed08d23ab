import type { Auth, FunctionReference, UserIdentity } from "convex/server";
import type { FunctionArgs, FunctionReturnType } from "convex/server";
import type { Value } from "convex/values";
import type { ComponentApi } from "../component/_generated/component.js";
import { type Handle, type McpCallArgument, taskOf } from "../component/handle.ts";
import { type McpCaller, type Principal, sealOf } from "./principal.ts";
import { unsealCaller } from "./seal.ts";

/** The `ctx` of any query, mutation or action. */
export interface McpCallerCtx {
  readonly auth: Auth;
  runQuery<Query extends FunctionReference<"query", "internal">>(
    query: Query,
    args: FunctionArgs<Query>,
  ): Promise<FunctionReturnType<Query>>;
}

/** What is handed to a function that could reach nobody. */
const NO_HANDLE: Handle = { id: "", token: "" };

/**
 * Who calls the tool that this function is, also where `ctx.auth` does not know: users of `resolveIdentity`, and those for whom
 * a task runs. From its argument `mcp: v.optional(vMcpCall)`, which may be handed on. `null` for a stranger, and where the
 * function was called otherwise with no user.
 *
 * The argument proves it, by a seal or as the handle of a run, so that nobody can call a public function as somebody else.
 * That is a query, for callers whom `ctx.auth` does not know.
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
 * @throws Error for an argument that the gateway did not make, or made more than a day ago, or for a run that has ended.
 */
export async function mcpCaller(
  ctx: McpCallerCtx,
  component: McpCallerComponent,
  mcp: McpCallArgument | undefined,
): Promise<McpCaller | null> {
  const identity = await platformIdentity(ctx.auth);
  if (identity !== null || mcp === undefined) return identity;
  const inTask = taskOf(mcp) !== undefined;
  if (!inTask && mcp.caller === undefined) return null;
  const caller = await (inTask ? ofTask(ctx, component, mcp) : ofSeal(ctx, component, mcp));
  if (caller !== undefined) return caller;
  throw new Error("mcpCaller: expected the argument `mcp` as the gateway made it.");
}

/** What of the component `mcpCaller` calls. */
export type McpCallerComponent = Pick<ComponentApi, "secrets" | "taskCalls">;

async function ofTask(
  ctx: McpCallerCtx,
  { taskCalls }: McpCallerComponent,
  { id, token }: Handle,
): Promise<McpCaller | undefined> {
  const run = await ctx.runQuery(taskCalls.caller, { handle: { id, token } });
  return run === null ? undefined : (JSON.parse(run.identity) as UserIdentity);
}

async function ofSeal(
  ctx: McpCallerCtx,
  { secrets }: McpCallerComponent,
  { caller = "" }: McpCallArgument,
): Promise<McpCaller | undefined> {
  const secret = await ctx.runQuery(secrets.read, {});
  return secret === null ? undefined : unsealCaller(secret, caller);
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
