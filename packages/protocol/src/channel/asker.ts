import { cannotAsk } from "../rpc/channel.ts";
import type { Exchange, InteractiveRun, Outcome } from "../rpc/exchange.ts";
import type { ResponseMessage } from "../wire/jsonrpc.ts";
import type { ClientCapabilities } from "../wire/questions.ts";
import type { Revision } from "../wire/versions.ts";
import type { Cancel } from "./cancel.ts";
import type { ClientRequest } from "./clientRequest.ts";
import type { Outbox } from "./outbox.ts";

/** One question to the client. */
export interface Question<T> extends ClientRequest {
  /** Unique within a request. */
  readonly key: string;
  /** The client's answer, if it is one to this question. */
  readonly read: (answer: unknown) => T | undefined;
}

/** How the questions of one request are put. */
export interface Conversation {
  readonly capabilities: () => Promise<ClientCapabilities>;
  /** Rejects where there is no answer, or none yet. */
  readonly ask: <T>(question: Question<T>) => Promise<T>;
  /** How the request ends whose run ended so. */
  readonly end: (outcome: Outcome) => Promise<Outcome>;
}

/** A way of asking the client: each era has its own. */
export interface Asker<C, P> {
  readonly era: Revision["era"];
  /** Begins a request's conversation, or says why the request cannot go on. */
  readonly begin: (
    exchange: Exchange<C, P>,
    run: Pick<InteractiveRun, "request" | "params">,
    way: { readonly outbox: Outbox; readonly cancel: Cancel },
  ) => Promise<Conversation | Outcome>;
  /** Told of each response of a session that holds. */
  readonly answered?: (exchange: Exchange<C, P>, response: ResponseMessage) => Promise<void>;
}

/** The client could not be asked, did not answer in time, or answered with an error or nonsense. */
export class ClientFailure extends Error {
  override readonly name = "ClientFailure";
}

/** A conversation in which nothing can be asked. */
export function silence(capabilities: () => Promise<ClientCapabilities>): Conversation {
  return {
    capabilities,
    ask: cannotAsk,
    end: async (outcome) => outcome,
  };
}
