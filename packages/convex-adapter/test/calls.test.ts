/// <reference types="vite/client" />
import { convexTest } from "convex-test";
import {
  componentsGeneric,
  defineSchema,
  defineTable,
  internalActionGeneric,
  internalMutationGeneric,
  internalQueryGeneric,
  makeFunctionReference,
} from "convex/server";
import { ConvexError, type GenericId, v, type Value } from "convex/values";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ReadyCall } from "../src/calls/call.ts";
import type { DispatchReference } from "../src/calls/functions.ts";
import { requireScopes } from "../src/calls/policies.ts";
import { runTool } from "../src/calls/run.ts";
import type { ComponentApi } from "../src/component/_generated/component.js";
import componentSchema from "../src/component/schema.ts";
import type { Config } from "../src/config.ts";
import { createDispatch } from "../src/dispatch.ts";
import type { RequestScope } from "../src/identity/scope.ts";
import { createCatalog } from "../src/tools/catalog.ts";
import { defineMcpAction, defineMcpMutation, defineMcpQuery } from "../src/tools/define.ts";
import { mcpIdempotency } from "../src/tools/idempotency.ts";
import type { McpTool } from "../src/tools/tool.ts";
import { entry } from "./support/component.ts";

const schema = defineSchema({ notes: defineTable({ text: v.string() }) });
const SECRET = "hunter2";
const about = { description: "A tool." };
const args = { text: v.string() };
type Args = { text: string };
const query = <Result>(name: string) => makeFunctionReference<"query", Args, Result>(`app:${name}`);
const mutation = <Result>(name: string) =>
  makeFunctionReference<"mutation", Args, Result>(`app:${name}`);

const app = {
  count: internalQueryGeneric({
    handler: async (ctx) => (await ctx.db.query("notes").collect()).length,
  }),
  fail: internalQueryGeneric({
    handler: () => {
      throw new Error(SECRET);
    },
  }),
  add: internalMutationGeneric({
    handler: async (ctx, { text }: Args) => {
      await ctx.db.insert("notes", { text });
      if (text === "throw") throw new Error(SECRET);
      if (text === "tell") throw new ConvexError("The notebook is full.");
      return text === "mismatch" ? 7 : text;
    },
  }),
  remove: internalMutationGeneric({ handler: (ctx, { id }) => ctx.db.delete(id as never) }),
  send: internalActionGeneric({ handler: (_ctx, { text }: Args) => text }),
};
const tools: readonly McpTool[] = [
  defineMcpQuery({ ...about, name: "count", fn: query<number>("count"), args }),
  defineMcpQuery({
    ...about,
    name: "plain",
    fn: query<number>("count"),
    args,
    consistency: "query",
  }),
  defineMcpQuery({ ...about, name: "fail", fn: query<null>("fail"), args, consistency: "query" }),
  defineMcpMutation({
    ...about,
    name: "add",
    fn: mutation<string>("add"),
    args,
    returns: v.string(),
  }),
  defineMcpMutation({
    ...about,
    name: "add_once",
    fn: mutation<string>("add"),
    args,
    returns: v.string(),
    idempotency: mcpIdempotency(),
  }),
  defineMcpMutation({
    ...about,
    name: "remove",
    fn: makeFunctionReference<"mutation", { id: GenericId<"notes"> }, null>("app:remove"),
    args: { id: v.id("notes") },
  }),
  defineMcpAction({
    ...about,
    name: "send",
    fn: makeFunctionReference<"action", Args, string>("app:send"),
    args,
  }),
  defineMcpAction({
    ...about,
    name: "inline",
    args,
    returns: v.null(),
    handler: (_ctx, { text }) => {
      if (text === "throw") throw new Error(SECRET);
      return undefined as never;
    },
  }),
];
const dispatchReference = makeFunctionReference("app:dispatch") as unknown as DispatchReference;
const ROOT = componentsGeneric() as unknown as { mcpGateway: ComponentApi };

