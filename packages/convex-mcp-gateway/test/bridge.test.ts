import { verifies } from "@convex-mcp/spec";
import { httpRouter } from "convex/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  authorizeUrl,
  connected,
  createBrowser,
  ISSUER,
  postForm,
  redeemCode,
  refreshWith,
  registerClient,
  RESOURCE,
  signIn,
  ticketOf,
} from "../../auth/test/support/bridge.ts";
import { type BridgeUser, McpGateway, requireScopes } from "../src/index.ts";
import type { World as AuthWorld } from "../../auth/test/support/bridge.ts";
import { createWorld, makeBridge, type World } from "./support/bridge.ts";
import { startApp } from "./support/mcp.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("mcpBridge", () => {
  it.each([
    [
      "the path",
      { path: "oauth/" },
      /^mcpBridge: path: expected one such as "\/oauth", got "oauth\/"\.$/,
    ],
    [
      "a short secret",
      { secrets: ["short"] },
      /^mcpBridge: MCP_BRIDGE_SECRET is not set, or too short/,
    ],
    ["no secret", { secrets: undefined }, /npx convex env set MCP_BRIDGE_SECRET/],
    [
      "no client",
      { upstream: { clientId: undefined } },
      /^mcpBridge: MCP_BRIDGE_CLIENT_ID is not set/,
    ],
    [
      "an endpoint",
      { upstream: { tokenEndpoint: "http://id.example.com/" } },
      /^mcpBridge: upstream\.tokenEndpoint: /,
    ],
    ["a limit", { registration: { total: 0 } }, /^mcpBridge: registration\.total: /],
    ["a rate", { registration: { totalHourly: 0.5 } }, /^mcpBridge: registration\.totalHourly: /],
    ["a header", { trustedProxyHeader: "X For" }, /^mcpBridge: expected trustedProxyHeader to be/],
    ["no header", { trustedProxyHeader: null }, /^mcpBridge: expected trustedProxyHeader to be/],
  ])("refuses %s when it is made", (_what, changes, message) => {
    expect(() => makeBridge(changes as object)).toThrow(message);
  });

  it("reads credentials and several secrets from the environment", async () => {
    vi.stubEnv("MCP_BRIDGE_CLIENT_ID", "bridge");
    vi.stubEnv("MCP_BRIDGE_CLIENT_SECRET", "upstream secret");
    const [older, newer] = ["o".repeat(32), "n".repeat(32)];
    const options = {
      secrets: undefined,
      upstream: { clientId: undefined, clientSecret: undefined },
    };
    vi.stubEnv("MCP_BRIDGE_SECRET", older);
    const world = createWorld(options);
    const { id, refresh } = await connected(world);
    // The grant was sealed before there was a newer secret.
    vi.stubEnv("MCP_BRIDGE_SECRET", `${newer}\n${older}`);
    const later = makeBridge(options);
    const grants = await world.t.run((ctx) => later.listBridgeGrants(ctx, { subject: "ann" }));
    expect(grants).toMatchObject([{ clientId: id, scopes: ["notes:read", "notes:write"] }]);
    expect((await refreshWith(world, id, refresh)).status).toBe(200);
  });

  it("is refused by a gateway that asks for what it does not know", () => {
    const bridge = makeBridge();
    const gateway = (oauth: object) =>
      new McpGateway({} as never, {
        serverInfo: { name: "x", version: "1" },
        tools: [],
        authorize: requireScopes(),
        oauth: oauth as never,
      });
    expect(() => gateway({ bridge, initialScopes: ["other"] })).toThrow(
      'oauth.bridge: expected its upstream.scopes to have "other", which tools, features or oauth name.',
    );
    expect(() => gateway({ bridge, authorizationServers: ["https://x.test"] })).toThrow(/got both/);
    expect(() => gateway({})).toThrow(/oauth\.authorizationServers/);
    expect(() => gateway({ bridge, scopesSupported: ["notes:read"] })).not.toThrow();
  });
});

