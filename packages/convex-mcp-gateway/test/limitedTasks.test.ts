/** Limits where a call does something before the dispatcher, or instead of it. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hurried } from "./app/hurried.ts";
import { alice, startApp } from "./support/mcp.ts";
import { declaring, tasker } from "./support/task.ts";

let app: ReturnType<typeof startApp>;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  app = startApp();
});
afterEach(async () => {
  await app.t.finishInProgressScheduledFunctions();
  vi.useRealTimers();
});

const client = (capabilities: object = declaring, user: typeof alice | undefined = alice) =>
  tasker(app, user, capabilities, "/hurried/mcp");
const entries = async () =>
  (await app.t.run((ctx) => hurried.listAuditEntries(ctx, { kind: "tool" }))).entries.length;
const tasks = () =>
  app.t.run(async (ctx) => (await ctx.db.system.query("_scheduled_functions").collect()).length);

/** The statuses of three calls, where two are allowed. */
async function three(it: ReturnType<typeof tasker>, name: string, label: string) {
  const seen: number[] = [];
  for (const _ of [1, 2, 3]) seen.push((await it.call(name, { label })).status);
  return seen;
}

describe("who is beyond a limit", () => {
  it.each(["refused", "broken", "asks"])("has no `before` run, which %s", async (label) => {
    const elicit = client();
    expect(await three(elicit, "greet_at_once", label)).toEqual([200, 200, 429]);
    expect(await entries()).toBe(2);
  });

  it.each(["greet", "greet_required", "slow"])("starts no task of %s", async (name) => {
    expect(await three(client(), name, "plain")).toEqual([200, 200, 429]);
    expect([await entries(), await tasks()]).toEqual([2, 2]);
  });

  it("has nothing recorded of a task that their client cannot be given", async () => {
    const seen = await three(client({}), "required", "x");
    expect(seen.at(-1)).toBe(429);
    expect(await entries()).toBe(2);
  });

  it("is counted once for a call with `before`", async () => {
    const { call } = client();
    const texts: unknown[] = [];
    for (const _ of [1, 2, 3]) texts.push((await call("greet_at_once", { label: "plain" })).status);
    expect(texts).toEqual([200, 200, 429]);
  });

  it("may be a stranger", async () => {
    expect(await three(client(declaring, undefined), "greet_at_once", "refused")).toEqual([
      200, 200, 429,
    ]);
  });
});
