// oxlint-disable typescript/no-explicit-any -- foreign JSON, as a test reads it
import {
  type GenericActionCtx,
  type GenericDataModel,
  makeFunctionReference,
  type UserIdentity,
} from "convex/server";
import { verifies } from "@convex-mcp/spec";
import { describe, expect, it, vi } from "vitest";
import {
  defineMcpQuery,
  type DispatchReference,
  McpGateway,
  type McpGatewayOptions,
  requireScopes,
} from "../src/index.ts";
import { api, components } from "./app/_generated/api.js";
import { alice, bob, startApp, type User } from "./support/mcp.ts";
import { askable, eventsOf, messagesOf, MODERN, talk } from "./support/talk.ts";
import { declaring, tasker } from "./support/task.ts";

const dispatch = makeFunctionReference<"mutation">("mcp:dispatch") as unknown as DispatchReference;
const json = { "Content-Type": "application/json", Accept: "application/json, text/event-stream" };
const SESSION = { "MCP-Protocol-Version": "2025-11-25" };

describe("a token", () => {
  it("in the query, a cookie or the body is no token", async () => {
    verifies("token.header-only");
    const { t } = startApp();
    const token = "opaque-ann";
    const ask = async (query: string, headers: object, body: object = {}) => {
      const { status, headers: answered } = await t.fetch(`/keyed/mcp${query}`, {
        method: "POST",
        headers: { ...json, ...SESSION, ...headers },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", ...body }),
      });
      return [status, answered.get("WWW-Authenticate")?.includes("error=") ?? false];
    };
    expect(await ask("", { Authorization: `Bearer ${token}` })).toEqual([200, false]);
    // No error: there was no token.
    const stranger = [401, false];
    expect(await ask(`?access_token=${token}`, {})).toEqual(stranger);
    expect(await ask(`?token=${token}#access_token=${token}`, {})).toEqual(stranger);
    expect(
      await ask("", { Cookie: `access_token=${token}; Authorization=Bearer ${token}` }),
    ).toEqual(stranger);
    expect(await ask("", { "X-Authorization": `Bearer ${token}` })).toEqual(stranger);
    const meta = { access_token: token, _meta: { authorization: `Bearer ${token}` } };
    expect(await ask("", {}, { access_token: token, params: meta })).toEqual(stranger);
    // Nor does it help one who has a bad one in the header.
    expect(await ask(`?access_token=${token}`, { Authorization: "Bearer x" })).toEqual([401, true]);
  });

  it("is in no log, whether it is good or bad", async () => {
    verifies("token.not-told");
    const logs = (["log", "info", "warn", "error"] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => {}),
    );
    const app = startApp();
    const { rpc } = app.as(undefined, "/keyed/mcp");
    const tokens = ["opaque-ann", "mcp_made-up-key", "down", "garbled.token.value"];
    const answers = [];
    for (const token of tokens) {
      const headers = { Authorization: `Bearer ${token}` };
      const { body, headers: answered } = await rpc("tools/list", {}, headers);
      answers.push(body, [...answered]);
    }
    const written = JSON.stringify([answers, logs.map(({ mock }) => mock.calls.map(String))]);
    expect(tokens.filter((token) => token.length > 4 && written.includes(token))).toEqual([]);
    for (const log of logs) log.mockRestore();
  });
});

/** Of alice's, as a thief has it: a session, an event of a stream in it, a task, and a round. */
interface Belongings {
  readonly session: string;
  readonly event: string;
  readonly taskId: string;
  readonly round: string;
}

type Attempt = readonly [what: string, path: string, make: (hers: Belongings) => RequestInit];

