import { verifies } from "@convex-mcp/spec";
import { describe, expect, it, vi } from "vitest";
import type { AuditFilter } from "../src/index.ts";
import { internal } from "./app/_generated/api.js";
import { mcp } from "./app/mcp.ts";
import { alice, type Answer, bob, startApp } from "./support/mcp.ts";

/** The audit log as an app's function would read it, newest first. */
async function entries({ t }: ReturnType<typeof startApp>, filter = {}) {
  return (await t.run((ctx) => mcp.listAuditEntries(ctx, { kind: "tool", ...filter }))).entries;
}

async function rows({ t }: ReturnType<typeof startApp>): Promise<number> {
  return t.run(async (ctx) => (await ctx.db.query("rows").collect()).length);
}

const textOf = (answer: Answer) => answer.body?.result?.content[0]?.text;

describe("who may come in", () => {
  it("admits strangers where the mount does, without a session", async () => {
    const { as } = startApp();
    const { answer, session } = await as().initialize();
    expect(answer.status).toBe(200);
    expect(session).toBeUndefined();
    expect(textOf(await as().call("hello"))).toBe("Hello");
  });

  it("answers 401 to everything a stranger sends to a mount that does not, initialize included", async () => {
    verifies("token.everywhere", "challenge.no-error");
    const { as } = startApp();
    const stranger = as(undefined, "/closed/mcp");
    for (const answer of [
      (await stranger.initialize()).answer,
      await stranger.rpc("ping"),
      await stranger.rpc("tools/list"),
      await stranger.call("hello"),
      await stranger.send({ method: "DELETE", headers: { "Mcp-Session-Id": "x" } }),
      await stranger.send({ method: "GET" }),
    ]) {
      expect(answer.status).toBe(401);
      expect(answer.headers.get("WWW-Authenticate")).toBe(
        'Bearer resource_metadata="https://some.convex.site/.well-known/oauth-protected-resource/closed/mcp"',
      );
    }
  });

  it("asks a stranger to sign in for a tool that needs a user", async () => {
    const app = startApp();
    const { as } = app;
    expect((await as().call("subject")).status).toBe(401);
    expect((await as().call("sign_in")).status).toBe(401);
    expect(await as().names()).toContain("sign_in");
    expect(await as(bob).names()).not.toContain("sign_in");
    expect((await as(bob).call("sign_in")).body?.error?.code).toBe(-32602);
    expect(await entries(app)).toHaveLength(1);
  });

  it("never takes a bad Authorization header for a stranger's", async () => {
    const { as } = startApp();
    const headers = { Authorization: "Basic YTpi" };
    const answer = await as().rpc("ping", {}, headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("WWW-Authenticate")).toContain('error="invalid_token"');
    expect((await as().rpc("ping", {}, { Authorization: "Bearer" })).status).toBe(400);
  });

  it("tells an unknown tool, a denied one and one of another's name apart for nobody", async () => {
    verifies("tool.unknown");
    const { as } = startApp();
    const unknown = await as(alice).call("no_such_tool");
    const denied = await as(alice).call("secret");
    expect(unknown.body?.error?.code).toBe(-32602);
    expect(denied.body?.error?.message.replace("secret", "no_such_tool")).toBe(
      unknown.body?.error?.message,
    );
    expect((await as().call("secret")).body?.error?.code).toBe(-32602);
  });

  it("answers 403 with the scopes that a call needs", async () => {
    verifies("scope.challenge", "audit.denied");
    const app = startApp();
    const answer = await app.as(bob).call("remove", { id: "x" });
    expect(answer.status).toBe(403);
    expect(answer.headers.get("WWW-Authenticate")).toMatch(
      /^Bearer .*error="insufficient_scope".*scope="rows:write"/,
    );
    expect(await entries(app)).toMatchObject([
      { outcome: "denied", tool: "remove", subject: "bob", decision: "needScopes: rows:write" },
    ]);
  });
});