describe("its routes", () => {
  it("are those of the bridge, for each method that it answers", () => {
    const http = httpRouter();
    makeBridge().registerRoutes(http);
    const paths = [...http.exactRoutes.keys()];
    expect(paths.toSorted()).toEqual([
      "/.well-known/oauth-authorization-server",
      "/.well-known/oauth-authorization-server/oauth",
      "/.well-known/openid-configuration/oauth",
      "/oauth/.well-known/openid-configuration",
      "/oauth/authorize",
      "/oauth/callback",
      "/oauth/consent",
      "/oauth/register",
      "/oauth/revoke",
      "/oauth/token",
    ]);
  });

  it("leave an app's own document at the origin alone, and nothing else", () => {
    const handler = () => undefined;
    const own = (path: string) => {
      const http = httpRouter();
      http.route({ path, method: "GET", handler: handler as never });
      return http;
    };
    const http = own("/.well-known/oauth-authorization-server");
    makeBridge().registerRoutes(http);
    expect(http.exactRoutes.get("/.well-known/oauth-authorization-server")?.size).toBe(1);
    expect(() => makeBridge().registerRoutes(own("/oauth/token"))).toThrow(/\/oauth\/token/);
  });

  it("come with those of the gateway, whose documents name it", async () => {
    const { t } = startApp();
    const site = "https://some.convex.site";
    const read = async (path: string) => (await t.fetch(path)).json();
    const resource = await read("/.well-known/oauth-protected-resource/bridged/mcp");
    expect(resource).toMatchObject({
      resource: `${site}/bridged/mcp`,
      authorization_servers: [`${site}/bridged/oauth`],
      scopes_supported: ["rows:read"],
    });
    for (const path of [
      "/.well-known/oauth-authorization-server",
      "/.well-known/oauth-authorization-server/bridged/oauth",
      "/.well-known/openid-configuration/bridged/oauth",
      "/bridged/oauth/.well-known/openid-configuration",
    ]) {
      expect(await read(path)).toMatchObject({
        issuer: `${site}/bridged/oauth`,
        registration_endpoint: `${site}/bridged/oauth/register`,
      });
    }
    const preflight = await t.fetch("/bridged/oauth/token", { method: "OPTIONS" });
    expect(preflight.status).toBe(204);
    expect((await t.fetch("/bridged/oauth/token")).status).toBe(405);
  });

  it("are behind a proxy that takes a path away, for every mount", async () => {
    const http = httpRouter();
    const bridge = makeBridge();
    const siteUrl = "https://example.com/api";
    bridge.registerRoutes(http, { siteUrl });
    bridge.registerRoutes(http, { siteUrl, path: "/other/mcp" });
    expect(http.exactRoutes.has("/oauth/token")).toBe(true);
    expect(http.exactRoutes.has("/.well-known/oauth-authorization-server/api/oauth")).toBe(true);
    expect(http.exactRoutes.has("/.well-known/oauth-authorization-server/oauth")).toBe(true);
    expect(bridge.issuer(siteUrl)).toBe("https://example.com/api/oauth");
    const wrong = { siteUrl: "https://Example.com" };
    expect(() => makeBridge().registerRoutes(httpRouter(), wrong)).toThrow(/issuer: expected/);
  });

  it("are where they should be, though the path looks like one of theirs", () => {
    const http = httpRouter();
    makeBridge().registerRoutes(http, { siteUrl: "https://example.com/oauth" });
    const document = "/.well-known/oauth-authorization-server";
    for (const path of ["/oauth/oauth/token", "/oauth/token", `${document}/oauth`, document]) {
      expect(http.exactRoutes.has(path)).toBe(true);
    }
    const others = [...http.exactRoutes.keys()].filter(
      (path) => !/^\/(?:oauth|\.well-known)\//.test(path),
    );
    expect(others).toEqual([]);
  });

  it("are on one site: an issuer that is not served would send clients away", () => {
    const http = httpRouter();
    const bridge = makeBridge();
    bridge.registerRoutes(http, { siteUrl: "https://one.example.com" });
    const another = { siteUrl: "https://two.example.com", path: "/other" };
    expect(() => bridge.registerRoutes(http, another)).toThrow(
      "mcpBridge: expected one siteUrl for all that it serves, got https://one.example.com and https://two.example.com.",
    );
  });
});

