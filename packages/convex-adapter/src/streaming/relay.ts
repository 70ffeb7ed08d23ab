import { type Channel, isInterruption, MissingCapability } from "@convex-mcp/protocol";
import type { GenericActionCtx, GenericDataModel } from "convex/server";
import type { ComponentApi } from "../component/_generated/component.js";
import type { Recording, Report } from "../component/shared.ts";
import type { Handle } from "../component/handle.ts";
import { poll, PROMPT } from "./poll.ts";
import type { Reply, Reports } from "./reports.ts";

/** One action's way to its caller, from the side of the HTTP action. */
export interface RelayOptions {
  readonly ctx: GenericActionCtx<GenericDataModel>;
  readonly component: Pick<ComponentApi, "handles" | "reports">;
  readonly key: { handle: Handle; owner: string };
  readonly channel: Channel;
  /** That its caller no longer wants it, where nothing else records that. */
  readonly recording: Recording | undefined;
  /** Whether a question still counts whose action has ended: those of one round are put together (2026-07-28). */
  readonly inRounds: boolean;
}

/**
 * Passes on what an action says while it runs: a query after 0.25, 0.6, 1.2, 2 seconds, then each second, and anew after
 * each thing it said; a mutation for each reply; and a mutation at its end, for what it said last.
 */
export async function relay<T>(options: RelayOptions, work: Promise<T>): Promise<T> {
  const { ctx, component, key, channel, recording } = options;
  const { signal } = channel;
  const ended = new AbortController();
  let after = 0;
  const passOn = (reports: readonly Report[]) => {
    for (const report of reports) {
      after = report.sequence;
      tell(options, report);
    }
  };
  const watch = async () => {
    while (!ended.signal.aborted) {
      const reports = await poll(PROMPT, ended.signal, async () => {
        const said = await ctx.runQuery(component.reports.list, { ...key, after });
        return said.length > 0 ? said : undefined;
      });
      passOn(reports ?? []);
    }
  };
  const wish = { ...key, ...(recording && { recording }) };
  const cancel = () => void ctx.runMutation(component.handles.cancel, wish).catch(logged);
  signal.addEventListener("abort", cancel);
  // What is said on the way is not worth the result: it is in the log where it cannot be read.
  const watching = watch().catch(logged);
  try {
    return await work;
  } finally {
    ended.abort();
    signal.removeEventListener("abort", cancel);
    await watching;
    const closed = ctx.runMutation(component.handles.close, { ...key, after });
    const rest = (await closed.catch(logged)) ?? [];
    passOn(rest.filter(({ kind }) => kind !== "question" || options.inRounds));
  }
}

function tell(options: RelayOptions, { kind, json, sequence }: Report): void {
  const { channel } = options;
  // Written by `mcpCall`, in the same deployment.
  switch (kind) {
    case "progress": {
      const { value, total, message } = JSON.parse(json) as Reports["progress"];
      return channel.progress(value, total, message);
    }
    case "log": {
      const { level, data, logger } = JSON.parse(json) as Reports["log"];
      return channel.log(level, data, logger);
    }
    case "question":
      ask(options, sequence, JSON.parse(json) as Reports["question"]).catch(logged);
  }
}

async function ask(
  { ctx, component, key, channel }: RelayOptions,
  sequence: number,
  question: Reports["question"],
): Promise<void> {
  const reply = await put(channel, question).then(
    (answer): Reply => ({ kind: "answer", answer }),
    toReply,
  );
  const json = JSON.stringify(reply);
  await ctx.runMutation(component.reports.reply, { ...key, sequence, reply: json });
}

/** Its parameters were typed where the question was put: `mcpCall`. */
function put(channel: Channel, { method, key, params }: Reports["question"]): Promise<unknown> {
  return channel[method]({ ...params, key } as never);
}

function toReply(error: unknown): Reply {
  if (isInterruption(error)) {
    const required = JSON.stringify(error instanceof MissingCapability ? error.required : {});
    return { kind: "interrupted", name: error.name, message: error.message, required };
  }
  return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
}

function logged(error: unknown): undefined {
  console.error("What an action says could not be passed on.", error);
}
