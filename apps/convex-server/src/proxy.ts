import { createServer, request } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream";

/** A proxy that listens. */
export interface Proxy {
  /** `http://localhost:PORT`. */
  readonly url: string;
  /** Says where requests go; before, there is nothing to answer them. */
  readonly forward: (url: string) => void;
  /** Ends every connection. */
  readonly close: () => Promise<void>;
}

/** Hands requests on as they come, to the letter, with a token: for clients that cannot sign in. */
export async function startProxy(port: number, token: string): Promise<Proxy> {
  let target: string | undefined;
  const server = createServer((incoming, outgoing) => {
    if (target === undefined) outgoing.writeHead(503).end();
    else handOn(target, token, incoming, outgoing);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    forward: (url) => {
      target = url;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function handOn(
  target: string,
  token: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  const { method, url, rawHeaders } = incoming;
  const { port } = new URL(target);
  const headers = [...rawHeaders, "Authorization", `Bearer ${token}`];
  const sent = request({ host: "127.0.0.1", port, method, path: url, headers });
  // Who breaks off on one side breaks off on the other.
  sent.on("error", () => outgoing.destroy());
  outgoing.once("close", () => sent.destroy());
  incoming.pipe(sent);
  sent.once("response", (response) => {
    outgoing.writeHead(response.statusCode ?? 502, response.rawHeaders);
    outgoing.flushHeaders();
    pipeline(response, outgoing, (error) => error && outgoing.destroy());
  });
}
