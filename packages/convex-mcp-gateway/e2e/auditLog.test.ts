import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditExport, AuditStatistics, AuditVerification } from "../src/auditLog.ts";
import type { ListedAuditEntry } from "../src/index.ts";
import { type App, call, initialize, request, startApp } from "./support/app.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const path = "/recorded/mcp";
const ISSUER = "https://issuer.test";

let app: App;
let token: string;

beforeAll(async () => {
  app = await startApp();
  token = await app.token("ada");
});

afterAll(() => app.embedded.close());

const run = <T>(name: string, args: object = {}) =>
  app.embedded.run(name, args as never) as Promise<T>;
const others = async (kind: string) =>
  JSON.parse(await run<string>("log:others", { kind })) as ListedAuditEntry[];

describe("function calls of a gateway that records everything", () => {
  const read = request("resources/read", { uri: "looks://well" });
  const completion = request("completion/complete", {
    ref: { type: "ref/prompt", name: "ask" },
    argument: { name: "how", value: "" },
  });
  const prompt = request("prompts/get", { name: "ask", arguments: { how: "well" } });

  it.each([
    ["a query", call("look", { how: "well" }), 1, 1],
    ["a mutation", call("work", { how: "well" }), 1, 1],
    ["an action", call("relay", { label: "x" }), 5, 5],
    ["a read: one more without a session, none in one", read, 2, 2],
    ["a prompt: the same", prompt, 2, 2],
    ["a read of nothing", request("resources/read", { uri: "no://thing" }), 1, 1],
    ["a completion: the same", completion, 2, 2],
    ["a list: one more always", request("tools/list"), 1, 2],
    ["another", request("resources/templates/list"), 1, 2],
    ["initialize", initialize, 1, 1],
  ])("%s", async (_what, message, without, within) => {
    const opened = await app.send(initialize, { path, token });
    const session = opened.headers.get("Mcp-Session-Id") ?? "";
    expect(await app.cost(() => app.send(message, { path, token }))).toBe(without);
    expect(await app.cost(() => app.send(message, { path, token, session }))).toBe(within);
  });

  it("none for a stranger's list", async () => {
    expect(await app.cost(() => app.send(request("tools/list"), { path }))).toBe(0);
  });

  it("one for each refusal of somebody unknown", async () => {
    expect(await app.cost(() => app.send(call("work", { how: "x" }), { path }))).toBe(1);
    expect(await app.cost(() => app.send(request("ping"), { path, token: "bad" }))).toBe(1);
  });
});

describe("what is limited as well", () => {
  const limited = "/logged/mcp";
  const read = request("resources/read", { uri: "papers://hello" });
  const say = (label: string) => request("prompts/get", { name: "say", arguments: { label } });

  it("counts before a read, and records it after", async () => {
    const reader = await app.token("reader");
    const opened = await app.send(initialize, { path: limited, token: reader });
    const session = opened.headers.get("Mcp-Session-Id") ?? "";
    const inIt = { path: limited, token: reader, session };
    expect(await app.cost(() => app.send(read, inIt))).toBe(3);
    expect(await app.cost(() => app.send(say("hello"), inIt))).toBe(2);
    // Beyond the limit: it is counted once here, and once among what was refused.
    expect(await app.cost(() => app.send(read, inIt))).toBe(2);
    expect((await app.send(read, inIt)).status).toBe(429);
    const kept = await Promise.all(["resource", "prompt"].map(others));
    expect(
      kept
        .flat()
        .filter(({ subject }) => subject === "reader")
        .map(({ name, outcome, sessionId }) => [name, outcome, sessionId]),
    ).toEqual([
      ["hello", "ok", session],
      ["say", "ok", session],
    ]);
  });

  it("counts a read that is denied, since it is recorded", async () => {
    const denied = await app.token("denied");
    const ask = () => app.send(say("deny"), { path: limited, token: denied });
    expect(await app.cost(ask)).toBe(1);
    await ask();
    await ask();
    expect((await ask()).status).toBe(429);
    const theirs = (await others("prompt")).filter(({ subject }) => subject === "denied");
    expect(theirs.map(({ outcome, decision }) => [outcome, decision])).toEqual(
      Array.from({ length: 3 }, () => ["denied", "deny: authorize answered false"]),
    );
  });

  it("tells a prompt that asks of one that failed", async () => {
    const asker = await app.token("asker");
    // No session and no stream of 2026-07-28: nobody can be asked.
    await app.send(say("ask"), { path: limited, token: asker });
    const [entry] = (await others("prompt")).filter(({ subject }) => subject === "asker");
    expect([entry?.outcome, entry?.errorCode]).toEqual(["interrupted", "MissingCapability"]);
  });
});