/** An app with the component, whose audit log works or does not. */
function start(audit: Partial<Config["audit"]> = {}) {
  const config: Config = {
    component: ROOT.mcpGateway,
    catalog: createCatalog(tools),
    features: [],
    authorize: requireScopes(),
    loadContext: undefined,
    signInTool: false,
    sessions: { policy: "authenticated", ttlMs: 60_000, maxPerOwner: 5 },
    audit: { onFailure: "deny", retentionMs: 60_000, limits: {}, ...audit },
  };
  const t = convexTest(schema, {
    "./_generated/api.ts": async () => ({}),
    "./app.ts": async () => ({ ...app, dispatch: createDispatch(config) }),
  });
  const modules = import.meta.glob(["../src/component/**/*.ts", "!**/*.test-d.ts"]);
  t.registerComponent("mcpGateway", componentSchema, modules);
  const call = (name: string, args: Record<string, Value>, more: Partial<ReadyCall> = {}) =>
    t.action(async (ctx) => {
      const tool = config.catalog.get(name);
      if (tool === undefined) throw new Error(`No tool ${name}.`);
      const outcome = await runTool(
        config,
        { dispatch: dispatchReference },
        {
          caller: callerOf(ctx as unknown as RequestScope["ctx"]),
          tool,
          args,
          entry: entry({ tool: name, outcome: "unknown" }),
          session: undefined,
          channel: {} as ReadyCall["channel"],
          ...more,
        },
      );
      return outcome.kind === "result" ? JSON.parse(textOf(outcome.result)) : outcome.kind;
    }) as Promise<unknown>;
  const log = async () => {
    const page = await t.action((ctx) => ctx.runQuery(ROOT.mcpGateway.reading.list, { limit: 50 }));
    return page.entries.map(({ entry }) => entry);
  };
  const notes = () => t.run(async (ctx) => (await ctx.db.query("notes").collect()).length);
  const answers = () =>
    t.run(async (ctx) => {
      const kept = { owner: "ann", tool: "add_once", key: "k" };
      return (await ctx.runQuery(ROOT.mcpGateway.answers.find, kept)) === null ? 0 : 1;
    });
  return { config, call, log, notes, answers };
}

function callerOf(ctx: RequestScope["ctx"]): ReadyCall["caller"] {
  const metadata = { ip: null, userAgent: null, requestId: null, authToken: null };
  const resource = { url: "https://some.convex.site/mcp", metadataUrl: undefined };
  return {
    context: { ctx, resource, metadata, load: async () => undefined },
    principal: { kind: "anonymous" },
    protocolVersion: "2025-11-25",
    sessionId: undefined,
    signal: new AbortController().signal,
  };
}

const textOf = (result: object) =>
  String(Reflect.get(result, Symbol.for("@convex-mcp/protocol.rawJson")));
const said = (text: string) => ({ content: [{ type: "text", text }] });
const error = (text: string) => ({ ...said(text), isError: true });
/** Storage refuses it: the time of the end of retention is no number. */
const broken = { retentionMs: "soon" as unknown as number };

let consoleError: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  consoleError = vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

describe("a query", () => {
  it.each(["count", "plain"])("gives its value and an entry (%s)", async (name) => {
    const { call, log } = start();
    expect(await call(name, { text: "x" })).toEqual(said("0"));
    expect(await log()).toMatchObject([{ tool: name, outcome: "ok", result: "0", resultBytes: 1 }]);
  });

  it("that throws says nothing to the caller, and all to the log", async () => {
    const { call, log } = start();
    expect(JSON.stringify(await call("fail", { text: "x" }))).not.toContain(SECRET);
    expect(await log()).toMatchObject([{ outcome: "failed", error: `Error: ${SECRET}` }]);
  });
});

describe("a mutation", () => {
  it("commits with its entry", async () => {
    const { call, log, notes } = start();
    expect(await call("add", { text: "x" })).toMatchObject({ structuredContent: { result: "x" } });
    expect([await notes(), (await log()).map(({ outcome }) => outcome)]).toEqual([1, ["ok"]]);
  });

  it("that throws is rolled back alone: its entry commits", async () => {
    const { call, log, notes } = start();
    const failed = await call("add", { text: "throw" });
    expect(failed).toMatchObject({ isError: true });
    expect(JSON.stringify(failed)).not.toContain(SECRET);
    expect(await call("add", { text: "tell" })).toEqual(error("The notebook is full."));
    expect([await notes(), (await log()).map(({ outcome }) => outcome)]).toEqual([
      0,
      ["failed", "failed"],
    ]);
  });

  it("whose result is not what it declares is rolled back, and both sides learn of it", async () => {
    const { call, log, notes } = start();
    expect(await call("add", { text: "mismatch" })).toEqual(
      error("add gave a result that it does not declare. Nothing was changed."),
    );
    expect(await notes()).toBe(0);
    expect(await log()).toMatchObject([
      {
        outcome: "failed",
        errorCode: "ResultMismatch",
        error: "the result: `returns` says a string, the function gave number",
      },
    ]);
  });

  it("with an id of no table is not run, and the model learns which argument", async () => {
    const { call, log } = start();
    expect(await call("remove", { id: "nonsense" })).toEqual(
      error(
        "Wrong arguments for remove. Correct them and call again:\n" +
          '- id: expected the id of a document in "notes", got a string that is not one',
      ),
    );
    expect(await log()).toMatchObject([{ outcome: "invalid" }]);
  });
});

