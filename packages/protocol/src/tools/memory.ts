import { decline, uniquely, visible } from "../memory/guard.ts";
import type { Authorize, Decision } from "../memory/guard.ts";
import type { Caller } from "../rpc/caller.ts";
import { isInterruption, MissingCapability } from "../rpc/channel.ts";
import type { SessionStore } from "../sessions/store.ts";
import { declaresTasks, tasksCapability } from "../wire/task.ts";
import { fixedList } from "../wire/listing.ts";
import type { CacheHint, CallToolResult, Tool } from "../wire/types.ts";
import type { ToolCallRequest, ToolCatalog, ToolOutcome } from "./catalog.ts";
import { isDeferred } from "./deferred.ts";
import type { Deferred, TaskRunner } from "./deferred.ts";
import { failedResult, ToolError } from "./failure.ts";
import { refuseHeaders } from "./headers.ts";

/** What a tool's handler learns about its call. */
export interface ToolInvocation<C, P> {
  readonly caller: Caller<C, P>;
  readonly call: ToolCallRequest;
}

/** A tool that runs in this process. */
export interface InProcessTool<C, P> {
  readonly definition: Tool;
  /**
   * Answers a call. The arguments are foreign: check them, or let `zodTool` do it. A thrown
   * {@link ToolError} becomes an `isError` result with its message; anything else one with a generic
   * text, and goes to the handler's `onError`.
   */
  readonly run: (
    args: Readonly<Record<string, unknown>>,
    invocation: ToolInvocation<C, P>,
  ) => CallToolResult | Deferred | Promise<CallToolResult | Deferred>;
}

/** Whether a caller may use a tool. */
export type ToolDecision = Decision;

/** Options of {@link memoryTools}. */
export interface MemoryToolsOptions<C, P> {
  /** In the order in which they are listed. */
  readonly tools: readonly InProcessTool<C, P>[];
  /** Where a call's session is checked; the same store as the handler's. Without it no session holds. */
  readonly sessions?: SessionStore<C, P>;
  /** Where a tool's deferred work runs; the same as `serveTasks` has. Without it no work is deferred. */
  readonly tasks?: TaskRunner<C, P>;
  /** How long clients may keep the list, and for whom. */
  readonly cache?: CacheHint;
  /** Default: everyone may use every tool. */
  readonly authorize?: Authorize<C, P, Tool>;
}

/**
 * A catalog of tools that run in this process, for backends other than Convex and for tests.
 *
 * @throws TypeError when two tools have the same name.
 */
export function memoryTools<C, P>(options: MemoryToolsOptions<C, P>): ToolCatalog<C, P> {
  const { sessions, tasks, authorize } = options;
  const tools = uniquely("tools", options.tools, ({ definition }) => definition.name);
  const listed = fixedList(options.tools.map(({ definition }) => definition));
  return {
    cache: options.cache,
    list: (caller) => visible(authorize, caller, listed),
    async call(caller, call) {
      const tool = tools.get(call.name);
      const declined = await decline(authorize, sessions, caller, tool?.definition);
      if (declined && declined.kind !== "unknown") return declined;
      if (declined || tool === undefined) return { kind: "unknownTool" };
      const refusal = refuseHeaders(call, tool.definition.inputSchema);
      if (refusal) return { kind: "refused", refusal };
      try {
        const answer = await tool.run(call.arguments, { caller, call });
        return isDeferred(answer)
          ? await defer(answer, { caller, call }, tasks)
          : { kind: "result", result: answer };
      } catch (cause) {
        return failureOf(call, cause);
      }
    },
  };
}

/** How a call ends whose tool threw. @throws what is no failure, but how a question ends a run. */
function failureOf({ name }: ToolCallRequest, cause: unknown): ToolOutcome {
  if (isInterruption(cause)) throw cause;
  if (cause instanceof ToolError) return { kind: "result", result: failedResult(cause.message) };
  const text = `The tool ${name} failed. The server's operator can see why.`;
  return { kind: "result", result: failedResult(text), cause };
}

async function defer<C, P>(
  { deferred, required = false }: Deferred,
  { caller, call: { channel } }: ToolInvocation<C, P>,
  tasks: TaskRunner<C, P> | undefined,
): Promise<ToolOutcome> {
  const capabilities = await channel.capabilities();
  const knowsTasks = caller.protocolVersion === "2026-07-28" && declaresTasks(capabilities);
  if (tasks && knowsTasks) {
    return { kind: "task", task: await tasks.start(caller, deferred, capabilities) };
  }
  if (required) throw new MissingCapability(tasksCapability);
  return { kind: "result", result: await deferred(channel) };
}
