import { type Infer, v, type VObject, type VString } from "convex/values";

/**
 * The validator of the argument `mcp`: `mcp: v.optional(vMcpCall)`. The gateway fills it in, and no client sees or sets it.
 * In an action, hand it to `mcpCall` to talk to the caller; to `mcpCaller`, in any function, to know who that is.
 */
// A literal type: a name of it would have to be importable wherever an app's declarations are emitted.
export const vMcpCall: VObject<
  { caller?: string | undefined; id: string; token: string },
  { id: VString; token: VString; caller: VString<string | undefined, "optional"> }
> = v.object({ id: v.string(), token: v.string(), caller: v.optional(v.string()) });

/** The argument `mcp`. */
export type McpCallArgument = Infer<typeof vMcpCall>;

/** What an action reaches its caller by: it names a call, and proves that it was given. */
export interface Handle {
  id: string;
  token: string;
}

/** No id of another handle begins so: those are UUIDs. */
const TASK = "task:";

/** The handle of a task's run. */
export function taskHandle(taskId: string, token: string): Handle {
  return { id: TASK + taskId, token };
}

/** The task whose run has this handle; `undefined` of the handle of a request. */
export function taskOf({ id }: Handle): string | undefined {
  return id.startsWith(TASK) ? id.slice(TASK.length) : undefined;
}
