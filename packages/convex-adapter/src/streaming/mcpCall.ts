import {
  ClientFailure,
  type ElicitResult,
  type FormQuestion,
  type Keyed,
  type LogLevel,
  type UrlQuestion,
} from "@convex-mcp/protocol";
import type { GenericActionCtx, GenericDataModel } from "convex/server";
import type { ComponentApi } from "../component/_generated/component.js";
import type { Handle, McpCallArgument } from "../component/handle.ts";
import { platformIdentity } from "../identity/caller.ts";
import { ownerOfIdentity } from "../identity/principal.ts";
import { toCrossing } from "./interruption.ts";
import { poll, PROMPT } from "./poll.ts";
import type { Reply, Reports } from "./reports.ts";

/** The `ctx` of any action. */
export type McpCallCtx = Pick<
  GenericActionCtx<GenericDataModel>,
  "auth" | "runQuery" | "runMutation"
>;

/** How an action that is a tool talks to its caller. Without one, all of it does nothing. */
export interface McpCall {
  /** Whether the action was called by a client that can be told something. */
  readonly connected: boolean;
  /** Aborts when the caller no longer wants the result; learned of when something is said. */
  readonly signal: AbortSignal;
  /** Tells how far the work is: a function call. A value that is not above the one before is dropped. */
  progress(value: number, total?: number, message?: string): Promise<void>;
  /** Tells the client a line of log, if it wants its level: a function call. `data` is any JSON. No secrets. */
  log(level: LogLevel, data: unknown, logger?: string): Promise<void>;
  /**
   * Asks the user: two function calls and one for each look, the first after a quarter of a second, later each second.
   * Where nobody can be asked because nobody is connected, the answer is `{ action: "cancel" }`.
   *
   * The action may end here, and run again from its start with the answer (2026-07-28): do what must happen once after
   * the last question, and let errors pass that `isInterruption` knows.
   *
   * @throws ClientFailure when the client did not answer, or with nonsense.
   */
  elicit(question: (FormQuestion | UrlQuestion) & Keyed): Promise<ElicitResult>;
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
 *     await call.progress(1, 10, "Fetching");
 *   },
 * });
 */
export function mcpCall(
  ctx: McpCallCtx,
  component: Pick<ComponentApi, "reports">,
  handle: McpCallArgument | undefined,
): McpCall {
  const cancelled = new AbortController();
  let asked = 0;
  let owner: Promise<string> | undefined;
  const connected = handle !== undefined && handle.id !== "";

  async function keyOf({ id, token }: Handle) {
    owner ??= platformIdentity(ctx.auth).then(ownerOfIdentity);
    return { handle: { id, token }, owner: await owner };
  }

  /** The number of what was said; `undefined` where there is nobody. */
  async function tell<Kind extends keyof Reports>(
    kind: Kind,
    report: Reports[Kind],
  ): Promise<number | undefined> {
    if (!connected) return undefined;
    const json = JSON.stringify(report);
    const key = await keyOf(handle);
    const told = await ctx.runMutation(component.reports.tell, { ...key, kind, json });
    if (told?.cancelled === true) cancelled.abort();
    return told?.sequence;
  }

  async function replyTo(sequence: number): Promise<Reply | undefined> {
    if (!connected) return undefined;
    const key = await keyOf(handle);
    // `null` ends the wait: nobody replies any more.
    const json = await poll(PROMPT, cancelled.signal, async () => {
      const found = await ctx.runQuery(component.reports.replyTo, { ...key, sequence });
      if (found?.cancelled === true) cancelled.abort();
      return found === null ? null : found.reply;
    });
    return typeof json === "string" ? (JSON.parse(json) as Reply) : undefined;
  }

  return {
    connected,
    signal: cancelled.signal,
    progress: async (value, total, message) => {
      await tell("progress", { value, total, message });
    },
    log: async (level, data, logger) => {
      await tell("log", { level, data, logger });
    },
    elicit: async (question) => {
      // Numbered here, before anything is awaited: the same question has the same key when the action runs again.
      asked += 1;
      const key = question.key ?? `question-${asked}`;
      const sequence = await tell("question", { ...question, key });
      const reply = sequence === undefined ? undefined : await replyTo(sequence);
      return reply === undefined ? NOBODY : read(reply);
    },
  };
}

function read(reply: Reply): ElicitResult {
  switch (reply.kind) {
    case "answer":
      return reply.answer;
    case "failed":
      throw new ClientFailure(reply.message);
    case "interrupted": {
      const { name, message, required } = reply;
      throw toCrossing({ name, message, required });
    }
  }
}
