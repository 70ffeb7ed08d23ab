import type { GenericActionCtx, GenericDataModel } from "convex/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { components, internal } from "./app/_generated/api.js";
import { recorded } from "./app/recorded.ts";
import { listAuditEntries } from "../src/auditLog.ts";
import { startApp } from "./support/mcp.ts";

const MOUNT = { dispatch: internal.recorded.dispatch, path: "/recorded/mcp" };
const IDENTITY = { issuer: "https://issuer.test", subject: "alice" };
const HOUR = 3_600_000;

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

type App = ReturnType<typeof startApp>;
type Ctx = GenericActionCtx<GenericDataModel>;
type Run = (fn: unknown, args: unknown) => Promise<unknown>;

/**
 * The HTTP action's `ctx`, whose process dies at a call: right before it is made, or right after its data is there. What
 * waits for a dead process waits for ever.
 */
function mortal(ctx: Ctx, dies: { readonly at: number; readonly when: "before" | "after" }) {
  let calls = 0;
  let died = () => {};
  const death = new Promise<"died">((resolve) => (died = () => resolve("died")));
  const never = new Promise<never>(() => {});
  const dying =
    (run: Run): Run =>
    async (fn, args) => {
      calls += 1;
      const isLast = calls === dies.at;
      if (isLast && dies.when === "before") {
        died();
        return never;
      }
      const result = await run(fn, args).then(
        (value) => () => value,
        (error: unknown) => () => {
          throw error;
        },
      );
      if (!isLast) return result();
      died();
      return never;
    };
  const mortalCtx = {
    ...ctx,
    runQuery: dying((fn, args) => ctx.runQuery(fn as never, args as never)),
    runMutation: dying((fn, args) => ctx.runMutation(fn as never, args as never)),
    runAction: dying((fn, args) => ctx.runAction(fn as never, args as never)),
  };
  return { ctx: mortalCtx as unknown as Ctx, death };
}

/** Makes a call whose process dies at one of its function calls. `"done"`: it made fewer. */
async function crash(
  app: App,
  name: string,
  args: object,
  dies: { readonly at: number; readonly when: "before" | "after" },
): Promise<"died" | "done"> {
  const request = new Request("https://some.convex.site/recorded/mcp", {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      "MCP-Protocol-Version": "2025-11-25",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name, arguments: args },
    }),
  });
  return app.t.withIdentity(IDENTITY).action(async (whole) => {
    const { ctx, death } = mortal(whole as unknown as Ctx, dies);
    const answered = recorded
      .handleMcpRequest(ctx, request, MOUNT)
      .then((response) => response.text())
      .then(() => "done" as const);
    return Promise.race([death, answered]);
  });
}

async function aftermath({ t }: App) {
  const effects = await t.run(async (ctx) => (await ctx.db.query("rows").collect()).length);
  const list = () => t.run((ctx) => listAuditEntries(ctx, components.mcpGateway, { kind: "tool" }));
  const { entries } = await list();
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.now() + HOUR);
  const { entries: later } = await list();
  vi.useRealTimers();
  return {
    effects,
    now: entries.map(({ outcome }) => outcome),
    later: later.map(({ outcome }) => outcome),
  };
}

const KINDS = [
  ["a query", "look", { how: "well" }, 0],
  ["a query of the latest commit", "look_now", { how: "well" }, 0],
  ["a mutation", "work", { how: "well" }, 1],
  ["a mutation that throws", "work", { how: "throw" }, 0],
  ["an action", "relay", { label: "well" }, 1],
  ["inline code", "inline", { how: "well" }, 1],
  ["inline code that throws", "inline", { how: "throw" }, 0],
] as const;

describe.each(KINDS)("%s whose process dies", (_what, name, args, whole) => {
  const good = "how" in args && args.how === "throw" ? "failed" : "ok";

  it("at any of its function calls is never told of as what it was not, and never missing", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    let deaths = 0;
    for (const when of ["before", "after"] as const) {
      for (let at = 1; at < 10; at++) {
        const app = startApp();
        const fate = await crash(app, name, args, { at, when });
        const { effects, now, later } = await aftermath(app);
        expect(now.length).toBeLessThanOrEqual(1);
        // Whatever took effect is in the log.
        if (effects > 0) expect(now).toHaveLength(1);
        // What the log says went well, or failed, did.
        if (now[0] === "ok") expect(effects).toBe(whole);
        if (now[0] === "failed") expect(effects).toBe(0);
        expect([[], [good], ["running"]]).toContainEqual(now);
        // What nobody will ever close reads "lost".
        expect(later).toEqual(now.map((outcome) => (outcome === "running" ? "lost" : outcome)));
        if (fate === "done") {
          expect(now).toEqual([good]);
          break;
        }
        deaths += 1;
      }
    }
    expect(deaths).toBeGreaterThanOrEqual(2);
  });
});
