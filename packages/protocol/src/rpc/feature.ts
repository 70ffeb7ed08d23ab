import type { JsonObject } from "../wire/json.ts";
import type { ResponseMessage } from "../wire/jsonrpc.ts";
import type { Revision } from "../wire/versions.ts";
import type { Answer } from "./answer.ts";
import type { Caller } from "./caller.ts";
import type { Channel } from "./channel.ts";
import type { Exchange, Method, Outcome } from "./exchange.ts";
import type { RequestMessage } from "../wire/jsonrpc.ts";

/**
 * A part of the protocol that a server offers. Features are values made by the functions of their own
 * modules, so that what a server does not offer is not in its bundle.
 */
export interface Feature<C, P> {
  /**
   * What clients are told, family by family: `{ prompts: {} }`, of a revision always the same. Families of
   * several features merge.
   */
  readonly capabilities?: (revision: Revision) => Readonly<Record<string, JsonObject>>;
  readonly methods?: readonly (readonly [name: string, method: Method<C, P>])[];
  /** Told of each notification of a session that holds. */
  readonly notified?: (
    exchange: Exchange<C, P>,
    method: string,
    params: JsonObject,
  ) => Promise<void>;
  /** Told of a caller's session that its client ended. */
  readonly sessionEnded?: (caller: Caller<C, P>) => Promise<void>;
  /** Told of each response of a session that holds: the client answers a question. */
  readonly answered?: (exchange: Exchange<C, P>, response: ResponseMessage) => Promise<void>;
  /** Runs an interactive method with a channel. The first feature that has it does so for all. */
  readonly converse?: (exchange: Exchange<C, P>, run: InteractiveRun) => Promise<Answer>;
  /** Answers GET with a stream: the rest of an earlier one, or one for what the server has to say. */
  readonly listen?: (
    exchange: Exchange<C, P>,
    lastEventId: string | null,
  ) => Promise<Answer | undefined>;
}

/** A request of an interactive method, ready to run. */
export interface InteractiveRun {
  readonly request: RequestMessage;
  readonly params: JsonObject;
  /** Runs the method. Rejects as the method does. */
  readonly run: (channel: Channel) => Promise<Outcome>;
  /** How the run ended, as an outcome: what was thrown is reported, and becomes an internal error. */
  readonly settle: (run: Promise<Outcome>) => Promise<Outcome>;
  /** The response to an outcome, while its status is still open. */
  readonly conclude: (outcome: Outcome) => Answer;
}

/** What a server declares: the families of all its features, merged. */
export function capabilitiesOf<C, P>(
  features: readonly Feature<C, P>[],
  revision: Revision,
): JsonObject {
  const merged: Record<string, JsonObject> = {};
  for (const { capabilities } of features) {
    for (const [family, settings] of Object.entries(capabilities?.(revision) ?? {})) {
      merged[family] = { ...merged[family], ...settings };
    }
  }
  return merged;
}
