import { verifies } from "@convex-mcp/spec";
import {
  type GenericActionCtx,
  type GenericDataModel,
  httpActionGeneric,
  httpRouter,
  makeFunctionReference,
  type UserIdentity,
} from "convex/server";
import { describe, expect, it } from "vitest";
import {
  defineMcpMutation,
  type DispatchReference,
  McpGateway,
  type McpGatewayOptions,
  requireScopes,
} from "../src/index.ts";
import { components } from "./app/_generated/api.js";

const DOCUMENT = "/.well-known/oauth-protected-resource";
const dispatch = makeFunctionReference<"mutation">("mcp:dispatch") as unknown as DispatchReference;

const options: McpGatewayOptions = {
  serverInfo: { name: "test", version: "1.0.0" },
  tools: [
    defineMcpMutation({
      name: "write",
      description: "Writes.",
      fn: makeFunctionReference<"mutation", Record<string, never>, null>("a:b"),
      args: {},
      metadata: { scopes: ["write", "read"] },
    }),
  ],
  authorize: requireScopes({ implies: { admin: ["write", "read"] } }),
  oauth: { authorizationServers: ["https://issuer.test"] },
  siteUrl: "https://mcp.example.com",
};

/** A gateway, and what it answers to a call of its tool. */
function start(changes: Partial<McpGatewayOptions> = {}) {
  const gateway = new McpGateway(components.mcpGateway, { ...options, ...changes });
  const http = httpRouter();
  gateway.registerRoutes(http, { dispatch });
  const call = async (identity: Partial<UserIdentity> | null, headers = {}) => {
    const ctx = {
      auth: { getUserIdentity: () => Promise.resolve(identity) },
      runMutation: () => Promise.resolve(true),
    } as unknown as GenericActionCtx<GenericDataModel>;
    const { origin } = new URL(changes.siteUrl ?? "https://mcp.example.com");
    const request = new Request(`${origin}/mcp`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "tools/call",
        params: { name: "write" },
      }),
    });
    const { status, headers: answered } = await gateway.handleMcpRequest(ctx, request, {
      dispatch,
    });
    return { status, challenge: answered.get("WWW-Authenticate") ?? "", headers: answered };
  };
  return { gateway, http, call };
}

const scopeIn = (challenge: string) => / scope="([^"]*)"/.exec(challenge)?.[1];
const user = (scope: string) => ({ subject: "ann", issuer: "i", tokenIdentifier: "i|ann", scope });

describe("where the discovery document is", () => {
  const paths = (http: ReturnType<typeof httpRouter>) =>
    http.getRoutes().flatMap(([path, method]) => (method === "GET" ? [path] : []));

  it("is the root and between host and path, for each spelling", () => {
    expect(paths(start().http).filter((path) => path.startsWith(DOCUMENT))).toEqual([
      DOCUMENT,
      `${DOCUMENT}/mcp`,
      `${DOCUMENT}/mcp/`,
    ]);
  });

  it("is before the path of the site too, which a proxy takes from the rest", async () => {
    const { http, gateway, call } = start({ siteUrl: "https://example.com/api/" });
    expect(paths(http)).toContain(`${DOCUMENT}/api/mcp`);
    expect(paths(http)).toContain(`${DOCUMENT}/mcp`);
    const document = await gateway.handleMetadataRequest(new Request("https://x.test/")).json();
    expect(document).toMatchObject({ resource: "https://example.com/api/mcp" });
    const { challenge } = await call(null);
    expect(challenge).toBe(`Bearer resource_metadata="https://example.com${DOCUMENT}/api/mcp"`);
  });

  it("is the first mount's at the root, and each mount's own elsewhere", async () => {
    const { gateway } = start();
    const http = httpRouter();
    http.route({
      pathPrefix: "/",
      method: "GET",
      handler: httpActionGeneric(async () => new Response("page")),
    });
    gateway.registerRoutes(http, { dispatch, path: "/a/mcp" });
    gateway.registerRoutes(http, { dispatch, path: "/b/mcp" });
    for (const path of [DOCUMENT, `${DOCUMENT}/a/mcp`, `${DOCUMENT}/b/mcp`]) {
      expect(http.lookup(path, "GET")?.[2]).toBe(path);
    }
    expect(() => gateway.registerRoutes(http, { dispatch, path: "/a/mcp" })).toThrow();
  });

  it("does not come from the request", async () => {
    const headers = {
      Host: "evil.example",
      "X-Forwarded-Host": "evil.example",
      Forwarded: "host=evil.example",
    };
    const { gateway, call } = start();
    const request = new Request("https://evil.example/.well-known", { headers });
    expect(await gateway.handleMetadataRequest(request).json()).toMatchObject({
      resource: "https://mcp.example.com/mcp",
    });
    const { "X-Forwarded-Host": forwarded } = headers;
    const { challenge } = await call(null, { "X-Forwarded-Host": forwarded });
    expect(challenge).toBe(`Bearer resource_metadata="https://mcp.example.com${DOCUMENT}/mcp"`);
  });

  it("names no offline_access", async () => {
    const oauth = { ...options.oauth!, scopesSupported: ["read", "offline_access"] };
    const { gateway } = start({ oauth });
    const document = await gateway.handleMetadataRequest(new Request("https://x.test/")).json();
    expect(document).toMatchObject({ scopes_supported: ["read"] });
  });
});

