import type { Refusal } from "../wire/errors.ts";
import { foreignOrigin, isAllowedOrigin } from "./origin.ts";
import type { OriginPolicy } from "./origin.ts";

/** What `OPTIONS` and 405 answer in `Allow`. GET is absent: most servers open no stream of their own. */
export const allowedMethods = "POST, DELETE, OPTIONS";

/**
 * The headers that let a page of an allowed origin read a response, refusals included. The origin is
 * echoed rather than `*`, hence `Vary`: an answer to one origin must not be served to another.
 */
export function corsHeaders(request: Request, policy: OriginPolicy): Record<string, string> {
  return judgeOrigin(request, policy).cors;
}

/** The headers that no page needs, or may have. */
const unreadable = { vary: "Origin" };

/** The same headers, and the refusal of a page that the policy does not allow. */
export function judgeOrigin(
  { headers }: Request,
  policy: OriginPolicy,
): { readonly cors: Record<string, string>; readonly refusal?: Refusal } {
  const origin = headers.get("origin");
  if (origin === null) return { cors: unreadable };
  if (!isAllowedOrigin(origin, policy)) {
    return { cors: unreadable, refusal: foreignOrigin(origin) };
  }
  const cors = {
    vary: "Origin",
    "Access-Control-Allow-Origin": origin,
    // What a page could not read otherwise, and a client needs: the challenge that starts a sign-in,
    // the session, the revision, and when to come back.
    "Access-Control-Expose-Headers":
      "WWW-Authenticate, Mcp-Session-Id, MCP-Protocol-Version, Retry-After",
  };
  return { cors };
}

/**
 * The answer to `OPTIONS`: unauthenticated, for a browser asks before it sends the token. An origin
 * that the policy does not allow gets 403.
 *
 * @param methods - what may be asked of this URL. Default: what an MCP endpoint answers.
 */
export function preflight(
  request: Request,
  policy: OriginPolicy,
  methods: string = allowedMethods,
): Response {
  const { cors: headers, refusal } = judgeOrigin(request, policy);
  if (refusal) return new Response(null, { status: 403, headers });
  return new Response(null, {
    status: 204,
    headers: {
      ...headers,
      Allow: methods,
      // A page may send GET, unnamed here as well, and read its 405 (Fetch, CORS-safelisted method).
      "Access-Control-Allow-Methods": methods,
      // Spelled out: the wildcard does not cover Authorization (Fetch, CORS-unsafe header names).
      "Access-Control-Allow-Headers": [allowedHeaders, ...mirrorsAsked(request)].join(", "),
      "Access-Control-Max-Age": "7200",
    },
  });
}

const allowedHeaders =
  "Authorization, Content-Type, Accept, MCP-Protocol-Version, Mcp-Session-Id, Mcp-Method, Mcp-Name, Last-Event-ID";

// Their names are the tools' own (2026-07-28, x-mcp-header).
function mirrorsAsked({ headers }: Request): readonly string[] {
  const asked = headers.get("access-control-request-headers") ?? "";
  return asked.split(/ *, */).filter((name) => /^mcp-param-[!#$%&'*+\-.^`|~\w]+$/i.test(name));
}
