import type { Answer } from "../rpc/answer.ts";
import { InputRequired } from "../rpc/channel.ts";
import type { Channel } from "../rpc/channel.ts";
import type { Exchange, Feature, InteractiveRun, Outcome } from "../rpc/exchange.ts";
import { internalError } from "../rpc/failures.ts";
import { errorCodes } from "../wire/errors.ts";
import type { JsonObject } from "../wire/json.ts";
import { errorMessage, notificationMessage } from "../wire/jsonrpc.ts";
import { metaOf } from "../wire/meta.ts";
import type { LogLevel } from "../wire/questions.ts";
import { silence } from "./asker.ts";
import type { Asker } from "./asker.ts";
import { watchForCancel } from "./cancel.ts";
import type { Cancel } from "./cancel.ts";
import type { CancellationStore } from "./cancellations.ts";
import type { Resumption } from "./events.ts";
import { checkDelays } from "./delay.ts";
import { reaches, setLevelMethod, wantedLevel } from "./logs.ts";
import type { LogLevelStore } from "./logs.ts";
import { createOutbox } from "./outbox.ts";
import type { Outbox } from "./outbox.ts";
import { toQuestions } from "./questions.ts";

/** Options of {@link streaming}. */
export interface StreamingOptions<C, P> {
  /** How long a stream may be silent before it gets a comment. Default: 15 seconds. */
  readonly keepAliveMs?: number | undefined;
  /** Lets clients choose log lines. Without it `channel.log` sends nothing, and `logging` is not declared. */
  readonly logs?: LogLevelStore<C, P> | undefined;
  /** Lets the clients of a session cancel. Without it only a modern client can, by hanging up. */
  readonly cancellations?: CancellationStore<C, P> | undefined;
  /** `askByMail(...)` for the session revisions, `askInRounds(...)` for 2026-07-28. */
  readonly ask?: readonly Asker<C, P>[] | undefined;
  /** `resumption(...)`: lets the clients of 2025-11-25 fetch the rest of a broken stream. */
  readonly resume?: Resumption<C, P> | undefined;
  /**
   * How long a request that was cancelled may go on before its response ends, without an answer: for
   * hosts that stop the work then. Default: 0.
   */
  readonly graceMs?: number | undefined;
}

/**
 * Lets tools, prompts and resources tell and ask the client while they work (`call.channel`). The
 * response becomes an event stream when the first message is sent to a client that reads one; until
 * then its status is open.
 *
 * @throws TypeError when `keepAliveMs` cannot be waited for.
 */
export function streaming<C, P>(options: StreamingOptions<C, P> = {}): Feature<C, P> {
  const { logs, cancellations, ask = [], resume, keepAliveMs } = options;
  checkDelays("streaming", { keepAliveMs });
  return {
    capabilities: (): Record<string, JsonObject> => (logs ? { logging: {} } : {}),
    methods: logs ? [["logging/setLevel", setLevelMethod(logs)]] : [],
    converse: (exchange, run) => converse(options, exchange, run),
    notified: async ({ caller, revision }, method, { requestId }) => {
      if (method !== "notifications/cancelled" || revision.era === "modern") return;
      if (typeof requestId !== "string" && typeof requestId !== "number") return;
      // Without a session nobody's request 1 could be told from anybody else's.
      if (caller.sessionId !== undefined) await cancellations?.cancel(caller, requestId);
    },
    answered: async (exchange, response) => {
      for (const asker of ask) await asker.answered?.(exchange, response);
    },
    ...(resume && { listen: resume.listen }),
  };
}

