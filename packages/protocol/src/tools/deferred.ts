import type { Caller } from "../rpc/caller.ts";
import type { Channel } from "../rpc/channel.ts";
import type { ClientCapabilities } from "../wire/questions.ts";
import type { Task } from "../wire/task.ts";
import type { CallToolResult } from "../wire/types.ts";

/** Work that a tool would rather do after its request was answered. */
export type TaskWork = (channel: Channel) => CallToolResult | Promise<CallToolResult>;

/**
 * What a tool answers to go on as a task. A client that does not know tasks waits for the work, unless
 * the tool requires them.
 */
export interface Deferred {
  readonly deferred: TaskWork;
  /** Refuse a client that does not know tasks. Default: false. */
  readonly required?: boolean | undefined;
}

/** Where deferred work runs. */
export interface TaskRunner<C, P> {
  /** Stores a task and begins its work. `capabilities`: what the client can be asked. */
  start(caller: Caller<C, P>, work: TaskWork, capabilities: ClientCapabilities): Promise<Task>;
}

/** Whether a tool's answer is deferred work. */
export function isDeferred(answer: CallToolResult | Deferred): answer is Deferred {
  return "deferred" in answer;
}
