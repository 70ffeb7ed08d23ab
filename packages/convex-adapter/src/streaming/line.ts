import { ClientFailure } from "@convex-mcp/protocol";
import type { GenericActionCtx, GenericDataModel, UserIdentity } from "convex/server";
import type { ComponentApi } from "../component/_generated/component.js";
import type { McpCallArgument } from "../component/handle.ts";
import { mcpCaller, platformIdentity } from "../identity/caller.ts";
import { ownerOfIdentity } from "../identity/principal.ts";
import { toCrossing } from "./interruption.ts";
import { poll, PROMPT } from "./poll.ts";
import type { Reply, Reports } from "./reports.ts";

/** The `ctx` of any action. */
export type McpCallCtx = Pick<
  GenericActionCtx<GenericDataModel>,
  "auth" | "runQuery" | "runMutation"
>;

/** How `mcpCall` reaches the caller: each kind of call has its own way. */
export interface Line {
  readonly connected: boolean;
  readonly signal: AbortSignal;
  readonly identity: () => Promise<UserIdentity | null>;
  readonly progress: (report: Reports["progress"]) => Promise<void>;
  readonly log: (report: Reports["log"]) => Promise<void>;
  /** `undefined`: there is nobody, or nobody any more. */
  readonly ask: (question: Reports["question"]) => Promise<Reply | undefined>;
}

/** The line of an action that was called by nobody of ours. */
export function noLine(
  ctx: McpCallCtx,
  component: Pick<ComponentApi, "secrets">,
  mcp: McpCallArgument | undefined,
): Line {
  return {
    connected: false,
    signal: new AbortController().signal,
    identity: () => mcpCaller(ctx, component, mcp),
    progress: async () => undefined,
    log: async () => undefined,
    ask: async () => undefined,
  };
}

/** The line of an action that runs while its caller's request does: the HTTP action passes on what it says. */
export function requestLine(
  ctx: McpCallCtx,
  component: Pick<ComponentApi, "reports" | "secrets">,
  mcp: McpCallArgument,
): Line {
  const { id, token } = mcp;
  const cancelled = new AbortController();
  let owner: Promise<string> | undefined;

  async function key() {
    owner ??= platformIdentity(ctx.auth).then(ownerOfIdentity);
    return { handle: { id, token }, owner: await owner };
  }

  /** The number of what was said; `undefined` where there is nobody. */
  async function tell<Kind extends keyof Reports>(
    kind: Kind,
    report: Reports[Kind],
  ): Promise<number | undefined> {
    const json = JSON.stringify(report);
    const told = await ctx.runMutation(component.reports.tell, { ...(await key()), kind, json });
    if (told?.cancelled === true) cancelled.abort();
    return told?.sequence;
  }

  return {
    connected: true,
    signal: cancelled.signal,
    identity: () => mcpCaller(ctx, component, mcp),
    progress: async (report) => {
      await tell("progress", report);
    },
    log: async (report) => {
      await tell("log", report);
    },
    ask: async (question) => {
      const sequence = await tell("question", question);
      if (sequence === undefined) return undefined;
      const asked = { ...(await key()), sequence };
      // `null` ends the wait: nobody replies any more.
      const json = await poll(PROMPT, cancelled.signal, async () => {
        const found = await ctx.runQuery(component.reports.replyTo, asked);
        if (found?.cancelled === true) cancelled.abort();
        return found === null ? null : found.reply;
      });
      return typeof json === "string" ? (JSON.parse(json) as Reply) : undefined;
    },
  };
}

/** What a reply says; what is no answer is thrown. */
export function answerIn(reply: Reply): unknown {
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