describe("a sign-in over the component", () => {
  it("goes from registration to refresh and revocation", async () => {
    const world = createWorld();
    const { id, access, refresh } = await connected(world);
    expect(access).toBe("upstream-access-1");
    const renewed = await refreshWith(world, id, refresh);
    expect(renewed.body).toMatchObject({ access_token: "upstream-access-2" });
    const token = String(renewed.body["refresh_token"]);
    expect((await postForm(world, "/revoke", { client_id: id, token })).status).toBe(200);
    expect(world.upstream.revoked).toEqual(["upstream-refresh-2"]);
    expect((await refreshWith(world, id, token)).body).toMatchObject({ error: "invalid_grant" });
  });

  it("is for the endpoints that are mounted, whatever Host says", async () => {
    const world = createWorld();
    const { id } = await registerClient(world);
    const ask = async (resource: string) =>
      (await createBrowser(world).send(await authorizeUrl(id, { resource }))).status;
    expect(await ask(RESOURCE)).toBe(200);
    expect(await ask("https://some.convex.site/mcp")).toBe(400);
    expect(await ask("https://app.example.com/other")).toBe(400);
  });

  it("says nothing in the log of what strangers get wrong, and all of what the provider does", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    const world = createWorld();
    await postForm(world, "/token", { grant_type: "authorization_code" });
    await createBrowser(world).send(`${ISSUER}/callback?state=x&code=y`);
    expect(log).not.toHaveBeenCalled();
    world.upstream.interventions.push(() => new Response("no", { status: 500 }));
    const { id } = await registerClient(world);
    expect((await signIn(world, id)).searchParams.get("error")).toBe("server_error");
    expect(log.mock.calls).toEqual([
      [
        "MCP bridge, callback: The identity provider gave no token.",
        { status: 500, error: undefined },
      ],
    ]);
  });
});

describe("an attacker", () => {
  it("gets nothing for a stolen code, and its owner still does", async () => {
    const world = createWorld();
    const [owner, thief] = [await registerClient(world), await registerClient(world)];
    const code = (await signIn(world, owner.id)).searchParams.get("code") ?? "";
    const stolen = await Promise.all([
      redeemCode(world, thief.id, code),
      redeemCode(world, owner.id, code, { code_verifier: "v".repeat(43) }),
      redeemCode(world, owner.id, code, { redirect_uri: "https://evil.example.net/" }),
    ]);
    for (const { body } of stolen) expect(body).toMatchObject({ error: "invalid_grant" });
    expect((await redeemCode(world, owner.id, code)).status).toBe(200);
  });

  it("ends a sign-in by replaying its code, and gets nothing, however many try at once", async () => {
    const world = createWorld();
    const { id } = await registerClient(world);
    const code = (await signIn(world, id)).searchParams.get("code") ?? "";
    const tries = await Promise.all([1, 2, 3].map(() => redeemCode(world, id, code)));
    expect(tries.filter(({ status }) => status === 200)).toHaveLength(1);
    const refresh = String(tries.find(({ status }) => status === 200)?.body["refresh_token"]);
    expect((await refreshWith(world, id, refresh)).body).toMatchObject({ error: "invalid_grant" });
  });

  it("ends a sign-in by a refresh token that was used, and gets nothing", async () => {
    const world = createWorld({ refreshGraceSeconds: 0 });
    const { id, refresh } = await connected(world);
    const next = String((await refreshWith(world, id, refresh)).body["refresh_token"]);
    expect((await refreshWith(world, id, refresh)).body).toMatchObject({ error: "invalid_grant" });
    expect((await refreshWith(world, id, next)).body).toMatchObject({ error: "invalid_grant" });
    expect(world.upstream.revoked).toHaveLength(1);
  });

  it("gets nothing new by a refresh token that was used a moment ago, and its owner stays signed in", async () => {
    const world = createWorld();
    const { id, refresh } = await connected(world);
    const { body } = await refreshWith(world, id, refresh);
    const { body: again } = await refreshWith(world, id, refresh);
    expect(again).toMatchObject({
      access_token: body["access_token"],
      refresh_token: body["refresh_token"],
    });
    expect((await refreshWith(world, id, String(body["refresh_token"]))).status).toBe(200);
  });

  it("cannot finish another browser's sign-in, with a forged cookie or their own", async () => {
    const world = createWorld();
    const { id } = await registerClient(world);
    const victim = createBrowser(world);
    const ticket = await ticketOf(await victim.send(await authorizeUrl(id)));
    const away = (await victim.press(ticket)).headers.get("location") ?? "";
    const back = world.upstream.signIn(away);
    const attacker = createBrowser(world);
    expect((await attacker.send(back)).status).toBe(400);
    attacker.cookies.set("__Host-mcp-bridge-browser", "A".repeat(43));
    expect((await attacker.send(back)).status).toBe(400);
    expect((await attacker.press(ticket)).status).toBe(400);
    await attacker.send(await authorizeUrl(id));
    expect((await attacker.send(back)).status).toBe(400);
    expect((await victim.send(back)).status).toBe(303);
  });

  it("cannot use at one bridge of an app what another gave, though their secret is the same", async () => {
    const world = createWorld({}, [{ path: "/second" }]);
    const { id, refresh } = await connected(world);
    const refreshAt = async (path: string) => {
      const body = new URLSearchParams({
        grant_type: "refresh_token",
        client_id: id,
        refresh_token: refresh,
      });
      const url = `https://app.example.com${path}/token`;
      return world.send(new Request(url, { method: "POST", body }));
    };
    expect(await (await refreshAt("/second")).json()).toMatchObject({ error: "invalid_grant" });
    expect((await refreshAt("/oauth")).status).toBe(200);
  });

  it("pushes out nobody by a flood of registrations, and none that is used", async () => {
    const world = createWorld({ registration: { perAddress: 3, total: 100 } });
    const used = await connected(world);
    const mine = await registerClient(world, {}, "198.51.100.7");
    for (let index = 0; index < 10; index++) {
      expect((await registerClient(world, {}, "203.0.113.9")).status).toBe(201);
    }
    const known = await world.t.run((ctx) => world.bridge.listBridgeClients(ctx));
    expect(known.clients).toHaveLength(5);
    expect(known.clients.map(({ clientId }) => clientId)).toContain(mine.id);
    expect(known.clients.find(({ clientId }) => clientId === used.id)?.used).toBe(true);
  });
});

