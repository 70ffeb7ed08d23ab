import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { createEndpoint } from "./endpoint.ts";
import type { Stores } from "./stores.ts";

/** Options of {@link startNodeServer}. */
export interface NodeServerOptions {
  /** 0 takes any port that is free. */
  readonly port: number;
  readonly stores: Stores;
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A server that listens. */
export interface NodeServer {
  /** What MCP clients are given. */
  readonly url: string;
  /** Ends every connection, and closes the stores. */
  readonly close: () => Promise<void>;
}

/** Serves the fixtures on this machine's loopback address, at `/mcp`. Rejects when the port is taken. */
export async function startNodeServer(options: NodeServerOptions): Promise<NodeServer> {
  const { stores, onError = console.error } = options;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const url = `http://localhost:${(server.address() as AddressInfo).port}/mcp`;
  // Work that goes on when the stores are closed fails, and nobody minds.
  const report = (error: unknown) => (server.listening ? onError(error) : undefined);
  const handle = createEndpoint({ url, stores, onError: report });
  server.on("request", (incoming: IncomingMessage, outgoing: ServerResponse) => {
    answer(incoming, outgoing, (request) => handle(request, undefined)).catch(report);
  });
  return {
    url,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      stores.close();
    },
  };
}

/** Answers a request of Node's http with a web handler; what the handler throws is rejected. */
export async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handle: (request: Request) => Promise<Response>,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort());
  const request = toRequest(incoming, gone.signal);
  if (request?.url.split("?")[0]?.endsWith("/mcp") !== true) {
    return void outgoing.writeHead(request ? 404 : 400).end();
  }
  const { status, headers, body } = await handle(request);
  if (gone.signal.aborted) return body?.cancel();
  outgoing.writeHead(status, Object.fromEntries(headers));
  if (body === null) return void outgoing.end();
  outgoing.flushHeaders();
  try {
    // Cancels the body when the client leaves (of a web stream, pipeline would wait for more first).
    await pipeline(Readable.fromWeb(body as ReadableStream<Uint8Array>), outgoing);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
}

/** The request as the handler knows it; `undefined` when its host or its headers are none. */
function toRequest(incoming: IncomingMessage, signal: AbortSignal): Request | undefined {
  const { method = "GET", rawHeaders, url = "" } = incoming;
  const headers = new Headers();
  try {
    for (let at = 0; at < rawHeaders.length; at += 2) {
      headers.append(rawHeaders[at] ?? "", rawHeaders[at + 1] ?? "");
    }
    const body = method === "GET" || method === "HEAD" ? null : Readable.toWeb(incoming);
    // `duplex` is required of streamed bodies (fetch standard), and absent from the DOM types.
    const init = { method, headers, body, signal, duplex: "half" } as RequestInit;
    return new Request(new URL(url, `http://${headers.get("host") ?? ""}`), init);
  } catch {
    return undefined;
  }
}
