import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Example } from "../server/serve.ts";
import { startExample } from "./support/app.ts";
import { call, post } from "./support/post.ts";
import { openSession } from "./support/sessions.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const QUERIES = ["list", "statistics", "verification", "lines"] as const;
type Query = (typeof QUERIES)[number];

/** Arguments that each query takes. */
const ARGS: Record<Query, object> = {
  list: {},
  statistics: { from: Date.now() - DAY, to: Date.now() + DAY },
  verification: {},
  lines: {},
};

interface Entry {
  readonly id: string;
  readonly at: number;
  readonly kind: string;
  readonly tool?: string;
  readonly outcome: string;
  readonly subject?: string;
  readonly clientName?: string;
  readonly sessionId?: string;
}

let example: Example;
let session: string;

beforeAll(async () => {
  example = await startExample();
  const alice = await example.provider.issue("alice");
  session = await openSession(example.endpoint, alice);
  const create = { customer: "ACME", amountCents: 1 };
  await post(example.endpoint, call("invoices_create", create), {
    authorization: `Bearer ${alice}`,
    session,
  });
  for (let calls = 0; calls < 3; calls++) {
    await post(example.endpoint, call("invoices_create", { ...create, amountCents: 0 }), {
      authorization: `Bearer ${alice}`,
    });
  }
  const bob = `Bearer ${await example.provider.issue("bob")}`;
  await post(example.endpoint, call("whoami"), { authorization: bob });
  await post(example.endpoint, call("invoices_create", create), { authorization: bob });
  await post(example.endpoint, call("invoices_stats"));
  await example.app.advance(10 * MINUTE);
});

afterAll(() => example.close());

