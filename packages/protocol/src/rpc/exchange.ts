import type { SessionStore } from "../sessions/store.ts";
import type { Refusal, RpcError } from "../wire/errors.ts";
import { isObject, type JsonObject } from "../wire/json.ts";
import type { RequestMessage, ResponseMessage } from "../wire/jsonrpc.ts";
import type { ClientCapabilities } from "../wire/questions.ts";
import type { RawJson } from "../wire/raw.ts";
import type { CacheHint, Implementation, RequestId } from "../wire/types.ts";
import type { Revision } from "../wire/versions.ts";
import type { Answer } from "./answer.ts";
import type { Caller, RequestMark } from "./caller.ts";
import type { Channel } from "./channel.ts";

/** Tells the operator what went wrong, with what is known of the request. Must not throw. */
export type Report = (error: unknown, request: ReportedRequest) => void;

/** What is known of a request whose handling failed. */
export interface ReportedRequest {
  readonly method?: string | undefined;
  readonly requestId?: RequestId | undefined;
}

/** What one server is: the same for all its requests. */
export interface Server<C, P> {
  readonly serverInfo: Implementation;
  readonly instructions: string | undefined;
  readonly sessions: SessionStore<C, P>;
  readonly features: readonly Feature<C, P>[];
  /** Of the first feature that has it. */
  readonly converse: Feature<C, P>["converse"];
  readonly methods: MethodTable<C, P>;
  readonly pageSize: number;
  readonly maxBatch: number;
  readonly report: Report;
}

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

/** One HTTP request as the methods see it: everything about it is decided already. */
export interface Exchange<C, P> {
  readonly server: Server<C, P>;
  readonly caller: Caller<C, P>;
  readonly revision: Revision;
  /** What this request says of its client; `undefined` in a session, which knows. */
  readonly clientCapabilities: ClientCapabilities | undefined;
  readonly headers: Headers;
  /** Whether the client reads an event stream. */
  readonly streams: boolean;
  /** The message has neighbours, which a stream of its own would keep waiting. */
  readonly inBatch: boolean;
  readonly session: SessionName;
  /** What the store said of the session, once it was asked. */
  holds?: Promise<boolean>;
}

/** The session that a request names. An empty header names one, though none that can exist. */
export type SessionName =
  | { readonly kind: "none" }
  | { readonly kind: "named"; readonly id: string }
  | { readonly kind: "malformed" };

/** How a method ended. Its `result` is serialised by the dispatcher. */
export type Outcome =
  | {
      readonly kind: "result";
      readonly result: object | RawJson;
      readonly sessionId?: string;
      /** Default: `"complete"`. Sent in 2026-07-28 alone, and so is `cache`. */
      readonly resultType?: "complete" | "input_required" | "task";
      /** Given by the methods whose results a client may keep. */
      readonly cache?: CacheHint;
    }
  /** An event stream, whose last message is the response. */
  | { readonly kind: "stream"; readonly body: ReadableStream<Uint8Array<ArrayBuffer>> }
  | { readonly kind: "error"; readonly error: RpcError }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** The parameters of one request, an object (`{}` when absent). */
export interface MethodCall {
  readonly id: RequestId;
  readonly params: JsonObject;
  /** To the client, while the method runs. Muted unless the method is `interactive`. */
  readonly channel: Channel;
}

/** What stores and catalogs are told of a request beside what it asks. */
export function markOf({ id, params }: MethodCall): RequestMark {
  const { _meta: meta } = params;
  return { id, meta: isObject(meta) ? meta : undefined };
}

/** A method of the protocol. */
export interface Method<C, P> {
  /** Where the method exists. Default: in both eras. */
  readonly era?: Revision["era"];
  /**
   * Who checks the session: the dispatcher, before the method runs; the method itself, which runs
   * only with an object of parameters and a well-formed session id; or nobody, as it opens one.
   */
  readonly session: "dispatcher" | "method" | "opens";
  /** Runs code that may talk to the client meanwhile. */
  readonly interactive?: true;
  /** The parameter that `Mcp-Name` repeats (2026-07-28). */
  readonly routedBy?: "name" | "uri" | "taskId";
  readonly run: (exchange: Exchange<C, P>, call: MethodCall) => Promise<Outcome>;
}

/** The methods of a server by name. */
export type MethodTable<C, P> = ReadonlyMap<string, Method<C, P>>;

/** The method of this name, where the revision has it. */
export function findMethod<C, P>(
  methods: MethodTable<C, P>,
  name: string,
  { era }: Revision,
): Method<C, P> | undefined {
  const method = methods.get(name);
  return method?.era === undefined || method.era === era ? method : undefined;
}