const requests: readonly Attempt[] = [
  ["initialize", "/talking/mcp", () => rpc("initialize", { protocolVersion: "2025-11-25" })],
  ["a request of a session", "/talking/mcp", ({ session }) => rpc("tools/list", {}, session)],
  ["a call in it", "/talking/mcp", ({ session }) => rpc("tools/call", { name: "talk" }, session)],
  ["a notification", "/talking/mcp", ({ session }) => post({ method: "notifications/x" }, session)],
  [
    "a cancellation",
    "/talking/mcp",
    ({ session }) => post({ method: "notifications/cancelled", params: { requestId: 1 } }, session),
  ],
  ["an answer", "/talking/mcp", ({ session }) => post({ id: "x", result: {} }, session)],
  ["nonsense", "/talking/mcp", ({ session }) => ({ ...post({}, session), body: "{" })],
  [
    "GET",
    "/surviving/mcp",
    ({ session }) => ({ headers: { ...json, ...SESSION, "Mcp-Session-Id": session } }),
  ],
  [
    "GET of an event",
    "/surviving/mcp",
    ({ session, event }) => ({
      headers: { ...json, ...SESSION, "Mcp-Session-Id": session, "Last-Event-ID": event },
    }),
  ],
  [
    "DELETE",
    "/surviving/mcp",
    ({ session }) => ({ method: "DELETE", headers: { ...SESSION, "Mcp-Session-Id": session } }),
  ],
  ["PUT", "/surviving/mcp", () => ({ method: "PUT" })],
  ["server/discover", "/watching/mcp", () => modern("server/discover", {})],
  [
    "subscriptions/listen",
    "/watching/mcp",
    () => modern("subscriptions/listen", { notifications: { toolsListChanged: true } }),
  ],
  [
    "a round that goes on",
    "/talking/mcp",
    ({ round }) =>
      modern("tools/call", { name: "talk", arguments: { ask: true }, requestState: round }),
  ],
  ...["tasks/get", "tasks/update", "tasks/cancel"].map((method): Attempt => [
    method,
    "/members/mcp",
    ({ taskId }) => modern(method, { taskId, inputResponses: {} }),
  ]),
];

function post(message: object, session?: string): RequestInit {
  const named: Record<string, string> = session === undefined ? {} : { "Mcp-Session-Id": session };
  return {
    method: "POST",
    headers: { ...json, ...SESSION, ...named },
    body: JSON.stringify({ jsonrpc: "2.0", ...message }),
  };
}

function rpc(method: string, params: object, session?: string): RequestInit {
  return post({ id: 1, method, params }, session);
}

function modern(method: string, params: Record<string, any>): RequestInit {
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": MODERN,
    "io.modelcontextprotocol/clientCapabilities": declaring,
  };
  const named = params["taskId"] ?? params["name"];
  return {
    method: "POST",
    headers: {
      ...json,
      "MCP-Protocol-Version": MODERN,
      "Mcp-Method": method,
      ...(named === undefined ? {} : { "Mcp-Name": named }),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta } }),
  };
}

async function belongings(app: ReturnType<typeof startApp>): Promise<Belongings> {
  const client = talk(app, alice, "/surviving/mcp");
  const headers = await client.open();
  let event = "";
  const call = await client.call("talk", { ask: false }, { headers });
  for await (const { id } of eventsOf(call)) event ||= id ?? "";
  const asked = (await messagesOf(await client.modern("talk", { ask: true }))).at(-1);
  const work = { name: "slow", arguments: { label: "x" } };
  const { result } = await tasker(app, alice).send("tools/call", work);
  return {
    session: headers["Mcp-Session-Id"] ?? "",
    event,
    round: String(asked.result.requestState),
    taskId: String(result.taskId),
  };
}

describe("a request without a token, or with a bad one", () => {
  it.each(requests)("%s is 401, and nothing is told", async (_, path, make) => {
    verifies("token.everywhere", "token.refused", "challenge.no-error", "token.before-body");
    const app = startApp();
    const hers = await belongings(app);
    expect(Object.values(hers)).not.toContain("");
    expect(Object.values(hers)).not.toContain("undefined");
    const response = await app.t.fetch(path, make(hers));
    expect(response.status).toBe(401);
    const challenge = response.headers.get("WWW-Authenticate") ?? "";
    expect(challenge).toMatch(/^Bearer /);
    expect(challenge).not.toContain("error=");
    const text = await response.text();
    expect(text).not.toMatch(/"result"|alice|data:/);
    const bad = make(hers);
    const headers = { ...(bad.headers as Record<string, string>), Authorization: "Bearer garbled" };
    const refused = await app.t.fetch(path, { ...bad, headers });
    expect(refused.status).toBe(401);
    expect(refused.headers.get("WWW-Authenticate")).toContain('error="invalid_token"');
    expect(await refused.text()).not.toMatch(/"result"|alice|garbled|data:/);
    // What it would have done has not happened.
    const session = { "Mcp-Session-Id": hers.session };
    expect((await app.as(alice, "/surviving/mcp").rpc("ping", {}, session)).status).toBe(200);
  });
});

