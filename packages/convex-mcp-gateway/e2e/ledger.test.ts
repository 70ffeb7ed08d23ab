import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ListedAuditEntry } from "../src/index.ts";
import { type App, call, request, startApp } from "./support/app.ts";

interface Result {
  readonly content: readonly { readonly text: string }[];
  readonly structuredContent?: { readonly result: string };
  readonly isError?: boolean;
}

const PATH = "/ledger/mcp";
const VERSION = "2026-07-28";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.embedded.close());

const rows = (label: string) => app.embedded.run("things:count", { label });

async function entries(subject: string): Promise<ListedAuditEntry[]> {
  return JSON.parse(
    String(await app.embedded.run("log:entries", { subject })),
  ) as ListedAuditEntry[];
}

/** Calls as a user, or as a stranger. */
async function calls(subject?: string) {
  const token = subject === undefined ? {} : { token: await app.token(subject) };
  return async (name: string, args: object): Promise<Result> => {
    const response = await app.send(call(name, args), { path: PATH, ...token });
    return ((await response.json()) as { result: Result }).result;
  };
}

describe("a call with an idempotency key", () => {
  it("happens once, and is answered alike, however its arguments are spelled", async () => {
    const ann = await calls("ann");
    const first = await ann("add_once", { label: "once", idempotencyKey: "k1" });
    const again = await ann("add_once", { idempotencyKey: "k1", label: "once" });
    expect(first.structuredContent?.result).toEqual(expect.any(String));
    expect(again).toEqual(first);
    expect(await rows("once")).toBe(1);
    expect((await entries("ann")).map(({ outcome, result }) => [outcome, result])).toEqual([
      ["replayed", undefined],
      ["ok", JSON.stringify(first.structuredContent?.result)],
    ]);
  });

  it("happens once of many at a time", async () => {
    const eve = await calls("eve");
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => eve("add_once", { label: "rush", idempotencyKey: "k" })),
    );
    expect(new Set(answers.map(({ structuredContent }) => structuredContent?.result)).size).toBe(1);
    expect(await rows("rush")).toBe(1);
  });

  it("costs one function call, the first time and again", async () => {
    const token = await app.token("cost");
    const message = call("add_once", { label: "cost", idempotencyKey: "k" });
    const send = () => app.send(message, { path: PATH, token });
    expect([await app.cost(send), await app.cost(send)]).toEqual([1, 1]);
  });

  it("with other arguments than before is refused", async () => {
    const ann = await calls("bea");
    await ann("add_once", { label: "mine", idempotencyKey: "k" });
    expect(await ann("add_once", { label: "other", idempotencyKey: "k" })).toEqual({
      isError: true,
      content: [{ type: "text", text: expect.stringContaining("choose a new idempotencyKey") }],
    });
    expect([await rows("mine"), await rows("other")]).toEqual([1, 0]);
    expect(await entries("bea")).toMatchObject([{ outcome: "invalid" }, { outcome: "ok" }]);
  });

  it("is one of its user and its tool: nobody else meets the key", async () => {
    for (const subject of ["carl", "cora"]) {
      const send = await calls(subject);
      await send("add_once", { label: "shared", idempotencyKey: "k" });
      await send("add_maybe_once", { label: "shared", idempotencyKey: "k" });
    }
    expect(await rows("shared")).toBe(4);
  });

  it("may be repeated when it failed", async () => {
    const dan = await calls("dan");
    const args = { label: "undone", speak: true, idempotencyKey: "k" };
    for (const _time of [1, 2]) {
      expect(await dan("add_then_throw_once", args)).toMatchObject({ isError: true });
    }
    expect((await entries("dan")).map(({ outcome }) => outcome)).toEqual(["failed", "failed"]);
  });

  it("is known to have happened where its answer was too long to keep", async () => {
    const dora = await calls("dora");
    const args = { label: "long", length: 70_000, idempotencyKey: "k" };
    expect((await dora("add_long_once", args)).content[0]?.text).toHaveLength(70_000);
    expect(await dora("add_long_once", args)).toEqual({
      isError: true,
      content: [{ type: "text", text: expect.stringContaining("was carried out already") }],
    });
    expect(await rows("long")).toBe(1);
  });

  it("gives the key to a function that takes it", async () => {
    const eli = await calls("eli");
    const first = await eli("add_keyed", { label: "keyed", reference: "r1" });
    expect(first.content[0]?.text).toBe("r1");
    expect(await eli("add_keyed", { label: "keyed", reference: "r1" })).toEqual(first);
    expect(await rows("keyed")).toBe(1);
  });

  it("happens anew once its key has expired", async () => {
    const old = await calls("old");
    await old("add_once", { label: "expired", idempotencyKey: "k" });
    await app.embedded.advance(2 * 3_600_000);
    const again = await calls("old");
    await again("add_once", { label: "expired", idempotencyKey: "k" });
    await again("add_once", { label: "expired", idempotencyKey: "k" });
    expect(await rows("expired")).toBe(2);
  });
});