describe("a network that registers too often", () => {
  it("is refused, keeps nobody else out, and writes nothing", async () => {
    verifies("bridge.registration-limits");
    const world = createWorld({ registration: { perAddressHourly: 2, totalHourly: 9 } });
    const from = async (address: string) => (await registerClient(world, {}, address)).status;
    for (const address of ["2001:db8:1:1::1", "2001:db8:1:2::1"]) {
      expect(await from(address)).toBe(201);
    }
    const body = JSON.stringify({ redirect_uris: ["https://agent.example.net/cb"] });
    const headers = { "content-type": "application/json" };
    const asked = new Request(`${ISSUER}/register`, { method: "POST", headers, body });
    const refused = await world.send(asked, "2001:db8:1:3::1");
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(1700);
    expect(await refused.json()).toMatchObject({ error: "too_many_requests" });
    expect(await from("2001:db8:2:1::1")).toBe(201);
    expect(await from("192.0.2.9")).toBe(201);
    expect((await world.t.run((ctx) => world.bridge.listBridgeClients(ctx))).clients).toHaveLength(
      4,
    );
  });

  it("is known by the header of a proxy where one is trusted, and else by none", async () => {
    verifies("bridge.registration-limits");
    const limits = { registration: { perAddressHourly: 1 } };
    const from = async (world: World & AuthWorld, forwarded: string) => {
      const headers = { "content-type": "application/json", "x-forwarded-for": forwarded };
      const body = JSON.stringify({ redirect_uris: ["https://agent.example.net/cb"] });
      const request = new Request(`${ISSUER}/register`, { method: "POST", headers, body });
      return (await world.send(request)).status;
    };
    const direct = createWorld(limits);
    expect(await from(direct, "198.51.100.1")).toBe(201);
    expect(await from(direct, "198.51.100.2")).toBe(429);
    const behind = createWorld({ ...limits, trustedProxyHeader: "X-Forwarded-For" });
    expect(await from(behind, "203.0.113.1, 198.51.100.1:4711")).toBe(201);
    expect(await from(behind, "203.0.113.2, 198.51.100.1")).toBe(429);
    expect(await from(behind, "198.51.100.2")).toBe(201);
  });
});