async function ask(query: string, args: unknown, user?: string, method = "POST") {
  const headers: Record<string, string> =
    user === undefined ? {} : { Authorization: `Bearer ${await example.provider.issue(user)}` };
  const body = typeof args === "string" ? args : JSON.stringify(args);
  const response = await fetch(`${example.app.url}/audit/${query}`, {
    method,
    headers,
    ...(method === "POST" ? { body } : {}),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
}

async function list(filter: object): Promise<{ entries: Entry[]; cursor: string | null }> {
  const { status, text } = await ask("list", filter, "carol");
  expect(status, text).toBe(200);
  return JSON.parse(text) as { entries: Entry[]; cursor: string | null };
}

describe.each(QUERIES)("%s", (query) => {
  it.each([
    ["a stranger", undefined, "Sign in first."],
    ["a user", "alice", "Only an admin may read the audit log."],
    ["another user", "bob", "Only an admin may read the audit log."],
  ])("tells %s nothing", async (_who, user, error) => {
    const { status, text, headers } = await ask(query, ARGS[query], user);
    expect([status, JSON.parse(text)]).toEqual([403, { error }]);
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it("refuses by itself, whoever calls it", async () => {
    const run = (identity?: Record<string, unknown>) =>
      example.app.run(
        `audit:${query}`,
        ARGS[query] as never,
        identity === undefined ? {} : { identity },
      );
    await expect(run()).rejects.toThrow("Sign in first.");
    for (const role of [undefined, "user", ["admin"], { admin: true }, "Admin"]) {
      const identity = { subject: "alice", issuer: "https://a.example", role };
      await expect(run(identity)).rejects.toThrow("Only an admin");
    }
    await run({ subject: "carol", issuer: "https://a.example", role: "admin" });
  });

  it("answers an admin", async () => {
    const { status, headers } = await ask(query, ARGS[query], "carol");
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("content-type")).toContain("application/json");
  });

  it("takes no token that is not one, and no GET", async () => {
    const response = await fetch(`${example.app.url}/audit/${query}`, {
      method: "POST",
      headers: { Authorization: "Bearer bad" },
      body: "{}",
    });
    expect(response.status).toBe(401);
    expect((await ask(query, {}, "carol", "GET")).status).toBe(404);
  });

  it("takes an object of its arguments only", async () => {
    for (const body of ["", "{", "[]", "null", '"x"']) {
      expect((await ask(query, body, "carol")).status).toBe(400);
    }
    const wrong = await ask(query, { ...ARGS[query], owner: "x" }, "carol");
    expect(wrong.status).toBe(400);
    expect(wrong.text).toContain("Expected no argument beside");
  });
});

describe("wrong arguments", () => {
  it.each([
    ["list", { outcome: "fine" }, /^Expected outcome to be one of ok, failed, .*, got "fine"\.$/],
    [
      "list",
      { kind: "x".repeat(100) },
      /^Expected kind to be one of tool, list, .*, got "x{63}\.$/,
    ],
    ["list", { from: "today" }, /^Expected from to be a number, got "today"\.$/],
    ["list", { subject: null }, /^Expected subject to be a string, got null\.$/],
    ["list", { __proto__: null, constructor: 1 }, /got "constructor"\.$/],
    ["list", { cursor: "x" }, /^Expected a cursor that listAuditEntries returned, got "x"\.$/],
    ["lines", { cursor: "-1" }, /^Expected a cursor that exportAuditLog returned, got "-1"\.$/],
    ["statistics", { from: 2 }, /^Expected to to be a number, got nothing\.$/],
    ["statistics", { from: 2, to: 1 }, /expected from to be before to, got 2 and 1\.$/],
    ["verification", { after: { sequence: "1" } }, /^Expected after to be an object of sequence/],
  ] as const)("of %s, %j, are told what was expected", async (query, args, expected) => {
    const { status, text } = await ask(query, args, "carol");
    expect([status, text]).toEqual([400, expect.any(String)]);
    expect((JSON.parse(text) as { error: string }).error).toMatch(expected);
  });
});

describe("the list", () => {
  const tools = ({ entries }: { entries: Entry[] }) =>
    entries.filter(({ kind }) => kind === "tool").map(({ tool, outcome }) => `${tool} ${outcome}`);

  it("is newest first", async () => {
    const { entries } = await list({});
    const times = entries.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((one, other) => other - one));
    expect(tools({ entries })).toEqual([
      "invoices_stats ok",
      "invoices_create denied",
      "whoami ok",
      "invoices_create failed",
      "invoices_create failed",
      "invoices_create failed",
      "invoices_create ok",
    ]);
  });

  it.each([
    ["person", { subject: "bob" }, ["invoices_create denied", "whoami ok"]],
    ["tool", { tool: "whoami" }, ["whoami ok"]],
    ["outcome", { outcome: "denied" }, ["invoices_create denied"]],
    ["person and tool", { subject: "bob", tool: "invoices_create" }, ["invoices_create denied"]],
    ["a client", { client: "end-to-end", tool: "invoices_create" }, ["invoices_create ok"]],
    ["kind", { kind: "tool", subject: "bob" }, ["invoices_create denied", "whoami ok"]],
    ["another kind", { kind: "session" }, []],
    ["an outcome that few calls have", { outcome: "replayed" }, []],
    ["nobody", { subject: "mallory" }, []],
    ["three", { subject: "alice", tool: "invoices_create", outcome: "ok" }, ["invoices_create ok"]],
  ])("by %s", async (_what, filter, expected) => {
    expect(tools(await list(filter))).toEqual(expected);
  });

  it("by session", async () => {
    const { entries } = await list({ session });
    expect(entries.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ["tool", "ok"],
      ["session", "ok"],
    ]);
    expect(new Set(entries.map(({ sessionId }) => sessionId))).toEqual(new Set([session]));
  });

  it("by time, from and before", async () => {
    const { entries } = await list({});
    const middle = entries[3]!;
    const later = await list({ from: middle.at });
    const earlier = await list({ to: middle.at });
    expect(later.entries.map(({ id }) => id)).toEqual(entries.slice(0, 4).map(({ id }) => id));
    expect(earlier.entries.map(({ id }) => id)).toEqual(entries.slice(4).map(({ id }) => id));
    expect(await list({ from: middle.at, to: middle.at - 1 })).toEqual({
      entries: [],
      cursor: null,
    });
  });

  it("by pages that have everything once", async () => {
    const { entries: all } = await list({});
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { entries: Entry[]; cursor: string | null } = await list({
        limit: 3,
        ...(cursor === null ? {} : { cursor }),
      });
      paged.push(...page.entries.map(({ id }) => id));
      ({ cursor } = page);
    } while (cursor !== null);
    expect(paged).toEqual(all.map(({ id }) => id));
  });
});

it("counts, seals and exports what settled", async () => {
  const statistics = JSON.parse((await ask("statistics", ARGS.statistics, "carol")).text) as {
    totals: { name: string; calls: number; outcomes: Record<string, number> }[];
  };
  expect(statistics.totals.find(({ name }) => name === "invoices_create")).toMatchObject({
    calls: 5,
    outcomes: { ok: 1, failed: 3, denied: 1 },
  });
  const verified = JSON.parse((await ask("verification", {}, "carol")).text) as object;
  expect(verified).toMatchObject({ problems: [], unsealable: 0, done: true });
  const { body } = JSON.parse((await ask("lines", {}, "carol")).text) as { body: string };
  const exported = body.trim().split("\n");
  expect(exported.map((line) => (JSON.parse(line) as Entry).id).toSorted()).toEqual(
    (await list({})).entries.map(({ id }) => id).toSorted(),
  );
});
