import {
  ClientFailure,
  type ElicitResult,
  type FormQuestion,
  type Keyed,
  type LogLevel,
  type Root,
  type SamplingRequest,
  type SamplingResult,
  type UrlQuestion,
} from "@convex-mcp/protocol";
import type { UserIdentity } from "convex/server";
import type { ComponentApi } from "../component/_generated/component.js";
import { type McpCallArgument, taskOf } from "../component/handle.ts";
import { taskLine } from "../tasks/line.ts";
import { answerIn, type Line, type McpCallCtx, noLine, requestLine } from "./line.ts";
import type { Reports } from "./reports.ts";

/** How an action that is a tool talks to its caller. Without one, all of it does nothing. */
export interface McpCall {
  /** Whether the action was called by a client that can be told something. */
  readonly connected: boolean;
  /** Aborts when the caller no longer wants the result; learned of when something is said. */
  readonly signal: AbortSignal;
  /**
   * For whom the action runs: `ctx.auth`'s, and in a task, which has none, the identity of the user who started it, as it
   * was then. `null`: nobody. Functions that a task calls see no identity either: hand them what they need.
   */
  identity(): Promise<UserIdentity | null>;
  /**
   * Tells how far the work is: a function call. A value that is not above the one before is dropped. In a task it becomes
   * the status message.
   */
  progress(value: number, total?: number, message?: string): Promise<void>;
  /**
   * Tells the client a line of log, if it wants its level: a function call. `data` is any JSON. No secrets. In a task
   * nobody listens to the log, and it does nothing.
   */
  log(level: LogLevel, data: unknown, logger?: string): Promise<void>;
  /**
   * Asks the user: two function calls and one for each look, the first after a quarter of a second, later each second.
   * Where nobody can be asked because nobody is connected, the answer is `{ action: "cancel" }`.
   *
   * The action may end here, and run again from its start with the answer (2026-07-28): do what must happen once after
   * the last question, and let errors pass that `isInterruption` knows. A task waits, and goes on.
   *
   * @throws ClientFailure when the client did not answer, or with nonsense.
   */
  elicit(question: (FormQuestion | UrlQuestion) & Keyed): Promise<ElicitResult>;
  /** Asks the client's model, as `elicit` does. @throws ClientFailure also where nobody is connected. */
  sample(request: SamplingRequest & Keyed): Promise<SamplingResult>;
  /** Asks where the server may work, as `elicit` does: nowhere where nobody is connected. */
  listRoots(options?: Keyed): Promise<readonly Root[]>;
}

const NOBODY: ElicitResult = { action: "cancel" };

/**
 * The caller of an action, from its argument `mcp`. The handle works for the user it was made for, until the action ends
 * or the tool's `deadlineMs` has passed; for anybody else, and after that, there is nobody.
 *
 * @example
 * export const importAll = action({
 *   args: { url: v.string(), mcp: v.optional(vMcpCall) },
 *   handler: async (ctx, { url, mcp }) => {
 *     const call = mcpCall(ctx, components.mcpGateway, mcp);
 *     const user = await call.identity();
 *     await call.progress(1, 10, "Fetching");
 *   },
 * });
 */
export function mcpCall(
  ctx: McpCallCtx,
  component: McpCallComponent,
  handle: McpCallArgument | undefined,
): McpCall {
  const line = lineOf(ctx, component, handle);
  let asked = 0;

  async function ask<Answer>(
    method: Reports["question"]["method"],
    { key, ...params }: Keyed & object,
  ): Promise<Answer | undefined> {
    // Numbered here, before anything is awaited: the same question has the same key when the action runs again.
    asked += 1;
    const reply = await line.ask({ method, key: key ?? `question-${asked}`, params });
    return reply === undefined ? undefined : (answerIn(reply) as Answer);
  }

  return {
    connected: line.connected,
    signal: line.signal,
    identity: line.identity,
    progress: (value, total, message) => line.progress({ value, total, message }),
    log: (level, data, logger) => line.log({ level, data, logger }),
    elicit: async (question) => (await ask<ElicitResult>("elicit", question)) ?? NOBODY,
    sample: async (request) => {
      const result = await ask<SamplingResult>("sample", request);
      if (result === undefined) throw new ClientFailure("No client is connected: nobody answers.");
      return result;
    },
    listRoots: async (options = {}) => (await ask<readonly Root[]>("listRoots", options)) ?? [],
  };
}

/** What of the component `mcpCall` calls. */
type McpCallComponent = Pick<ComponentApi, "reports" | "taskCalls" | "secrets">;

function lineOf(
  ctx: McpCallCtx,
  component: McpCallComponent,
  handle: McpCallArgument | undefined,
): Line {
  if (handle === undefined || handle.id === "") return noLine(ctx, component, handle);
  return taskOf(handle) === undefined
    ? requestLine(ctx, component, handle)
    : taskLine(ctx, component, handle);
}
