import type { TaskStore, ToolOutcome } from "@convex-mcp/protocol";
import {
  type FunctionReference,
  type GenericActionCtx,
  type GenericDataModel,
  type GenericMutationCtx,
  internalActionGeneric,
  type RegisteredAction,
} from "convex/server";
import { v } from "convex/values";
import type { Config } from "../config.ts";
import type { DispatchCall, DispatchReply } from "../dispatch.ts";
import type { Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";
import type { ActionTool } from "../tools/tool.ts";
import type { Functions, ReadyCall } from "./run.ts";

/** The function that `functions()` makes and the scheduler calls. */
export type RunTask = RegisteredAction<"internal", { taskId: string }, Promise<null>>;

/** `internal.<file>.runTask`: what `functions()` made and the app exports. */
export type RunTaskReference = FunctionReference<"action", "internal", { taskId: string }, null>;

/** What the HTTP action hands to the dispatcher of a call that is to go on as a task. */
export interface TaskTicket {
  taskId: string;
  owner: string;
  /** `UserIdentity` as JSON. */
  identity: string;
  /** What the client can be asked, as JSON. */
  capabilities: string;
  /** The name of the app's function that runs it. */
  runner: string;
}

/** How calls go on as tasks: what `mcpTasks()` brings. */
export interface TaskWork {
  /**
   * What of a mount it needs.
   *
   * @throws TypeError naming it, and the tool that needs it.
   */
  readonly checkMount: (config: Config, functions: Pick<Functions, "runTask">) => void;
  /**
   * The tasks, as their owners reach them. `lastUpdatedAt` differs with each change: whoever tells of changes compares it.
   */
  readonly store: (config: Config) => TaskStore<RequestScope, Principal>;
  /** In the HTTP action: how the call was answered; `undefined` where its client waits for the result. */
  readonly start: (
    config: Config,
    functions: Functions,
    call: ReadyCall,
    tool: ActionTool,
  ) => Promise<ToolOutcome | undefined>;
  /** In the dispatcher: stores the task and has it run. */
  readonly open: (
    config: Config,
    ctx: GenericMutationCtx<GenericDataModel>,
    tool: ActionTool,
    call: DispatchCall & { readonly task: TaskTicket },
  ) => Promise<DispatchReply>;
  /** In the background: runs a task that is stored. */
  readonly run: (
    config: Config,
    ctx: GenericActionCtx<GenericDataModel>,
    taskId: string,
  ) => Promise<null>;
}

/**
 * What the first feature brings that has it. For a gateway with a tool that goes on as a task it is asked when that is made.
 *
 * @throws TypeError when none does.
 */
export function taskWorkOf({ features }: Config): TaskWork {
  const work = features.find(({ tasks }) => tasks)?.tasks;
  if (work) return work;
  throw new TypeError("features: expected mcpTasks(), for tools with `task`.");
}

/** The action that runs tasks: in the app's root, where its tools are, and with no identity, as all that is scheduled. */
export function createRunTask(config: Config): RunTask {
  return internalActionGeneric({
    args: { taskId: v.string() },
    handler: (ctx, { taskId }) => taskWorkOf(config).run(config, ctx, taskId),
  });
}
