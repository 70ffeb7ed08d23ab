import type { SessionStore } from "../sessions/store.ts";
import type { Refusal, RpcError } from "../wire/errors.ts";
import type { JsonObject } from "../wire/json.ts";
import type { ClientCapabilities } from "../wire/questions.ts";
import type { RawJson } from "../wire/raw.ts";
import type { CacheHint, Implementation, RequestId } from "../wire/types.ts";
import type { Revision } from "../wire/versions.ts";
import { isObject } from "../wire/json.ts";
import type { Caller, RequestMark } from "./caller.ts";
import type { Channel } from "./channel.ts";
import type { Feature } from "./feature.ts";

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
