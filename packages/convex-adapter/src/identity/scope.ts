import type { GenericActionCtx, GenericDataModel, UserIdentity } from "convex/server";
import type { Resource } from "./refusals.ts";

/** What the platform knows of an HTTP request beside its headers. */
export interface RequestMetadata {
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
  /** The raw JWT, once the platform has verified it. */
  readonly authToken: string | null;
}

/** One HTTP request, from the side of Convex. The protocol core carries it and never looks inside. */
export interface RequestScope {
  readonly ctx: GenericActionCtx<GenericDataModel>;
  readonly resource: Resource;
  readonly metadata: RequestMetadata;
  /** As the caller, or a proxy, wrote them. */
  readonly headers?: Headers | undefined;
  /** What `loadContext` returns, read at most once. */
  readonly load: (identity: UserIdentity | null) => Promise<unknown>;
}

/** Read once a request, before the first `authorize`. */
export type LoadContext = (
  ctx: GenericActionCtx<GenericDataModel>,
  identity: UserIdentity | null,
) => unknown;

/** Puts together what one request has, reading the platform's metadata. */
export async function createRequestScope(
  ctx: GenericActionCtx<GenericDataModel>,
  resource: Resource,
  loadContext: LoadContext | undefined,
  headers?: Headers,
): Promise<RequestScope> {
  let loaded: Promise<unknown> | undefined;
  return {
    ctx,
    resource,
    metadata: await requestMetadata(ctx),
    headers,
    load: (identity) => (loaded ??= Promise.resolve(loadContext?.(ctx, identity))),
  };
}

const NOTHING: RequestMetadata = { ip: null, userAgent: null, requestId: null, authToken: null };

/** Reads the platform's metadata; an older backend has none, and then nothing is known. */
export async function requestMetadata(
  ctx: GenericActionCtx<GenericDataModel>,
): Promise<RequestMetadata> {
  const { meta } = ctx as { meta?: { getRequestMetadata?: () => Promise<RequestMetadata> } };
  try {
    return (await meta?.getRequestMetadata?.()) ?? NOTHING;
  } catch {
    // A client library that knows the call, on a backend that does not.
    return NOTHING;
  }
}
