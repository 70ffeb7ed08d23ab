import { describe, expect, it, vi } from "vitest";
import { sealCaller } from "../../convex-adapter/src/identity/seal.ts";
import { api, components } from "./app/_generated/api.js";
import { keyed, keys } from "./app/keyed.ts";
import { type Answer, startApp } from "./support/mcp.ts";
import { heard, publish, watch } from "./support/watch.ts";

const PATH = "/keyed/mcp";
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const ANN = "resolved:https%3A%2F%2Fopaque.test:ann";
const result = (answer: Answer) => answer.body?.result?.structuredContent;
const textOf = (answer: Answer) => answer.body?.result?.content[0]?.text;

function start() {
  const app = startApp();
  const { rpc, call } = app.as(undefined, PATH);
  return {
    ...app,
    rpc: (token: string, method: string, params?: unknown, headers = {}) =>
      rpc(method, params, { ...bearer(token), ...headers }),
    call: (token: string, name: string, args: unknown = {}, headers = {}) =>
      call(name, args, { ...bearer(token), ...headers }),
    create: (changes: object = {}) =>
      app.t.run((ctx) =>
        keys.createApiKey(ctx, {
          subject: "ann",
          name: "laptop",
          scopes: ["rows:write"],
          ...changes,
        }),
      ),
    list: (subject = "ann") => app.t.run((ctx) => keys.listApiKeys(ctx, { subject })),
    revoke: (key: { id: string; subject?: string }) =>
      app.t.run((ctx) => keys.revokeApiKey(ctx, key)),
    entries: async () => (await app.t.run((ctx) => keyed.listAuditEntries(ctx))).entries,
  };
}