describe("what the app's functions can do", () => {
  it("is to page through clients, newest first", async () => {
    const world = createWorld();
    const ids: string[] = [];
    for (let index = 0; index < 3; index++) {
      ids.unshift((await registerClient(world, { client_name: `Agent ${index}` })).id);
    }
    const list = (page: object) => world.t.run((ctx) => world.bridge.listBridgeClients(ctx, page));
    // Half of an emoji would be no text to Convex, and the page an error.
    const halved = await registerClient(world, { client_name: `${"x".repeat(99)}\u{1f600}` });
    ids.unshift(halved.id);
    expect((await list({ limit: 1 })).clients[0]?.name).toMatch(/\u{1f600}$/u);
    const first = await list({ limit: 2 });
    const second = await list({ limit: 3, cursor: first.cursor });
    expect(second.cursor).toBeNull();
    const all = [...first.clients, ...second.clients];
    expect(all.map(({ clientId }) => clientId)).toEqual(ids);
    expect(all[1]).toEqual({
      clientId: ids[1],
      name: "Agent 2",
      redirectUris: ["https://agent.example.net/callback"],
      used: false,
      registeredAt: expect.any(Number),
      expiresAt: expect.any(Number),
    });
  });

  it("is to show users what they have connected, and to end it, of nobody else", async () => {
    const world = createWorld();
    const { bridge, t } = world;
    const { id, refresh } = await connected(world);
    const list = (subject: string) => t.run((ctx) => bridge.listBridgeGrants(ctx, { subject }));
    const [grant, ...others] = await list("ann");
    expect(others).toEqual([]);
    expect(grant).toEqual({
      id: expect.any(String),
      clientId: id,
      clientName: "Agent",
      resource: RESOURCE,
      scopes: ["notes:read", "notes:write"],
      createdAt: expect.any(Number),
      expiresAt: expect.any(Number),
    });
    expect(await list("bob")).toEqual([]);
    await expect(list("")).rejects.toThrow(/^user: expected a user with a subject/);
    const elsewhere = { subject: "ann", issuer: "https://other.example.com" };
    expect(await t.run((ctx) => bridge.listBridgeGrants(ctx, elsewhere))).toEqual([]);
    const here = { subject: "ann", issuer: "https://id.example.com/" };
    expect(await t.run((ctx) => bridge.listBridgeGrants(ctx, here))).toHaveLength(1);

    const revoke = (user: BridgeUser | "anybody", id = grant?.id ?? "") =>
      t.run((ctx) => bridge.revokeBridgeGrant(ctx, { id, user }));
    expect(await revoke({ subject: "bob" })).toBe(false);
    expect(await revoke(elsewhere)).toBe(false);
    await expect(revoke(undefined as never)).rejects.toThrow(/^user: expected/);
    expect(await revoke({ subject: "ann" }, "no id")).toBe(false);
    expect(await revoke({ subject: "ann" })).toBe(true);
    expect(await revoke({ subject: "ann" })).toBe(false);
    expect((await refreshWith(world, id, refresh)).body).toMatchObject({ error: "invalid_grant" });
  });

  it("is to end all that a user has", async () => {
    const world = createWorld();
    const { bridge, t } = world;
    await connected(world);
    await connected(world);
    const { id, refresh } = await connected(world);
    const end = (subject: string) => t.run((ctx) => bridge.revokeBridgeGrants(ctx, { subject }));
    expect(await end("bob")).toBe(0);
    const [one] = await t.run((ctx) => bridge.listBridgeGrants(ctx, { subject: "ann" }));
    const id0 = one?.id ?? "";
    await t.run((ctx) => bridge.revokeBridgeGrant(ctx, { id: id0, user: "anybody" }));
    expect(await end("ann")).toBe(2);
    expect((await refreshWith(world, id, refresh)).body).toMatchObject({ error: "invalid_grant" });
  });
});

it("hands out the provider's one client in passthrough mode, and stores nothing", async () => {
  const world = createWorld({
    mode: "passthrough",
    secrets: undefined,
    upstream: { clientSecret: undefined },
  });
  expect((await registerClient(world)).id).toBe("bridge");
  const { t, bridge } = world;
  expect((await t.run((ctx) => bridge.listBridgeClients(ctx))).clients).toEqual([]);
  const user = { subject: "ann" };
  expect(await t.run((ctx) => bridge.listBridgeGrants(ctx, user))).toEqual([]);
  // An app that deletes a user calls it whatever the mode.
  expect(await t.run((ctx) => bridge.revokeBridgeGrants(ctx, user))).toBe(0);
});