async function converse<C, P>(
  options: StreamingOptions<C, P>,
  exchange: Exchange<C, P>,
  interactive: InteractiveRun,
): Promise<Answer> {
  const { conclude, request } = interactive;
  const report = (error: unknown) =>
    exchange.server.report(error, { method: request.method, requestId: request.id });
  const cancel = watchForCancel(exchange, request.id, options.cancellations, report);
  const outbox = createOutbox({
    streams: exchange.streams,
    keepAliveMs: options.keepAliveMs ?? 15_000,
    recorder: options.resume?.recorder(exchange),
    onGone: () => {
      if (exchange.revision.era === "modern") cancel.abort();
    },
    report,
  });
  const work = interactive.settle(converseToEnd(options, exchange, interactive, outbox, cancel));
  const response = Promise.race([work, cancel.aborted]).then(async (outcome) => {
    cancel.done();
    if (!outcome && options.graceMs) await endOf(work, options.graceMs);
    return { outcome, isOpen: await outbox.settled() };
  });
  const first = await Promise.race([response, outbox.opened]);
  if ("outcome" in first && !first.isOpen) {
    if (first.outcome) return conclude(first.outcome);
    if (!exchange.streams) return conclude({ kind: "error", error: cancelled });
  }
  response
    .then(async ({ outcome }) => await outbox.finish(outcome && toMessage(conclude(outcome))))
    .catch(report);
  return { kind: "stream", body: await outbox.opened };
}

/** Waits for work that does not reject, or no longer than this. */
function endOf(work: Promise<unknown>, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, withinMs);
    void work.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** For a client that takes no stream to be silent on. */
const cancelled = { code: errorCodes.refused, message: "The request was cancelled." };

async function converseToEnd<C, P>(
  { logs, ask = [] }: StreamingOptions<C, P>,
  exchange: Exchange<C, P>,
  interactive: InteractiveRun,
  outbox: Outbox,
  cancel: Cancel,
): Promise<Outcome> {
  const asker = ask.find(({ era }) => era === exchange.revision.era);
  const declared = async () => exchange.clientCapabilities ?? {};
  const conversation =
    (await asker?.begin(exchange, interactive, { outbox, cancel })) ?? silence(declared);
  if ("kind" in conversation) return conversation;
  const { params, run, settle } = interactive;
  const channel: Channel = {
    get signal() {
      return cancel.signal;
    },
    progress: toProgress(outbox, metaOf(params).progressToken),
    log: logs ? toLog(outbox, () => wantedLevel(logs, exchange, params)) : () => undefined,
    listens: exchange.streams || asker?.era === "modern",
    ...toQuestions(conversation),
    closeStream: () => outbox.release(),
  };
  const outcome = await settle(
    run(channel).catch((error: unknown) => {
      if (error instanceof InputRequired) return unanswered;
      throw error;
    }),
  );
  return await conversation.end(outcome);
}

// Replaced when the conversation ends: it knows what was asked.
const unanswered: Outcome = { kind: "error", error: internalError };

function toProgress(outbox: Outbox, progressToken: unknown): Channel["progress"] {
  if (typeof progressToken !== "string" && !Number.isInteger(progressToken)) return () => undefined;
  let last = Number.NEGATIVE_INFINITY;
  return (progress, total, message) => {
    if (!(progress > last) || !Number.isFinite(progress)) return;
    last = progress;
    const known = Number.isFinite(total) ? total : undefined;
    const params = { progressToken, progress, total: known, message };
    outbox.send(notificationMessage("notifications/progress", params));
  };
}

function toLog(outbox: Outbox, askLevel: () => Promise<LogLevel | undefined>): Channel["log"] {
  let wanted: Promise<LogLevel | undefined> | undefined;
  return (level, data, logger) => {
    const json = serialised({ level, logger, data: data ?? null });
    outbox.send(async () => {
      wanted ??= askLevel();
      return reaches(level, await wanted) ? json() : undefined;
    });
  };
}

/** A line's text. Made now, as its data may change before the level is known; what is no JSON is lost. */
function serialised(line: object): () => string {
  try {
    const json = notificationMessage("notifications/message", line);
    return () => json;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** A response as a message, once its status is not open any more. */
function toMessage(answer: Answer): string | undefined {
  if (answer.kind === "message") return answer.json;
  return answer.kind === "refused" ? errorMessage(answer.id, answer.refusal) : undefined;
}