describe("a user whom resolveIdentity knows", () => {
  it("is told to the functions that ask, while the platform knows of nobody", async () => {
    const { call } = start();
    const told = { caller: ANN, platform: false };
    expect(result(await call("opaque-ann", "from_query"))).toEqual(told);
    expect(result(await call("opaque-ann", "from_fresh_query"))).toEqual(told);
    expect(result(await call("opaque-ann", "from_mutation", { label: "x" }))).toEqual(told);
    expect(result(await call("opaque-ann", "from_action"))).toEqual(told);
    expect(textOf(await call("opaque-ann", "from_handler"))).toBe(ANN);
  });

  it("is told to the functions of resources, prompts and completions that ask", async () => {
    const { rpc } = start();
    const ann = async (method: string, params: object) =>
      JSON.stringify((await rpc("opaque-ann", method, params)).body);
    expect(await ann("resources/read", { uri: "who://me" })).toContain(ANN);
    expect(await ann("resources/read", { uri: "who://is/ann" })).toContain("ann it is");
    expect(await ann("resources/read", { uri: "who://is/bob" })).toContain("error");
    const greeting = await ann("prompts/get", { name: "greet", arguments: { word: "Hi" } });
    expect(greeting).toContain("Hi, ann");
    for (const [ref, name] of [
      [{ type: "ref/prompt", name: "greet" }, "word"],
      [{ type: "ref/resource", uri: "who://is/{name}" }, "name"],
    ]) {
      const completed = await ann("completion/complete", { ref, argument: { name, value: "" } });
      expect(completed).toContain('"values":["ann"]');
    }
  });

  it("cannot set that argument there either, and sees nothing of it", async () => {
    const { rpc } = start();
    const mcp = { id: "", token: "", caller: "x" };
    const forged = await rpc("opaque-ann", "prompts/get", {
      name: "greet",
      arguments: { word: "Hi", mcp: JSON.stringify(mcp) },
    });
    expect(forged.body?.error?.code).toBe(-32602);
    const ref = { type: "ref/prompt", name: "greet" };
    const completed = await rpc("opaque-ann", "completion/complete", {
      ref,
      argument: { name: "mcp", value: "" },
    });
    expect(completed.body?.error?.code).toBe(-32602);
    for (const list of ["prompts/list", "resources/list", "resources/templates/list"]) {
      expect(JSON.stringify((await rpc("opaque-ann", list, {})).body)).not.toMatch(/mcp|token/);
    }
  });

  it("hears of a resource that is theirs alone", async () => {
    const app = start();
    const { listen } = watch(app, undefined, PATH, bearer("opaque-ann"));
    const wishes = { resourceSubscriptions: ["who://is/ann", "who://is/bob"] };
    const stream = heard(await listen(wishes));
    const granted = (await stream.next()).params.notifications;
    expect(granted).toEqual({ resourceSubscriptions: ["who://is/ann"] });
    await publish(app, { kind: "resource", uri: "who://is/ann" });
    expect(await stream.news()).toBe("who://is/ann");
    await stream.leave();
  });

  it("is whom the audit log names", async () => {
    const { call, entries } = start();
    await call("opaque-ann", "from_mutation", { label: "x" });
    const [entry] = await entries();
    expect(entry).toMatchObject({
      subject: "ann",
      issuer: "https://opaque.test",
      outcome: "ok",
      decision: "allow",
      args: '{"label":"x"}',
    });
  });

  it("is heard of by an action that talks", async () => {
    const { t } = start();
    const response = await t.fetch(PATH, {
      method: "POST",
      headers: {
        ...bearer("opaque-ann"),
        "Content-Type": "application/json",
        Accept: "application/json, text/event-stream",
      },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "tools/call",
        params: { name: "from_action", _meta: { progressToken: "p" } },
      }),
    });
    const stream = await response.text();
    expect(stream).toContain("notifications/progress");
    expect(stream).toContain("half");
  });

  it("has sessions that nobody of the platform has, whatever their issuer says", async () => {
    const { rpc, as } = start();
    const answer = await rpc("opaque-ann", "initialize", {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "tester", version: "1" },
    });
    const session = { "Mcp-Session-Id": answer.headers.get("Mcp-Session-Id") ?? "" };
    expect((await rpc("opaque-ann", "ping", {}, session)).status).toBe(200);
    expect((await rpc("opaque-bob", "ping", {}, session)).status).toBe(404);
    for (const user of [
      { issuer: "https://opaque.test", subject: "ann" },
      { issuer: "resolved:https%3A%2F%2Fopaque.test", subject: "ann" },
    ]) {
      expect((await as(user, PATH).rpc("ping", {}, session)).status).toBe(404);
    }
  });

  it("is the platform's where the platform knows the token", async () => {
    const { as } = start();
    const alice = as({ subject: "alice" }, PATH);
    const answer = await alice.call("from_query", {}, bearer("opaque-ann"));
    expect(result(answer)).toEqual({ caller: "https://issuer.test|alice", platform: true });
  });
});

describe("a stream of changes", () => {
  it.each([
    ["a token with `exp`", async () => "opaque-brief"],
    [
      "an API key",
      async ({ create }: ReturnType<typeof start>) =>
        (await create({ expiresInDays: 1.5 / 86_400 })).key,
    ],
  ])("ends with %s", async (_, token) => {
    const app = start();
    const opened = performance.now();
    const { listen } = watch(app, undefined, PATH, bearer(await token(app)));
    const text = await (await listen({ toolsListChanged: true })).text();
    expect(text).toContain('"resultType":"complete"');
    expect(performance.now() - opened).toBeLessThan(6_000);
  });
});

describe("a token that nobody accepts", () => {
  it.each([
    ["opaque-evil", "No."],
    ["nobody", "expired, malformed"],
    ["something-else", "expired, malformed"],
  ])("%s is 401", async (token, description) => {
    const { rpc } = start();
    const answer = await rpc(token, "tools/list");
    expect(answer.status).toBe(401);
    const challenge = answer.headers.get("WWW-Authenticate");
    expect(challenge).toContain('error="invalid_token"');
    expect(challenge).toContain(description);
    expect(challenge).not.toContain(token);
  });

  it.each(["down", "throw"])("that could not be judged, %s, is 503", async (token) => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const { rpc } = start();
    const answer = await rpc(token, "tools/list");
    expect(answer.status).toBe(503);
    expect(answer.headers.get("Retry-After")).toBe("5");
    expect(answer.headers.get("WWW-Authenticate")).toBeNull();
    expect(JSON.stringify(answer.body)).not.toMatch(/no answer|a bug/);
    expect(log).toHaveBeenCalled();
    log.mockRestore();
  });
});

