import type { Caller } from "../rpc/caller.ts";
import { InputRequired } from "../rpc/channel.ts";
import type { Exchange, InteractiveRun, Outcome } from "../rpc/exchange.ts";
import { invalidParams } from "../rpc/failures.ts";
import { isObject } from "../wire/json.ts";
import type { JsonObject } from "../wire/json.ts";
import type { Asker, Conversation, Question } from "./asker.ts";
import type { ContinuationStore } from "./continuations.ts";
import { digest, seal, unseal } from "./seal.ts";

type Secret = string | readonly string[];

/** Options of {@link askInRounds}. */
export interface AskInRoundsOptions<C, P> {
  /**
   * Seals the rounds; 32 characters or more of chance. Of several the first seals, all open. A function
   * is asked for it once a request has a round to seal or to open: most have none.
   */
  readonly secret: Secret | ((caller: Caller<C, P>) => Promise<Secret>);
  /**
   * A stable name of the person or program behind a principal. A round is continued by its own alone;
   * one of a principal without a name by everyone without one who holds its `requestState`.
   */
  readonly ownerOf: (principal: P) => string | undefined;
  /** Without it a round can be continued again until it expires. */
  readonly continuations?: ContinuationStore<C, P>;
  /** How long a client has for a round. Default: 10 minutes. */
  readonly ttlMs?: number;
  /** Default: `Date.now`. */
  readonly now?: () => number;
}

/** A question that was put, as its digest, and its answer once there is one. */
type Asked = readonly [question: string, answer?: unknown];

/** The questions of a request, by key. */
type Questions = Readonly<Record<string, Asked>>;

/** What a client brings back: what it was asked in the rounds before. */
interface Round {
  readonly asked: Questions;
  readonly expiresAt: number;
  readonly nonce: string;
}

/**
 * Asks the clients of 2026-07-28: the request is answered with what it needs to know, and comes again
 * with the answers (basic/patterns/mrtr). The server keeps nothing; what it has to remember travels in
 * `requestState`, sealed for this caller, method and arguments.
 *
 * @throws TypeError when a secret is too short.
 */
export function askInRounds<C, P>(options: AskInRoundsOptions<C, P>): Asker<C, P> {
  const { secret } = options;
  if (typeof secret !== "function") checked(secret);
  return {
    era: "modern",
    begin: async (exchange, { request, params }) => {
      const context = contextOf(options, exchange, request.method, params);
      const secrets = async () =>
        checked(typeof secret === "function" ? await secret(exchange.caller) : secret);
      const round = await continued(options, secrets, exchange, { params, context });
      return "kind" in round
        ? round
        : converse(exchange, round, async (asked) => {
            const { ttlMs = 600_000, now = Date.now } = options;
            const next: Round = { asked, expiresAt: now() + ttlMs, nonce: crypto.randomUUID() };
            const [first = ""] = await secrets();
            return await seal(first, JSON.stringify(next), context);
          });
    },
  };
}

function checked(secret: Secret): readonly string[] {
  const secrets = typeof secret === "string" ? [secret] : secret;
  if (secrets.length > 0 && secrets.every(({ length }) => length >= 32)) return secrets;
  throw new TypeError("askInRounds: expected a secret of at least 32 characters.");
}

function converse<C, P>(
  { clientCapabilities = {} }: Exchange<C, P>,
  { before, given, isContinued }: Continuation,
  sealNext: (asked: Questions) => Promise<string>,
): Conversation {
  // Unread answers of this round are not kept: nothing asked for them, or they were no answers.
  const asked = new Map(Object.entries(before ?? {}).filter(([, entry]) => entry.length > 1));
  const pending = new Map<string, Question<unknown>>();
  const asking = new Map<string, Promise<unknown>>();

  async function answerTo<T>(question: Question<T>): Promise<T> {
    const { key, method, params } = question;
    const id = await digest(JSON.stringify([method, params]));
    // The key alone would take the answer to one question for that to another.
    const isKnown = before === undefined || (Object.hasOwn(before, key) && before[key]?.[0] === id);
    const answer = isKnown && Object.hasOwn(given, key) ? given[key] : asked.get(key)?.[1];
    const read = isKnown && answer !== undefined ? question.read(answer) : undefined;
    asked.set(key, read === undefined ? [id] : [id, answer]);
    if (read !== undefined) return read;
    pending.set(key, question);
    throw new InputRequired(`The client is asked: ${key}.`);
  }

  return {
    capabilities: async () => clientCapabilities,
    async ask(question) {
      const { key } = question;
      if (asking.has(key)) throw new TypeError(`Two questions have the key "${key}".`);
      const answer = answerTo(question);
      asking.set(key, answer);
      return await answer;
    },
    async end(outcome) {
      // The first of several that are asked at once ends the run.
      await Promise.allSettled(asking.values());
      if (pending.size === 0 || outcome.kind === "refused") {
        // What depends on answers is nobody else's (server/utilities/caching).
        const cacheable = outcome.kind === "result" && outcome.cache && isContinued;
        return cacheable ? { ...outcome, cache: {} } : outcome;
      }
      const inputRequests = Object.fromEntries(
        [...pending].map(([key, { method, params }]) => [key, { method, params }]),
      );
      const result = { inputRequests, requestState: await sealNext(Object.fromEntries(asked)) };
      return { kind: "result", result, resultType: "input_required" };
    },
  };
}

/** What a request brings from the rounds before it. */
interface Continuation {
  /** Absent without a round: its client answers by key, before it is asked. */
  readonly before?: Questions;
  readonly given: JsonObject;
  readonly isContinued: boolean;
}

async function continued<C, P>(
  { continuations, now = Date.now }: AskInRoundsOptions<C, P>,
  secrets: () => Promise<readonly string[]>,
  { caller }: Exchange<C, P>,
  { params, context }: { readonly params: JsonObject; readonly context: string },
): Promise<Continuation | Outcome> {
  const { inputResponses: given = {}, requestState } = params;
  if (!isObject(given)) return invalidParams('"inputResponses" must be an object, or absent.');
  if (requestState === undefined) {
    return { given, isContinued: params.inputResponses !== undefined };
  }
  const text =
    typeof requestState === "string"
      ? await unseal(await secrets(), requestState, context)
      : undefined;
  // Ours, if it opens: no guard is needed for what we wrote.
  const round = text === undefined ? undefined : (JSON.parse(text) as Round);
  const isFresh =
    round !== undefined &&
    round.expiresAt > now() &&
    (await continuations?.redeem(caller, round.nonce, round.expiresAt)) !== false;
  if (isFresh) return { before: round.asked, given, isContinued: true };
  await continuations?.refused?.(caller);
  return invalidParams(stale);
}

// One text for all that can be wrong, so that nobody learns from it.
const stale =
  '"requestState" is of another request, or used, or expired. Send the request anew without it and "inputResponses".';

/** What a round is bound to: who asked, and for what. */
function contextOf<C, P>(
  { ownerOf }: AskInRoundsOptions<C, P>,
  { caller }: Exchange<C, P>,
  method: InteractiveRun["request"]["method"],
  { _meta, inputResponses: _responses, requestState: _state, ...asked }: JsonObject,
): string {
  return JSON.stringify([ownerOf(caller.principal) ?? null, method, sorted(asked)]);
}

/** A value whose objects list their members in one order: clients may repeat theirs in another. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  // Objects again, as a list of their members could be an argument itself.
  return Object.fromEntries(entries.map(([name, member]) => [name, sorted(member)]));
}
