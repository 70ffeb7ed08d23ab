import type { CachePolicy, Caller, ListRequest } from "../rpc/caller.ts";
import type { Channel } from "../rpc/channel.ts";
import type { Denial } from "../rpc/denial.ts";
import type { Listing } from "../wire/listing.ts";
import type { RawJson } from "../wire/raw.ts";
import type {
  CacheHint,
  Meta,
  ReadResourceResult,
  RequestId,
  Resource,
  ResourceTemplate,
} from "../wire/types.ts";

/** One `resources/read`, its parameters checked for shape. */
export interface ReadRequest {
  readonly id: RequestId;
  /** Foreign: an absolute URI by its look, and no more is known. */
  readonly uri: string;
  readonly meta: Meta | undefined;
  /** To the client, while the resource is read. */
  readonly channel: Channel;
}

/** How a `resources/read` ended. */
export type ReadOutcome =
  | {
      readonly kind: "result";
      readonly result: ReadResourceResult | RawJson;
      /** Default: stale at once, and private. */
      readonly cache?: CacheHint | undefined;
    }
  /** There is none of this URI, or this caller may not know of it. */
  | { readonly kind: "notFound" }
  | Denial;

/** The resources of a server. A rejection is reported to `onError` and answered with an internal error. */
export interface ResourceCatalog<C, P> {
  /** Of the lists. Default: stale at once, and private. */
  readonly cache?: CachePolicy<C, P> | undefined;
  /** What this caller may read, in an order that does not change between two calls. */
  list(caller: Caller<C, P>, request: ListRequest<Resource>): Promise<Listing<Resource>>;
  /** The families of resources that this caller may read, in an order that does not change. */
  templates(
    caller: Caller<C, P>,
    request: ListRequest<ResourceTemplate>,
  ): Promise<Listing<ResourceTemplate>>;
  /** Reads a resource. Checks the session ITSELF when `caller.sessionId` is set. */
  read(caller: Caller<C, P>, request: ReadRequest): Promise<ReadOutcome>;
}