describe("a request to another host", () => {
  it.each(["POST", "GET", "DELETE", "OPTIONS"])(
    "%s is refused before anybody is asked",
    async (method) => {
      verifies("origin.checked", "origin.before-auth");
      const asked = vi.fn(async () => null);
      const ctx = { auth: { getUserIdentity: asked } } as never;
      const send = (url: string, origin?: string) =>
        gatewayOf({}).handleMcpRequest(
          ctx,
          new Request(url, { method, headers: origin === undefined ? {} : { Origin: origin } }),
          { dispatch },
        );
      // A name of the attacker's that leads to the server, opened in the victim's browser (DNS rebinding).
      const rebound = await send("https://evil.example/mcp", "https://evil.example");
      expect(rebound.status).toBe(403);
      expect(rebound.headers.get("Access-Control-Allow-Origin")).toBeNull();
      expect((await send("https://mcp.example.com/mcp", "https://evil.example")).status).toBe(403);
      expect((await send("https://mcp.example.com/mcp", "null")).status).toBe(403);
      if (method !== "OPTIONS") expect((await send("https://evil.example/mcp")).status).toBe(403);
      expect(asked).not.toHaveBeenCalled();
    },
  );
});

describe("what a thief would have to guess", () => {
  it("is random, and never the same", async () => {
    verifies("session.id", "handle.user-bound");
    const app = startApp();
    const seen: string[] = [];
    for (let round = 0; round < 2; round++) {
      const { session, event, taskId } = await belongings(app);
      seen.push(session, event.replace(/\.\d+$/, ""), taskId);
      const client = talk(app, alice);
      const leaked = (await messagesOf(await client.call("leak"))).at(-1);
      const { id, token } = JSON.parse(leaked.result.content[0].text);
      seen.push(id, token);
      const headers = await client.open();
      for await (const { message } of eventsOf(
        await client.call("talk", { ask: true }, { headers }),
      )) {
        if (message?.method !== "elicitation/create") continue;
        seen.push(message.id);
        await client.answer(message.id, { action: "decline" }, headers);
      }
    }
    expect(seen).toHaveLength(2 * 6);
    expect(new Set(seen).size).toBe(seen.length);
    // Version 4: 122 bits from the platform's generator.
    for (const id of seen)
      expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });
});

describe("a call that is sent again", () => {
  it("under a new id happens once, and tells another user nothing", async () => {
    verifies("retry.idempotent", "handle.user-bound");
    const app = startApp();
    const add = async (user: User, label: string) => {
      const args = { label, idempotencyKey: "k" };
      const { body } = await app.as(user, "/ledger/mcp").call("add_once", args);
      return body?.result?.structuredContent?.["result"];
    };
    const first = await add(alice, "x");
    expect(await add(alice, "x")).toBe(first);
    const theirs = await add(bob, "x");
    expect(theirs).toEqual(expect.any(String));
    expect(theirs).not.toBe(first);
    const rows = await app.t.run((ctx) => ctx.db.query("rows").collect());
    expect(rows.map(({ _id }) => _id)).toEqual([first, theirs]);
  });
});

describe("a session", () => {
  it("of a user is nothing to a stranger, where strangers come in", async () => {
    verifies("session.user-bound");
    const { t, as } = startApp();
    const { session = "" } = await as(alice).initialize();
    const headers = { "Mcp-Session-Id": session };
    const stranger = as();
    expect((await stranger.call("hello")).status).toBe(200);
    expect((await stranger.call("hello", {}, headers)).status).toBe(404);
    expect((await stranger.rpc("ping", {}, headers)).status).toBe(404);
    const end = { method: "DELETE", headers: { ...SESSION, ...headers } };
    expect((await t.fetch("/mcp", end)).status).toBe(404);
    expect((await as(alice).call("hello", {}, headers)).status).toBe(200);
  });
});

/** A gateway of its own, for users with the scopes of its tools. */
function gatewayOf(options: Partial<McpGatewayOptions>): McpGateway {
  return new McpGateway(components.mcpGateway, {
    serverInfo: { name: "test", version: "1.0.0" },
    tools: ["one", "two", "three"].map((name) =>
      defineMcpQuery({
        name,
        description: "Reads.",
        fn: makeFunctionReference<"query", Record<string, never>, null>("a:b"),
        args: {},
        metadata: { scopes: [name] },
      }),
    ),
    authorize: requireScopes(),
    oauth: { authorizationServers: ["https://issuer.test"] },
    siteUrl: "https://mcp.example.com",
    ...options,
  });
}

/** What a gateway of its own answers to a user of these claims. */
function answering(options: Partial<McpGatewayOptions>, path = "/mcp") {
  const gateway = gatewayOf(options);
  return async (identity: Partial<UserIdentity> | "bad", params: object = {}, claims = {}) => {
    const payload = btoa(JSON.stringify(claims)).replaceAll("=", "");
    const ctx = {
      auth: {
        getUserIdentity: () =>
          identity === "bad" ? Promise.reject(new Error("bad")) : Promise.resolve(identity),
      },
      meta: { getRequestMetadata: async () => ({ authToken: `e30.${payload}.x` }) },
      runMutation: async () => true,
    } as unknown as GenericActionCtx<GenericDataModel>;
    const request = new Request(`https://mcp.example.com${path}`, {
      method: "POST",
      headers: { ...json, Authorization: "Bearer token" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params }),
    });
    const response = await gateway.handleMcpRequest(ctx, request, { dispatch, path });
    const { status, headers } = response;
    return { status, headers: [...headers], body: await response.json() };
  };
}

