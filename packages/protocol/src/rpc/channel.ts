import type { JsonObject } from "../wire/json.ts";
import type {
  ClientCapabilities,
  ElicitResult,
  FormQuestion,
  LogLevel,
  Root,
  SamplingRequest,
  SamplingResult,
  UrlQuestion,
} from "../wire/questions.ts";

/**
 * How a question is told from others of the same request. Where the client answers by repeating the
 * request (2026-07-28), the code that asked runs again from its start, and finds its answers by key.
 */
export interface Keyed {
  /** Unique within a request. Default: `question-1` and so on, in the order in which they are asked. */
  readonly key?: string | undefined;
}

/**
 * What a tool, a prompt or a resource may tell and ask the client while it works. All of it may be
 * ignored: what nobody listens to is dropped.
 */
export interface Channel {
  /** Aborts when the client no longer wants the answer. */
  readonly signal: AbortSignal;
  /** Whether anything can reach the client. Where not, there is no use in preparing what to tell it. */
  readonly listens: boolean;
  /**
   * Tells how far the work is. Sent only to a client that asked for it; a value that is not above the
   * one before is dropped, as the specification wants progress to increase (basic/utilities/progress).
   */
  readonly progress: (value: number, total?: number, message?: string) => void;
  /** Tells the client a line of log, if it wants its level. `data` is any JSON. No secrets. */
  readonly log: (level: LogLevel, data: unknown, logger?: string) => void;
  /** What the client can be asked. */
  readonly capabilities: () => Promise<ClientCapabilities>;
  /**
   * Asks the user. In 2026-07-28 the first pass ends here: `elicit` rejects with {@link InputRequired},
   * and the code runs again with the answer. So do what must happen once after the last question.
   *
   * @throws MissingCapability when the client cannot be asked so.
   */
  readonly elicit: (question: (FormQuestion | UrlQuestion) & Keyed) => Promise<ElicitResult>;
  /** Asks the client's model. Throws as {@link Channel.elicit} does. */
  readonly sample: (request: SamplingRequest & Keyed) => Promise<SamplingResult>;
  /** Asks where the server may work. Throws as {@link Channel.elicit} does. */
  readonly listRoots: (options?: Keyed) => Promise<readonly Root[]>;
  /**
   * Ends the HTTP response while the work goes on; the client comes back for the rest. Does nothing
   * where the answer could not be fetched later.
   */
  readonly closeStream: () => void;
}

/** The client did not declare that it can do what was asked of it. */
export class MissingCapability extends Error {
  override readonly name = "MissingCapability";
  /** What it would have to declare, such as `{ sampling: {} }`. */
  readonly required: JsonObject;

  constructor(required: JsonObject) {
    super(`This needs a client that declares the capability ${JSON.stringify(required)}.`);
    this.required = required;
  }
}

/**
 * The answer to a question is not there yet: the client is asked, and the request will run again with
 * it. Let it pass; where it is caught, the client is asked all the same.
 */
export class InputRequired extends Error {
  override readonly name = "InputRequired";
}

/** Whether an error is how a question ends a run, and not a failure. */
export function isInterruption(error: unknown): error is MissingCapability | InputRequired {
  return error instanceof MissingCapability || error instanceof InputRequired;
}

const ignore = () => undefined;

/** What asks where nobody can be asked. @throws TypeError */
export const cannotAsk = async (): Promise<never> => {
  throw new TypeError(
    "Nobody can be asked here: in a batch, or without streaming({ ask }) for its era.",
  );
};

const muted = {
  listens: false,
  progress: ignore,
  log: ignore,
  elicit: cannotAsk,
  sample: cannotAsk,
  listRoots: cannotAsk,
  closeStream: ignore,
};

/** A channel that nobody listens to. */
export function mutedChannel(signal: AbortSignal, declared: ClientCapabilities = {}): Channel {
  return { ...muted, signal, capabilities: async () => declared };
}

/**
 * The same for a request of a session, where going away is no wish to cancel (basic/transports). One
 * serves all: most code looks at nothing of it, and a signal is made for the one that does.
 */
export const mutedInSession: Channel = Object.freeze({
  ...muted,
  get signal() {
    return new AbortController().signal;
  },
  capabilities: async () => ({}),
});
