import type { SessionStore } from "../sessions/store.ts";
import type { ToolCatalog } from "../tools/catalog.ts";
import type { Refusal, RpcError } from "../wire/errors.ts";
import type { JsonObject } from "../wire/json.ts";
import type { RawJson } from "../wire/raw.ts";
import type { Implementation, RequestId } from "../wire/types.ts";
import type { Revision } from "../wire/versions.ts";
import type { Caller } from "./caller.ts";

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
  readonly tools: ToolCatalog<C, P>;
  readonly pageSize: number;
  readonly maxBatch: number;
  readonly report: Report;
}

/** One HTTP request as the methods see it: everything about it is decided already. */
export interface Exchange<C, P> {
  readonly server: Server<C, P>;
  readonly caller: Caller<C, P>;
  readonly revision: Revision;
  /** The request names a session that cannot exist, and that no store is asked about. */
  readonly sessionIsMalformed: boolean;
  /** Whether the session that the request names, if any, holds. Asks the store once at most. */
  readonly sessionHolds: () => Promise<boolean>;
}

/** How a method ended. Its `result` is serialised by the dispatcher. */
export type Outcome =
  | { readonly kind: "result"; readonly result: object | RawJson; readonly sessionId?: string }
  | { readonly kind: "error"; readonly error: RpcError }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** The parameters of one request, an object (`{}` when absent). */
export interface MethodCall {
  readonly id: RequestId;
  readonly params: JsonObject;
}

/** A method of the protocol. */
export interface Method<C, P> {
  /**
   * Who checks the session: the dispatcher, before the method runs; the method itself, which runs
   * only with an object of parameters and a well-formed session id; or nobody, as it opens one.
   */
  readonly session: "dispatcher" | "method" | "opens";
  readonly run: (exchange: Exchange<C, P>, call: MethodCall) => Promise<Outcome>;
}

/** The methods of a server by name. */
export type MethodTable<C, P> = ReadonlyMap<string, Method<C, P>>;