describe("the argument mcp", () => {
  it("is no client's to see or to set", async () => {
    const { rpc, call } = start();
    const listed = await rpc("opaque-ann", "tools/list", {});
    expect(JSON.stringify(listed.body)).not.toMatch(/mcp|token/);
    const forged = await call("opaque-ann", "from_query", {
      mcp: { id: "", token: "", caller: "x" },
    });
    expect(forged.body?.result?.isError).toBe(true);
    expect(result(forged)).toBeUndefined();
  });

  it("is believed as the gateway made it, in public functions too", async () => {
    const { t, call } = start();
    expect(textOf(await call("opaque-ann", "from_public"))).toBe("ann");
    const who = (caller?: string) =>
      t.query(api.whoami.fromPublic, {
        mcp: { id: "", token: "", ...(caller === undefined ? {} : { caller }) },
      });
    expect(await who()).toBeNull();
    const secret = await t.run((ctx) => ctx.runQuery(components.mcpGateway.secrets.read, {}));
    const user = { tokenIdentifier: ANN, subject: "ann", issuer: "https://opaque.test" };
    const sealed = await sealCaller(secret ?? "", user);
    expect(await who(sealed)).toBe("ann");
    const others = [
      "",
      "x",
      sealed.replace('"ann"', '"bob"'),
      sealed.replace(/^./, (digit) => (digit === "0" ? "1" : "0")),
      sealed.slice(65),
      `${"0".repeat(64)}.${sealed.slice(65)}`,
      await sealCaller("another secret", user),
    ];
    for (const forged of others) await expect(who(forged)).rejects.toThrow(/as the gateway made/);
    vi.useFakeTimers({ now: Date.now() + 25 * 60 * 60_000, toFake: ["Date"] });
    await expect(who(sealed)).rejects.toThrow(/as the gateway made/);
    vi.useRealTimers();
  });
});

