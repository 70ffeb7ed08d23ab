import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";

/** A request that can be routed, or why it cannot. */
export type Incoming =
  | {
      readonly kind: "request";
      readonly method: string;
      readonly path: string;
      readonly url: string;
      readonly init: RequestInit;
    }
  | { readonly kind: "malformed"; readonly problem: string };

/** convex-backend drops the bodies of these (`ExtractHttpRequestMetadata`). */
const BODILESS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Host names, IPv4 and IPv6 literals with a port: nothing that could move the path, and no list of several. */
const HOST = /^[\w.\-[\]:]+$/;

/** What the platform builds `request.url` from: the Host header, and no forwarded scheme here. */
function urlOf(target: string, headers: Headers): URL | null {
  // Not `request.headers.host`: Node keeps the first of several, which RFC 9112 section 3.2 has refused.
  const host = headers.get("host") ?? "";
  if (!HOST.test(host) || !target.startsWith("/")) return null;
  const url = `http://${host}${target}`;
  return URL.canParse(url) ? new URL(url) : null;
}

function headersOf(request: IncomingMessage): Headers | null {
  const headers = new Headers();
  try {
    const { rawHeaders } = request;
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
      headers.append(rawHeaders[index] ?? "", rawHeaders[index + 1] ?? "");
    }
    return headers;
  } catch {
    return null;
  }
}

function bodyOf(request: IncomingMessage): RequestInit {
  const hasBody =
    request.headers["transfer-encoding"] !== undefined ||
    Number(request.headers["content-length"] ?? 0) > 0;
  if (!hasBody || BODILESS.has(request.method ?? "")) return {};
  const body = Readable.toWeb(request) as ReadableStream<Uint8Array>;
  // `duplex` is required by fetch for streamed bodies, and absent from the DOM types.
  return { body, duplex: "half" } as RequestInit;
}

/** Reads the head of a request; its body streams. */
export function readIncoming(request: IncomingMessage, signal: AbortSignal): Incoming {
  const method = request.method ?? "GET";
  const headers = headersOf(request);
  if (headers === null) {
    return { kind: "malformed", problem: "Expected names and values that HTTP allows in headers." };
  }
  const url = urlOf(request.url ?? "", headers);
  if (url === null) {
    const problem =
      'Expected one Host header with a host name, and a target that starts with "/", such as "GET /mcp".';
    return { kind: "malformed", problem };
  }
  const [path = "/"] = (request.url ?? "/").split("?");
  const init: RequestInit = { method, headers, signal, ...bodyOf(request) };
  return { kind: "request", method, path, url: url.href, init };
}