describe("an action", () => {
  it("gives its value, and its entry is closed", async () => {
    const { call, log } = start();
    expect(await call("send", { text: "x" })).toEqual(said("x"));
    expect(await log()).toMatchObject([{ tool: "send", outcome: "ok", result: '"x"' }]);
  });

  it("may give nothing where it declares null", async () => {
    const { call } = start();
    expect(await call("inline", { text: "x" })).toMatchObject({
      structuredContent: { result: null },
    });
    expect(consoleError).not.toHaveBeenCalled();
  });

  it("that throws says nothing to the caller, and all to the log", async () => {
    const { call, log } = start();
    expect(JSON.stringify(await call("inline", { text: "throw" }))).not.toContain(SECRET);
    expect(await log()).toMatchObject([{ outcome: "failed", error: `Error: ${SECRET}` }]);
  });
});

describe("a dispatcher that takes a query for an action", () => {
  it("is no missing session: the operator learns of it", async () => {
    const { config, call } = start();
    const tool = { ...config.catalog.get("count"), name: "send" } as McpTool;
    await expect(call("send", { text: "x" }, { tool })).rejects.toThrow(
      'The dispatcher took "send" for another kind',
    );
  });
});

describe("a mutation with an idempotency key", () => {
  const claim = { owner: "ann", key: "k", call: "digest" };

  it("is undone, its answer with it, where the log refuses", async () => {
    const { call, notes, answers } = start(broken);
    expect(await call("add_once", { text: "x" }, { claim })).toMatchObject({ isError: true });
    expect([await notes(), await answers()]).toEqual([0, 0]);
  });

  it("is not kept where its result is not what it declares", async () => {
    const { call, answers } = start();
    await call("add_once", { text: "mismatch" }, { claim });
    expect(await answers()).toBe(0);
    expect(await call("add_once", { text: "x" }, { claim })).not.toHaveProperty("isError");
    expect(await answers()).toBe(1);
  });

  it("is not run by a dispatcher whose tool takes none", async () => {
    const { call, notes } = start();
    expect(await call("add", { text: "x" }, { claim })).toMatchObject({ isError: true });
    expect(await notes()).toBe(0);
  });
});

describe("a session that does not exist", () => {
  const session = { key: { sessionId: "s1", owner: "ann" }, ttlMs: 60_000 };
  it.each(["count", "plain", "add", "send"])(
    "runs nothing and records nothing (%s)",
    async (name) => {
      const { call, log, notes } = start();
      expect(await call(name, { text: "x" }, { session })).toBe("sessionNotFound");
      expect([await notes(), await log()]).toEqual([0, []]);
    },
  );
});

describe("an audit log that refuses", () => {
  it("undoes a mutation by default, which the caller is told", async () => {
    const { call, notes } = start(broken);
    expect(await call("add", { text: "x" })).toEqual(
      error("add could not be completed. Nothing was changed; it may be called again."),
    );
    expect(await notes()).toBe(0);
  });

  it("runs no action by default", async () => {
    const { call } = start(broken);
    expect(await call("send", { text: "x" })).toMatchObject({ isError: true });
  });

  it.each([
    ["count", "0"],
    ["plain", "0"],
    ["send", "x"],
  ])('stands in nobody\'s way with "allow" (%s)', async (name, text) => {
    const { call } = start({ ...broken, onFailure: "allow" });
    expect(await call(name, { text: "x" })).toEqual(said(text));
    expect(consoleError).toHaveBeenCalled();
  });

  it('lets a mutation stand with "allow"', async () => {
    const { call, notes } = start({ ...broken, onFailure: "allow" });
    expect(await call("add", { text: "x" })).toMatchObject({ structuredContent: { result: "x" } });
    expect(await notes()).toBe(1);
  });
});