describe("an API key", () => {
  it("is its owner's, within its scopes", async () => {
    const { call, create, entries } = start();
    const { key, id } = await create();
    const { key: narrow } = await create({ scopes: [] });
    expect(result(await call(key, "from_mutation", { label: "x" }))).toEqual({
      caller: `resolved:apikey%3A${id}:ann`,
      platform: false,
    });
    expect((await entries())[0]).toMatchObject({ subject: "ann", issuer: `apikey:${id}` });
    const refused = await call(narrow, "from_mutation", { label: "x" });
    expect(refused.status).toBe(403);
  });

  it("is stored by its hash, and shown once", async () => {
    const { t, create, list } = start();
    const { key, start: begin, id } = await create();
    expect(key.startsWith(begin)).toBe(true);
    const listed = await list();
    expect(listed).toMatchObject([{ id, start: begin, name: "laptop", scopes: ["rows:write"] }]);
    expect(listed[0]).not.toHaveProperty("hash");
    expect(listed[0]).not.toHaveProperty("lastUsedAt");
    expect(JSON.stringify(listed)).not.toContain(key);
    expect(await list("bob")).toEqual([]);
    const stored = await t.run(async (ctx) => keys.listApiKeys(ctx, { subject: "ann" }));
    expect(JSON.stringify(stored)).not.toContain(key.slice(-20));
  });

  it("says when it was used, to the hour", async () => {
    const { call, create, list } = start();
    const { key } = await create();
    await call(key, "from_query");
    const [first] = await list();
    expect(Date.now() - (first?.lastUsedAt ?? 0)).toBeLessThan(60_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await call(key, "from_query");
    expect((await list())[0]?.lastUsedAt).toBe(first?.lastUsedAt);
  });

  it("ends when it is revoked, by its owner or by one who names nobody", async () => {
    const { call, create, revoke, list } = start();
    const { key, id } = await create();
    expect(await revoke({ id, subject: "bob" })).toBe(false);
    expect((await call(key, "from_query")).status).toBe(200);
    expect(await revoke({ id, subject: "ann" })).toBe(true);
    expect(await revoke({ id, subject: "ann" })).toBe(false);
    expect((await call(key, "from_query")).status).toBe(401);
    expect(await list()).toEqual([]);
    const second = await create();
    expect(await revoke({ id: second.id })).toBe(true);
    expect(await revoke({ id: "nonsense" })).toBe(false);
  });

  it.each([
    ["by its owner", { subject: "ann" }],
    ["by an administrator", {}],
  ])("ends its streams at once when it is revoked %s, and no others", async (_by, who) => {
    const app = start();
    const [revoked, other] = [await app.create(), await app.create()];
    const open = async (key: string) =>
      heard(await watch(app, undefined, PATH, bearer(key)).listen({ toolsListChanged: true }));
    const [stream, kept] = [await open(revoked.key), await open(other.key)];
    await Promise.all([stream.next(), kept.next()]);
    await app.revoke({ id: revoked.id, ...who });
    await publish(app, { kind: "tools" });
    expect(await kept.news()).toBe("tools");
    expect((await stream.next())?.result).toMatchObject({ resultType: "complete" });
    await Promise.all([stream.leave(), kept.leave()]);
  });

  it("is one of a user's, who has no more of a limit for having several", async () => {
    const { as, create, revoke } = start();
    const { call } = as(undefined, "/rationed/mcp");
    const ask = async (key: string) => (await call("from_query", {}, bearer(key))).status;
    const first = await create();
    expect([await ask(first.key), await ask((await create()).key)]).toEqual([200, 200]);
    await revoke({ id: first.id });
    expect(await ask((await create()).key)).toBe(429);
    expect(await ask((await create({ subject: "bob" })).key)).toBe(200);
    // Of the same name at the issuer of other tokens: whose that is nobody knows.
    expect(await ask("opaque-ann")).toBe(200);
  });

  it("is nobody's to revoke who is not known", async () => {
    const { call, create, revoke } = start();
    const { key, id } = await create();
    // What an app has of a stranger: `{ subject: identity?.subject }`.
    const stranger = { id, subject: undefined } as unknown as { id: string };
    await expect(revoke(stranger)).rejects.toThrow(/^subject: expected/);
    expect((await call(key, "from_query")).status).toBe(200);
  });

  it("ends when it expires", async () => {
    const { call, create, list } = start();
    const { key } = await create({ expiresInDays: 1e-9 });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const answer = await call(key, "from_query");
    expect(answer.status).toBe(401);
    expect(answer.headers.get("WWW-Authenticate")).toContain("unknown, expired or revoked");
    expect(await list()).toEqual([]);
  });

  it("is one that exists, and no other of its form", async () => {
    const { call, create } = start();
    const { key } = await create();
    const last = key.endsWith("A") ? "B" : "A";
    expect((await call(key.slice(0, -1) + last, "from_query")).status).toBe(401);
  });

  it("is one of at most 50 of a user", async () => {
    const { create, revoke } = start();
    const { id } = await create();
    for (let made = 1; made < 50; made++) await create();
    await expect(create()).rejects.toThrow(/has 50 API keys/);
    await create({ subject: "bob" });
    await revoke({ id });
    await create();
  });

  it.each([
    ["subject", { subject: "" }],
    ["name", { name: "" }],
    ["name", { name: "x".repeat(129) }],
    ["scopes", { scopes: ["two words"] }],
    ["scopes", { scopes: "rows:write" }],
    ["expiresInDays", { expiresInDays: 0 }],
    ["expiresInDays", { expiresInDays: 367 }],
    ["expiresInDays", { expiresInDays: Number.NaN }],
  ])("needs a right %s: %j", async (option, changes) => {
    await expect(start().create(changes)).rejects.toThrow(new RegExp(`^${option}: expected`));
  });
});