const user = (scope: string) => ({ ...bob, issuer: "i", tokenIdentifier: "i|bob", scope });

describe("a cursor", () => {
  it("of somebody who sees more is of no use", async () => {
    verifies("handle.user-bound");
    const list = answering({ limits: { pageSize: 1 } });
    const names = (answer: { body: unknown }) =>
      JSON.stringify(answer.body).match(/"(one|two|three)"/g);
    const first = await list(user("one two three"));
    const second = await list(user("one two three"), { cursor: first.body.result.nextCursor });
    expect([names(first), names(second)]).toEqual([['"one"'], ['"two"']]);
    const { nextCursor: cursor } = second.body.result;
    expect(names(await list(user("one two"), { cursor }))).toBeNull();
    const stolen = await list(user("one three"), { cursor });
    expect(stolen.body.error.code).toBe(-32602);
    const made = await list(user("one three"), { cursor: "1.bm9uZQ" });
    expect(stolen).toEqual(made);
  });
});

describe("a token for a tenant", () => {
  it("that there is not is refused as another's is", async () => {
    verifies("tenant.no-oracle", "token.audience");
    const acme = answering({ audience: "resource" }, "/acme/mcp");
    const globex = answering({ audience: "resource" }, "/globex/mcp");
    const tokenFor = (tenant: string) => ({ aud: `https://mcp.example.com/${tenant}/mcp` });
    const ask = (tenant: string) => globex(user("one"), {}, tokenFor(tenant));
    expect((await acme(user("one"), {}, tokenFor("acme"))).status).toBe(200);
    expect((await ask("globex")).status).toBe(200);
    const foreign = await ask("acme");
    expect(foreign.status).toBe(401);
    expect(await ask("nobody")).toEqual(foreign);
    expect(await globex(user("one"), {}, {})).toEqual(foreign);
    expect(JSON.stringify(foreign)).not.toContain("acme");
    // Whose issuer there is not, the platform refuses as it does what is garbled.
    const bad = await globex("bad", {}, tokenFor("acme"));
    expect(bad.status).toBe(401);
    expect(await globex("bad", {}, tokenFor("nobody"))).toEqual(bad);
    expect(await globex("bad")).toEqual(bad);
  });
});

describe("a page that a call asks to visit", () => {
  const SITE = { issuer: "https://issuer.test" };
  const visit = ({ t }: ReturnType<typeof startApp>, who: User | undefined, link: string) =>
    (who === undefined ? t : t.withIdentity({ ...SITE, ...who })).mutation(api.linking.visit, {
      link,
    });

  it("is of use to the user of the call alone", async () => {
    verifies("url-mode.same-user");
    const app = startApp();
    const client = talk(app, alice, "/linking/mcp");
    const session = await client.open(askable);
    const messages = [];
    for await (const { message } of eventsOf(
      await client.call("connect", {}, { headers: session }),
    )) {
      messages.push(message);
      if (message?.method !== "elicitation/create") continue;
      const { url } = message.params;
      expect(url).not.toContain("alice");
      const link = new URL(url).searchParams.get("link") ?? "";
      expect(link).toMatch(/^[0-9a-f-]{36}$/);
      expect(await visit(app, undefined, link)).toBe(false);
      expect(await visit(app, bob, link)).toBe(false);
      expect(await visit(app, alice, crypto.randomUUID())).toBe(false);
      await client.answer(message.id, { action: "accept" }, session);
    }
    // The client says that the user agreed to go there, which is not that they were there.
    expect(messages.at(-1).result.content[0].text).toBe("nobody came");
  });

  it("goes on with what they did there", async () => {
    const app = startApp();
    const client = talk(app, alice, "/linking/mcp");
    const asked = (await messagesOf(await client.modern("connect"))).at(-1);
    const [[key, { params }]] = Object.entries<any>(asked.result.inputRequests) as [[string, any]];
    const link = new URL(params.url).searchParams.get("link") ?? "";
    expect(await visit(app, alice, link)).toBe(true);
    const more = {
      requestState: asked.result.requestState,
      inputResponses: { [key]: { action: "accept" } },
    };
    const done = (await messagesOf(await client.modern("connect", {}, { more }))).at(-1);
    expect(done.result.content[0].text).toBe("alice came");
  });
});
