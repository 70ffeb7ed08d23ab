import type { Exchange } from "../rpc/exchange.ts";
import { isObject } from "../wire/json.ts";
import { notificationMessage, requestMessage } from "../wire/jsonrpc.ts";
import { printable } from "../wire/printable.ts";
import type { ClientCapabilities } from "../wire/questions.ts";
import { ClientFailure } from "./asker.ts";
import type { Asker, Question } from "./asker.ts";
import type { Cancel } from "./cancel.ts";
import { checkDelays } from "./delay.ts";
import type { Mailbox } from "./mailbox.ts";
import type { Outbox } from "./outbox.ts";

/** Options of {@link askByMail}. */
export interface AskByMailOptions<C, P> {
  readonly mailbox: Mailbox<C, P>;
  /** How long a client has for an answer. Default: 5 minutes. */
  readonly timeoutMs?: number;
  /** Default: `Date.now`. */
  readonly now?: () => number;
}

/**
 * Asks the clients of the session revisions: a request goes out on the stream of the request that
 * asks, and the answer comes in by a POST of its own. What the client declared is asked of
 * `SessionStore.capabilities`; without a session nobody can be asked.
 *
 * @throws TypeError when `timeoutMs` cannot be waited for.
 */
export function askByMail<C, P>(options: AskByMailOptions<C, P>): Asker<C, P> {
  const { mailbox, timeoutMs } = options;
  checkDelays("askByMail", { timeoutMs });
  return {
    era: "session",
    begin: async (exchange, _, { outbox, cancel }) => {
      let declared: Promise<ClientCapabilities> | undefined;
      return {
        capabilities: () => (declared ??= capabilitiesOf(exchange)),
        ask: (question) => ask(options, exchange, { outbox, cancel, question }),
        end: async (outcome) => outcome,
      };
    },
    answered: async ({ caller, revision }, { id, result, error }) => {
      if (revision.era === "modern" || typeof id !== "string") return;
      // Whether it was expected is nobody's business: an answer may well be late.
      const answer =
        error === undefined
          ? ({ kind: "result", result } as const)
          : ({ kind: "error", error } as const);
      await mailbox.put(caller, id, answer);
    },
  };
}

async function capabilitiesOf<C, P>({
  server,
  caller,
}: Exchange<C, P>): Promise<ClientCapabilities> {
  const { sessionId } = caller;
  if (sessionId === undefined) return {};
  const declared = await server.sessions.capabilities?.(caller, sessionId);
  return isObject(declared) ? declared : {};
}

async function ask<C, P, T>(
  { mailbox, timeoutMs = 300_000, now = Date.now }: AskByMailOptions<C, P>,
  { caller }: Exchange<C, P>,
  {
    outbox,
    cancel,
    question,
  }: { readonly outbox: Outbox; readonly cancel: Cancel; readonly question: Question<T> },
): Promise<T> {
  if (!outbox.reaches) {
    throw new ClientFailure("The client accepts no event stream to be asked on.");
  }
  const id = crypto.randomUUID();
  const { method, params } = question;
  // 2025-11-25 alone has pages to visit, and wants an id for each.
  const elicitationId = params.mode === "url" ? id : undefined;
  // Before the mailbox is opened: a question that is no JSON throws, and nobody would wait.
  const request = requestMessage(id, method, { ...params, elicitationId });
  await mailbox.open(caller, id, now() + timeoutMs);
  outbox.send(request);
  const answer = await mailbox.wait(caller, id, cancel.signal);
  if (answer === undefined) {
    const reason = "The server no longer waits for the answer.";
    outbox.send(notificationMessage("notifications/cancelled", { requestId: id, reason }));
    const why = cancel.isAborted() ? "before the request was cancelled" : "in time";
    throw new ClientFailure(`The client did not answer ${method} ${why}.`);
  }
  if (answer.kind === "error") {
    const { error } = answer;
    const text =
      isObject(error) && typeof error.message === "string" ? error.message : "no message";
    throw new ClientFailure(`The client answered ${method} with an error: ${printable(text, 200)}`);
  }
  const read = question.read(answer.result);
  if (read === undefined) throw new ClientFailure(`The client's answer to ${method} is none.`);
  return read;
}