describe("a call without a key, or with none that can be", () => {
  it.each([
    ["none", undefined, "got nothing"],
    ["an empty one", "", "got something else"],
    ["a long one", "x".repeat(256), "got something else"],
    ["a number", 7, "got something else"],
  ])("is told what is needed: %s", async (_what, idempotencyKey, got) => {
    const ann = await calls("finn");
    const refused = await ann("add_once", { label: "none", idempotencyKey });
    expect(refused.isError).toBe(true);
    expect(refused.content[0]?.text).toContain(
      `idempotencyKey: expected a string of 1 to 255 characters, new for each call, ${got}`,
    );
    expect(await rows("none")).toBe(0);
  });

  it("happens each time where the key is optional", async () => {
    const gil = await calls("gil");
    await gil("add_maybe_once", { label: "each" });
    await gil("add_maybe_once", { label: "each" });
    expect(await rows("each")).toBe(2);
  });

  it("of a stranger is refused where a key is needed or given: strangers would share it", async () => {
    const stranger = await calls();
    for (const [name, args] of [
      ["add_once", { label: "stranger", idempotencyKey: "k" }],
      ["add_once", { label: "stranger" }],
      ["add_maybe_once", { label: "stranger", idempotencyKey: "k" }],
    ] as const) {
      const refused = await stranger(name, args);
      expect(refused.content[0]?.text).toContain("expected the key of a signed-in user");
    }
    expect(await stranger("add_maybe_once", { label: "stranger" })).not.toHaveProperty("isError");
    expect(await rows("stranger")).toBe(1);
  });
});

const modern = (method: string, params: object = {}) =>
  request(method, {
    ...params,
    _meta: {
      "io.modelcontextprotocol/protocolVersion": VERSION,
      "io.modelcontextprotocol/clientCapabilities": {},
    },
  });

describe("arguments that headers repeat", () => {
  const where = async (args: object, headers: Record<string, string>) => {
    const token = await app.token("henk");
    const message = modern("tools/call", { name: "where", arguments: args });
    const options = { path: PATH, version: VERSION, name: "where", token, headers };
    const response = await app.send(message, options);
    const body = (await response.json()) as { result?: Result; error?: { code: number } };
    return [response.status, body.error?.code ?? body.result?.content[0]?.text];
  };

  it.each([
    [{ region: "eu" }, { Region: "eu" }],
    [{ region: "Hello" }, { Region: "=?base64?SGVsbG8=?=" }],
    [{ region: "=?base64?SGVsbG8=" }, { Region: "=?base64?SGVsbG8=" }],
    [
      { region: "eu", shard: 7 },
      { Region: "eu", Shard: "7.0" },
    ],
    [
      { region: "eu", shard: "7", urgent: true },
      { Region: "eu", Shard: "7", Urgent: "true" },
    ],
    [{ region: "eu" }, { Region: "eu", Other: "ignored" }],
  ])("agree: %j", async (args, headers) => {
    expect((await where(args, mirrored(headers)))[0]).toBe(200);
  });

  it.each([
    ["absent", { region: "eu" }, {}],
    ["another value", { region: "eu" }, { Region: "us" }],
    ["another case", { region: "eu" }, { Region: "EU" }],
    ["no base64", { region: "Hello" }, { Region: "=?base64?SGVs!!!bG8=?=" }],
    ["no padding", { region: "Hello" }, { Region: "=?base64?SGVsbG8?=" }],
    ["of nothing", { region: "eu" }, { Region: "eu", Shard: "7" }],
    ["another number", { region: "eu", shard: 7 }, { Region: "eu", Shard: "8" }],
    ["TRUE", { region: "eu", urgent: true }, { Region: "eu", Urgent: "TRUE" }],
  ])("do not agree, and nothing runs: %s", async (_what, args, headers) => {
    expect(await where(args, mirrored(headers))).toEqual([400, -32020]);
    expect((await entries("henk"))[0]).toMatchObject({
      outcome: "invalid",
      error: expect.stringContaining("Mcp-Param-"),
    });
  });

  it("are not looked at before 2026-07-28", async () => {
    const token = await app.token("ida");
    const message = call("where", { region: "eu" });
    const response = await app.send(message, { path: PATH, token });
    expect(((await response.json()) as { result: Result }).result.content[0]?.text).toContain("eu");
  });
});

const mirrored = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [`Mcp-Param-${name}`, value]));

describe("what clients may keep", () => {
  const hint = async (method: string, params: object, token?: string) => {
    const { uri } = params as { uri?: string };
    const options = { path: PATH, version: VERSION, name: uri };
    const signedIn = token === undefined ? {} : { token };
    const response = await app.send(modern(method, params), { ...options, ...signedIn });
    const { result } = (await response.json()) as { result: Record<string, unknown> };
    return [result["ttlMs"], result["cacheScope"]];
  };

  it.each([
    ["tools/list", {}],
    ["prompts/list", {}],
    ["resources/list", {}],
    ["resources/templates/list", {}],
    ["resources/read", { uri: "ledger://rules" }],
  ])("%s is public to strangers alone", async (method, params) => {
    expect(await hint(method, params)).toEqual([60_000, "public"]);
    const token = await app.token("jon");
    expect(await hint(method, params, token)).toEqual([60_000, "private"]);
  });
});
