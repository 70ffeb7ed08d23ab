import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Authenticator } from "../auth/verify.ts";
import type { App } from "../engine/app.ts";
import { EmbeddedError, stackOf } from "../errors.ts";
import { convexToJson } from "convex/values";
import { dataOf } from "../runtime/failure.ts";
import { noBearer } from "../runtime/invocation.ts";
import { readIncoming } from "./incoming.ts";
import { sendResponse, sendServerError, sendText } from "./outgoing.ts";

/** What requests are answered with, once the app is pushed. */
export interface Site {
  readonly app: Pick<App, "handle">;
  readonly authenticate: Authenticator;
  readonly log: (line: string) => void;
}

/** The listening sockets of an engine. */
export interface HttpServer {
  readonly port: number;
  /** Requests before this are answered 503. */
  serve(site: Site): void;
  readonly close: () => Promise<void>;
}

/** Both addresses of `localhost`, and nothing that other machines could reach. */
const ADDRESSES = ["127.0.0.1", "::1"] as const;
/** Machines without IPv6. */
const NO_ADDRESS = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT"]);

async function answer(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const controller = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) controller.abort();
  });
  const incoming = readIncoming(request, controller.signal);
  if (incoming.kind === "malformed") return sendText(response, 400, incoming.problem);
  const authentication = await site.authenticate(request.headers.authorization);
  const bearer =
    authentication.kind === "valid"
      ? { token: authentication.token, problem: null }
      : authentication.kind === "invalid"
        ? { token: null, problem: authentication.problem }
        : noBearer;
  const result = await site.app.handle({
    ...incoming,
    ip: request.socket.remoteAddress ?? null,
    userAgent: request.headers["user-agent"] ?? null,
    bearer,
    identity: authentication.kind === "valid" ? authentication.identity : null,
  });
  if (result === null) return sendText(response, 404, "No matching routes found");
  await sendResponse(response, result, { withBody: request.method !== "HEAD", log: site.log });
}

function createHandler(site: () => Site | null) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    response.on("error", () => undefined);
    request.on("error", () => undefined);
    const ready = site();
    if (ready === null) return sendText(response, 503, "The app is being pushed. Try again.");
    answer(ready, request, response).catch((thrown: unknown) => {
      const requestId = randomBytes(8).toString("hex");
      const path = (request.url ?? "").split("?")[0];
      ready.log(
        `[${request.method} ${path}] [Request ID: ${requestId}] Uncaught ${stackOf(thrown)}`,
      );
      const data = dataOf(thrown);
      sendServerError(response, requestId, data === undefined ? data : convexToJson(data));
    });
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host, exclusive: true }, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function codeOf(thrown: unknown): string {
  return String((thrown as { code?: unknown } | null)?.code);
}

/**
 * Listens on localhost. Throws `port_in_use` when somebody else does.
 * Port 0 takes any port that is free.
 */
export async function startHttpServer(port: number): Promise<HttpServer> {
  let site: Site | null = null;
  const handler = createHandler(() => site);
  const servers: Server[] = [];
  let chosen = port;
  for (const address of ADDRESSES) {
    const server = createServer(handler);
    // Beyond a number of headers Node drops the rest in silence, a token among them. Their size is limited anyway.
    server.maxHeadersCount = 0;
    try {
      chosen = await listen(server, chosen, address);
      servers.push(server);
    } catch (thrown) {
      if (NO_ADDRESS.has(codeOf(thrown)) && servers.length > 0) continue;
      for (const opened of servers) opened.close();
      if (codeOf(thrown) !== "EADDRINUSE") throw thrown;
      throw new EmbeddedError(
        "port_in_use",
        `Port ${chosen} is in use. Stop what uses it, or set PORT to another one.`,
      );
    }
  }

  async function close(): Promise<void> {
    await Promise.all(
      servers.map((server) => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
      }),
    );
  }

  return {
    port: chosen,
    serve: (ready) => {
      site = ready;
    },
    close,
  };
}