describe("in the background", () => {
  beforeAll(() => app.embedded.advance(10 * MINUTE));

  it("refusals become entries, one for each minute and reason", async () => {
    const entries = await others("auth");
    expect(new Set(entries.map(({ name }) => name))).toEqual(
      new Set(["anonymousCall", "badToken", "rateLimit"]),
    );
    expect(entries.reduce((sum, { count = 0 }) => sum + count, 0)).toBe(5);
  });

  it("entries are sealed and counted", async () => {
    await app.embedded.advance(10 * MINUTE);
    const verified = await run<AuditVerification>("log:verify");
    expect(verified).toMatchObject({ problems: [], unsealable: 0 });
    expect(verified.entries).toBeGreaterThan(20);
    const range = { from: Date.now() - DAY, to: Date.now() + DAY };
    const { totals } = await run<AuditStatistics>("log:statistics", range);
    expect(totals.find(({ name }) => name === "look")).toMatchObject({
      kind: "tool",
      calls: 2,
      outcomes: { ok: 2 },
      latency: { p50: expect.any(Number), max: expect.any(Number) },
    });
  });

  it("a person is taken out, and the chain still verifies", async () => {
    const before = await others("session");
    expect(before.some(({ subject }) => subject === "ada")).toBe(true);
    await run("log:erase", { subject: "ada", issuer: ISSUER });
    await app.embedded.advance(10 * MINUTE);
    expect(JSON.stringify(await others("session"))).not.toContain("ada");
    expect(await others("session")).toHaveLength(before.length);
    expect(await run("log:verify")).toMatchObject({ problems: [] });
  });
});

describe("an export", () => {
  let collector: Server;
  let endpoint: string;
  let status = 200;
  const taken: { url: string; headers: IncomingHttpHeaders; body: string }[] = [];

  beforeAll(async () => {
    collector = createServer((incoming, answer) => {
      let body = "";
      incoming.setEncoding("utf8");
      incoming.on("data", (chunk: string) => (body += chunk));
      incoming.on("end", () => {
        if (status === 200)
          taken.push({ url: incoming.url ?? "", headers: incoming.headers, body });
        answer.writeHead(status, { Location: "/stolen" });
        answer.end("{}");
      });
    });
    await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
    endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  });
  afterAll(() => collector.close());

  const idsOf = (bodies: readonly string[]) =>
    bodies.flatMap((body) =>
      [...body.matchAll(/"convex_mcp.audit.id","value":\{"stringValue":"([^"]+)"/g)].map(
        ([, id]) => id,
      ),
    );

  it("is pulled by a cursor that stays good", async () => {
    const lines: string[] = [];
    let cursor = "0";
    for (let done = false; !done;) {
      const page = await run<AuditExport>("log:page", { cursor });
      lines.push(...page.body.split("\n").filter((line) => line !== ""));
      ({ cursor, done } = page);
    }
    const { entries } = await run<AuditVerification>("log:verify");
    expect(lines).toHaveLength(entries);
    expect(JSON.parse(lines.at(0)!)).toMatchObject({
      id: expect.any(String),
      at: expect.any(Number),
    });
    expect(await run("log:page", { cursor })).toMatchObject({ body: "", done: true });
  });

  it("is pushed again where it was not taken, and follows no redirect", async () => {
    for (const refusal of [500, 302]) {
      status = refusal;
      await expect(run("log:push", { endpoint })).rejects.toThrow(/status|opaque/);
    }
    expect(taken).toEqual([]);
    status = 200;
    const pushed = await run<{ entries: number }>("log:push", { endpoint });
    expect(pushed).toMatchObject({ done: true, rejected: 0 });
    expect(new Set(taken.map(({ url }) => url))).toEqual(new Set(["/v1/logs", "/v1/traces"]));
    expect(taken.at(0)!.headers).toMatchObject({
      authorization: "Bearer collector",
      "content-type": "application/json",
    });
    const logs = taken.filter(({ url }) => url === "/v1/logs").map(({ body }) => body);
    expect(new Set(idsOf(logs)).size).toBe(pushed.entries);
  });

  it("goes on where it was", async () => {
    taken.length = 0;
    expect(await run("log:push", { endpoint })).toMatchObject({ entries: 0, done: true });
    await app.send(call("work", { how: "more" }), { path, token });
    await app.embedded.advance(10 * MINUTE);
    expect(await run("log:push", { endpoint })).toMatchObject({ entries: 1 });
    expect(idsOf(taken.map(({ body }) => body))).toHaveLength(2);
    expect(taken.map(({ body }) => body).join("")).not.toContain('"more"');
  });
});

it("keeps its chain through its retention", async () => {
  // Sessions run out first, and what is said of that is as old as the rest.
  await app.embedded.advance(2 * DAY);
  await app.embedded.advance(100 * DAY);
  await app.send(call("work", { how: "late" }), { path, token: await app.token("ada") });
  await app.embedded.advance(3 * 60 * MINUTE);
  const verified = await run<AuditVerification>("log:verify");
  expect(verified.problems).toEqual([]);
  expect(verified.entries).toBeLessThan(5);
});
