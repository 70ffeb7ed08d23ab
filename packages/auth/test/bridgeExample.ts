import { createServer, type IncomingMessage } from "node:http";
import { createBridge, memoryBridgeStore } from "@convex-mcp/auth/bridge";

const bridge = createBridge({
  issuer: "https://app.example.com/oauth",
  resources: "https://app.example.com/mcp",
  upstream: {
    issuer: "https://id.example.com",
    authorizationEndpoint: "https://id.example.com/authorize",
    tokenEndpoint: "https://id.example.com/token",
    clientId: "my-app",
    clientSecret: process.env["ID_CLIENT_SECRET"],
    scopes: ["notes:read"],
    extraScopes: ["openid", "offline_access"],
  },
  store: memoryBridgeStore(),
  secrets: [process.env["BRIDGE_SECRET"] ?? ""],
  registration: { allowedRedirects: ["https://claude.ai", "http://localhost"] },
});

async function answer(incoming: IncomingMessage): Promise<Response> {
  const { method = "GET", url = "/", headers, socket } = incoming;
  const body = method === "POST" ? { body: incoming, duplex: "half" } : {};
  const init = { method, headers, ...body } as RequestInit;
  const request = new Request(new URL(url, "https://app.example.com"), init);
  // Behind a proxy, take the address that the proxy reports.
  const address = socket.remoteAddress;
  return (await bridge.handle(request, { address })) ?? new Response(null, { status: 404 });
}

export const server = createServer((incoming, outgoing) => {
  answer(incoming)
    .then(async (response) => {
      outgoing.writeHead(response.status, [...response.headers].flat());
      outgoing.end(await response.text());
    })
    .catch(() => outgoing.writeHead(400).end());
});
