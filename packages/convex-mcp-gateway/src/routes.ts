import { WELL_KNOWN_PROTECTED_RESOURCE } from "@convex-mcp/auth";
import {
  type GenericActionCtx,
  type GenericDataModel,
  httpActionGeneric,
  type HttpRouter,
} from "convex/server";

/** What a mount answers with. */
export interface Endpoints {
  readonly endpoint: (
    ctx: GenericActionCtx<GenericDataModel>,
    request: Request,
  ) => Promise<Response>;
  readonly metadata: (request: Request, path: string) => Response;
}

/** PUT and PATCH too: a router without a route answers 404, and the right answer is 405. */
const ENDPOINT_METHODS = ["POST", "GET", "DELETE", "OPTIONS", "PUT", "PATCH"] as const;
const METADATA_METHODS = ["GET", "OPTIONS"] as const;

/**
 * Mounts an endpoint with and without a slash at its end, since a redirect loses a POST, and its discovery documents
 * at the path-inserted URLs (RFC 9728 section 3.1) and, for the first mount, at the root.
 *
 * @param prefix - the path of the site before the mount's, as `sitePath` gives it.
 * @throws TypeError when the path is none.
 */
export function registerRoutes(
  http: HttpRouter,
  path: string,
  endpoints: Endpoints,
  prefix = "",
): void {
  if (!/^\/[\w.~/-]*[\w.~-]$/.test(path)) {
    throw new TypeError(`path: expected one such as "/mcp", got ${JSON.stringify(path)}.`);
  }
  const endpoint = httpActionGeneric((ctx, request) => endpoints.endpoint(ctx, request));
  for (const spelling of [path, `${path}/`]) {
    for (const method of ENDPOINT_METHODS)
      http.route({ path: spelling, method, handler: endpoint });
    // With and without what a proxy takes away: a client asks with it, and the proxy may take it from here too.
    for (const before of new Set([prefix, ""])) {
      const at = WELL_KNOWN_PROTECTED_RESOURCE + before + spelling;
      serveMetadata(http, at, spelling, endpoints);
    }
  }
  serveMetadata(http, WELL_KNOWN_PROTECTED_RESOURCE, path, endpoints);
}

/** Where nothing is served yet: of several mounts the first has the root. Routes of a prefix leave room for one of their own. */
function serveMetadata(http: HttpRouter, at: string, path: string, endpoints: Endpoints): void {
  if (http.exactRoutes.has(at)) return;
  const handler = httpActionGeneric(async (_ctx, request) => endpoints.metadata(request, path));
  for (const method of METADATA_METHODS) http.route({ path: at, method, handler });
}