describe("a refusal for scopes", () => {
  it("is recorded whatever session the caller names, and without one that is not theirs", async () => {
    const app = startApp();
    const { session = "" } = await app.as(alice).initialize();
    for (const id of [session, "made-up"]) {
      const answer = await app.as(bob).call("remove", { id: "x" }, { "Mcp-Session-Id": id });
      expect(answer.status).toBe(403);
    }
    const refused = { outcome: "denied", decision: "needScopes: rows:write" };
    const found = await entries(app, { subject: "bob" });
    expect(found).toMatchObject([refused, refused]);
    for (const entry of found) {
      expect(entry).not.toHaveProperty("sessionId");
      expect(entry).not.toHaveProperty("clientName");
    }
  });
});

describe("discovery", () => {
  it.each([
    ["/.well-known/oauth-protected-resource/mcp", "https://some.convex.site/mcp"],
    ["/.well-known/oauth-protected-resource/mcp/", "https://some.convex.site/mcp/"],
    ["/.well-known/oauth-protected-resource", "https://some.convex.site/mcp"],
    ["/.well-known/oauth-protected-resource/closed/mcp", "https://some.convex.site/closed/mcp"],
  ])("serves %s", async (path, resource) => {
    verifies("metadata.resource", "metadata.location", "metadata.public");
    const { t } = startApp();
    const response = await t.fetch(path, { headers: { Origin: "http://localhost:6274" } });
    expect(response.headers.get("Access-Control-Allow-Origin")).toBe("http://localhost:6274");
    expect(await response.json()).toMatchObject({
      resource,
      authorization_servers: ["https://issuer.test"],
      scopes_supported: ["rows:write"],
      bearer_methods_supported: ["header"],
    });
  });

  it("names the spelling that was asked for in the challenge", async () => {
    const { as } = startApp();
    const answer = await as(undefined, "/mcp/").call("subject");
    expect(answer.headers.get("WWW-Authenticate")).toContain(
      'resource_metadata="https://some.convex.site/.well-known/oauth-protected-resource/mcp/"',
    );
  });

  it("answers preflights without a token, and refuses foreign origins", async () => {
    const { t } = startApp();
    const preflight = await t.fetch("/closed/mcp", {
      method: "OPTIONS",
      headers: { Origin: "http://localhost:6274", "Access-Control-Request-Method": "POST" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("Access-Control-Expose-Headers")).toContain("WWW-Authenticate");
    const foreign = await t.fetch("/mcp", {
      method: "POST",
      headers: { Origin: "https://evil.example" },
      body: "{}",
    });
    expect(foreign.status).toBe(403);
  });

  it("allows POST of the endpoint, and GET of its discovery document", async () => {
    const { t } = startApp();
    const allowed = async (path: string) => {
      const { headers } = await t.fetch(path, { method: "OPTIONS" });
      return headers.get("Allow");
    };
    expect(await allowed("/mcp")).toBe("POST, DELETE, OPTIONS");
    const document = "/.well-known/oauth-protected-resource";
    for (const path of [document, `${document}/mcp`, `${document}/mcp/`]) {
      expect(await allowed(path)).toBe("GET, HEAD, OPTIONS");
    }
  });

  it.each(["GET", "PUT", "PATCH"])("answers 405 to %s", async (method) => {
    const { t } = startApp();
    expect((await t.fetch("/mcp", { method })).status).toBe(405);
  });
});

describe("calls", () => {
  it("lists what each caller may call", async () => {
    const { as } = startApp();
    expect(await as().names()).not.toContain("add");
    expect(await as(bob).names()).not.toContain("remove");
    expect(await as(alice).names()).toContain("remove");
    expect(await as(alice).names()).not.toContain("secret");
  });

  it("runs a query, a mutation, an action and inline code as the user", async () => {
    const { as } = startApp();
    const { call } = as(alice);
    const result = async (name: string) =>
      (await call(name, { label: "x" })).body?.result?.structuredContent;
    expect(textOf(await call("subject"))).toBe("alice");
    expect(await result("add")).toEqual({ result: expect.any(String) });
    expect(await result("relay")).toEqual({ result: "alice" });
    expect(await result("inline")).toEqual({ subject: "alice", label: "x" });
    expect(await result("count_fresh")).toEqual({ result: 2 });
  });

  it("carries every kind of value there and back", async () => {
    verifies("tool.text-mirror");
    const { as } = startApp();
    const value = {
      text: "é",
      number: 1.5,
      whole: "9223372036854775807",
      flag: true,
      nothing: null,
      data: "AQID",
      list: ["-9223372036854775808", "0"],
      map: { a: 1 },
      either: "b",
      free: { x: [1, null] },
    };
    const answer = await as().call("echo", {
      value: { ...value, list: ["-9223372036854775808", 0] },
    });
    expect(answer.body?.result?.structuredContent).toEqual(value);
    expect(JSON.parse(textOf(answer) ?? "")).toEqual(value);
    expect((await as().call("not_a_number")).body?.result?.structuredContent).toEqual({
      result: "NaN",
    });
  });

  it("returns several content blocks", async () => {
    const { as } = startApp();
    expect((await as().call("picture")).body?.result).toEqual({
      content: [
        { type: "text", text: "A picture:" },
        { type: "image", data: "AQID", mimeType: "image/png" },
        { type: "resource_link", uri: "https://example.com/picture", name: "page" },
      ],
      structuredContent: { data: "AQID", page: "https://example.com/picture" },
    });
  });

  it("sends and records no field that a tool does not declare", async () => {
    const app = startApp();
    const answer = await app.as(alice).call("wide");
    expect(answer.body?.result?.structuredContent).toEqual({ shown: 1, items: [{ shown: 2 }] });
    expect(JSON.stringify([answer.body, await entries(app)])).not.toContain("s3cret");
  });

  it("denies and records what it cannot decide, and says nothing of it", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const app = startApp();
    const answer = await app.as(alice, "/blind/mcp").call("add", { label: "x" });
    expect(answer.body?.error?.code).toBe(-32602);
    expect(JSON.stringify(answer.body)).not.toContain("no roles today");
    expect(await entries(app)).toMatchObject([
      { outcome: "denied", decision: expect.stringContaining("no roles today") },
    ]);
    expect(log).toHaveBeenCalledExactlyOnceWith("loadContext threw.", expect.any(Error));
    log.mockRestore();
  });

  it("names the argument that is wrong and what was expected, without its value", async () => {
    verifies("tool.bad-arguments");
    const app = startApp();
    const answer = await app.as(alice).call("add", { label: 5, $bad: "s3cret", é: 1 });
    expect(answer.body?.result?.isError).toBe(true);
    expect(textOf(answer)).toMatch(/label: expected a string, got an integer/);
    expect(textOf(answer)).not.toContain("s3cret");
    expect(await entries(app)).toMatchObject([{ outcome: "invalid", tool: "add" }]);
  });

  it("says that an id is none, of the right table", async () => {
    const { as } = startApp();
    const answer = await as(alice).call("remove", { id: "not-an-id" });
    expect(textOf(answer)).toContain('id: expected the id of a document in "rows"');
  });

  it("rolls a failing mutation back, keeps its entry and tells no detail", async () => {
    const app = startApp();
    const loud = await app.as(alice).call("add_then_throw", { label: "x", speak: true });
    const quiet = await app.as(alice).call("add_then_throw", { label: "x", speak: false });
    expect(textOf(loud)).toBe("That is too much.");
    expect(quiet.body?.result?.isError).toBe(true);
    expect(JSON.stringify([loud.body, quiet.body])).not.toContain("s3cret");
    expect(await rows(app)).toBe(0);
    expect(await entries(app)).toMatchObject([
      { outcome: "failed", error: expect.stringContaining("internal detail s3cret") },
      { outcome: "failed", errorCode: "TOO_MUCH" },
    ]);
  });

  it("undoes a mutation whose result is not what the tool declares, and says so", async () => {
    verifies("tool.output-conforms");
    const app = startApp();
    const answer = await app.as(alice).call("add_then_lie", { label: "x" });
    expect(textOf(answer)).toContain("Nothing was changed");
    expect(await rows(app)).toBe(0);
    expect(await entries(app)).toMatchObject([{ outcome: "failed", errorCode: "ResultMismatch" }]);
  });

  it("keeps what an action did when it throws, and tells no detail", async () => {
    verifies("tool.internal-error");
    const app = startApp();
    const answer = await app.as(alice).call("explode");
    expect(answer.body?.result?.isError).toBe(true);
    expect(JSON.stringify(answer.body)).not.toContain("s3cret");
    expect(await entries(app)).toMatchObject([{ outcome: "failed", tool: "explode" }]);
  });
});

describe("sessions", () => {
  it("belong to their user, and look like none to everybody else", async () => {
    verifies("session.user-bound", "session.foreign", "session.deleted");
    const { as } = startApp();
    const { session } = await as(alice).initialize();
    const headers = { "Mcp-Session-Id": session ?? "" };
    expect((await as(alice).rpc("ping", {}, headers)).status).toBe(200);
    for (const [who, status] of [
      [as(bob), 404],
      [as(), 404],
    ] as const) {
      expect((await who.rpc("ping", {}, headers)).status).toBe(status);
      expect((await who.rpc("tools/list", {}, headers)).status).toBe(status);
      expect((await who.call("hello", {}, headers)).status).toBe(status);
      expect((await who.call("no_such_tool", {}, headers)).body?.result).toBeUndefined();
      expect((await who.send({ method: "DELETE", headers })).status).toBe(status);
    }
    expect((await as(alice).call("subject", {}, headers)).status).toBe(200);
    expect((await as(alice).send({ method: "DELETE", headers })).status).toBe(204);
    expect((await as(alice).rpc("ping", {}, headers)).status).toBe(404);
    expect((await as(alice).call("subject", {}, headers)).status).toBe(404);
  });

  it("keep a client's name as one line, in the direction it is read", async () => {
    verifies("client.unverified");
    const app = startApp();
    const init = await app.as(alice).rpc("initialize", {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "good\n[ERROR] \u202eclient\u0000 é\ud800", version: "1\r\n" },
    });
    const session = init.headers.get("Mcp-Session-Id") ?? "";
    await app.as(alice).call("subject", {}, { "Mcp-Session-Id": session });
    expect(await entries(app)).toMatchObject([
      { clientName: "good[ERROR] client é", clientVersion: "1" },
    ]);
  });

  it("give entries the client's name", async () => {
    const app = startApp();
    const { session } = await app.as(alice).initialize();
    await app.as(alice).call("subject", {}, { "Mcp-Session-Id": session ?? "" });
    expect(await entries(app)).toMatchObject([
      {
        kind: "tool",
        tool: "subject",
        outcome: "ok",
        subject: "alice",
        issuer: "https://issuer.test",
        clientName: "tester",
        clientVersion: "1.2.3",
        sessionId: session,
        requestId: expect.stringMatching(/^\d+$/),
        args: "{}",
        result: '"alice"',
        argsBytes: 2,
        resultBytes: 7,
        durationMs: expect.any(Number),
        at: expect.any(Number),
      },
    ]);
  });
});