describe("the 401", () => {
  const oauth = { ...options.oauth!, initialScopes: ["profile"] };

  it("names no error and no scope to one who sent no token", async () => {
    const { status, challenge } = await start().call(null);
    expect(status).toBe(401);
    expect(challenge).not.toContain("error");
    expect(scopeIn(challenge)).toBeUndefined();
  });

  it("names the few scopes to start with", async () => {
    const { challenge } = await start({ oauth }).call(null);
    expect(scopeIn(challenge)).toBe("profile");
    const bad = await start({ oauth }).call(null, { Authorization: "Bearer x" });
    expect(bad.status).toBe(401);
    expect(scopeIn(bad.challenge)).toBe("profile");
    expect(bad.challenge).toContain('error="invalid_token"');
  });

  it("names those of the operation where strangers come in", async () => {
    const { status, challenge } = await start({ oauth, anonymous: true }).call(null);
    expect(status).toBe(401);
    expect(scopeIn(challenge)).toBe("profile write read");
    expect(challenge).not.toContain("error");
  });

  it("can be read by a page", async () => {
    const { headers } = await start().call(null, { Origin: "http://localhost:6274" });
    expect(headers.get("Access-Control-Allow-Origin")).toBe("http://localhost:6274");
    expect(headers.get("Access-Control-Expose-Headers")).toContain("WWW-Authenticate");
  });

  it("needs scopes that are some", () => {
    const wrong = { ...options.oauth!, initialScopes: ["two words"] };
    expect(() => start({ oauth: wrong })).toThrow(
      /^oauth\.initialScopes\[0\]: expected a scope.*two words/,
    );
  });
});

describe("the 403", () => {
  it("names what the operation needs, and what the token has", async () => {
    const { status, challenge } = await start().call(user("profile read email"));
    expect(status).toBe(403);
    expect(challenge).toContain('error="insufficient_scope"');
    expect(scopeIn(challenge)).toBe("write read email profile");
  });

  it("is the same whatever order the issuer has", async () => {
    const [first, second] = await Promise.all([
      start().call(user("b read a")),
      start().call(user("a b read")),
    ]);
    expect(first.challenge).toBe(second.challenge);
  });

  it("asks for no offline_access, though the token has it", async () => {
    verifies("scope.minimal");
    const { challenge } = await start().call(user("openid offline_access"));
    expect(scopeIn(challenge)).toBe("write read openid");
  });

  it("leaves out what would not fit a header", async () => {
    const many = Array.from({ length: 400 }, (_, index) => `permission:${index}`).join(" ");
    const { challenge } = await start().call(user(many));
    expect(scopeIn(challenge)).toBe("write read");
  });

  it("does not come where a scope includes them", async () => {
    expect((await start().call(user("admin"))).status).not.toBe(403);
  });
});