describe("the app's log", () => {
  it("has one line of a request that failed, whatever its method", async () => {
    const { t } = startApp();
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const method = `x\n[ERROR] forged ${"y".repeat(1000)}`;
    const response = await t.action((ctx) => {
      const broken = { ...ctx, runMutation: () => Promise.reject(new Error("no database")) };
      const auth = { getUserIdentity: async () => ({ tokenIdentifier: "a|b" }) };
      const request = new Request("https://some.convex.site/mcp", {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "MCP-Protocol-Version": "2025-11-25",
          "Mcp-Session-Id": "s",
        },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method }),
      });
      const mount = { dispatch: internal.mcp.dispatch };
      return mcp
        .handleMcpRequest({ ...broken, auth } as unknown as typeof ctx, request, mount)
        .then((it) => it.text());
    });
    expect(response).toContain("Internal error");
    const [line] = log.mock.calls[0] as [string];
    log.mockRestore();
    expect(line).toContain("forged");
    expect(line).not.toContain("\n");
    expect(line.length).toBeLessThan(150);
  });
});

describe("the audit log", () => {
  it("keeps what each tool says: verbatim, dropped, or all but secrets", async () => {
    const app = startApp();
    await app.as(alice).call("add", { label: "x" });
    await app.as(alice).call("inline", { label: "x" });
    const [inline, add] = await entries(app);
    expect(add).toMatchObject({ args: '{"label":"x"}', resultBytes: expect.any(Number) });
    expect(add).not.toHaveProperty("result");
    expect(JSON.parse(inline?.result ?? "")).toEqual({ subject: "alice", label: "x" });
  });

  it("cuts an entry that is too big, and never skips it", async () => {
    const app = startApp();
    const label = "x".repeat(600_000);
    expect((await app.as(alice).call("add", { label })).status).toBe(200);
    const [entry] = await entries(app);
    expect(entry).toMatchObject({ outcome: "ok", cut: true });
    expect(entry?.argsBytes).toBeGreaterThan(600_000);
    expect(entry?.args?.length).toBeLessThan(20_000);
    expect(() => JSON.parse(entry?.args ?? "") as unknown).not.toThrow();
  });

  it("keeps no arguments of a tool that nobody declared: how to redact them was never said", async () => {
    verifies("audit.denied");
    const app = startApp();
    await app.as(alice).call("ad", { label: "s3cret" });
    const [entry] = await entries(app);
    expect(entry).toMatchObject({ tool: "ad", outcome: "denied", argsBytes: 18 });
    expect(entry).not.toHaveProperty("args");
  });

  it("writes nothing for a stranger who is refused", async () => {
    const app = startApp();
    await app.as().call("subject");
    await app.as().call("secret");
    await app.as().call("no_such_tool");
    await app.as().call("echo", { value: 1 });
    expect(await entries(app)).toEqual([]);
  });

  it.each(["subject", "issuer", "session"] as const)(
    "lists nothing for a %s that nobody has: a stranger's is not everybody's",
    async (name) => {
      const app = startApp();
      await app.as(alice).call("inline", { label: "a" });
      const filter = { [name]: undefined } as AuditFilter;
      const listed = app.t.run((ctx) => mcp.listAuditEntries(ctx, filter));
      await expect(listed).rejects.toThrow(`expected \`${name}\` to be a string`);
    },
  );

  it("is filtered by tool, subject, outcome and time, page by page", async () => {
    const app = startApp();
    for (const label of ["1", "2", "3"]) await app.as(alice).call("inline", { label });
    await app.as(bob).call("inline", { label: "4" });
    await app.as(bob).call("explode");
    const first = await app.t.run((ctx) => mcp.listAuditEntries(ctx, { tool: "inline", limit: 3 }));
    expect(first.entries).toHaveLength(3);
    const rest = await app.t.run((ctx) =>
      mcp.listAuditEntries(ctx, { tool: "inline", limit: 3, cursor: first.cursor }),
    );
    expect(rest.entries.map(({ subject }) => subject)).toEqual(["alice"]);
    expect(rest.cursor).toBeNull();
    expect(await entries(app, { subject: "bob", outcome: "failed" })).toHaveLength(1);
    expect(await entries(app, { to: 1 })).toHaveLength(0);
    expect(await entries(app, { subject: "bob", issuer: "https://issuer.test" })).toHaveLength(2);
    expect(await entries(app, { subject: "bob", issuer: "https://other.test" })).toHaveLength(0);
  });

  it("undoes a call whose entry cannot be written, and records that", async () => {
    const app = startApp();
    const answer = await app.as(alice, "/strict/mcp").call("add", { label: "x" });
    expect(textOf(answer)).toContain("Nothing was changed");
    expect(JSON.stringify(answer.body)).not.toContain("the log is full");
    expect(await rows(app)).toBe(0);
    expect(await entries(app)).toMatchObject([
      { outcome: "aborted", tool: "add", error: expect.stringContaining("the log is full") },
    ]);
  });

  it("lets it stand where the app says so", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const app = startApp();
    const answer = await app.as(alice, "/lenient/mcp").call("add", { label: "x" });
    expect(answer.body?.result?.isError).toBeUndefined();
    expect(await rows(app)).toBe(1);
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
  });
});
