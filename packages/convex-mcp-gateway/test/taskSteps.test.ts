import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { components } from "./app/_generated/api.js";
import { eraseAuditSubject, listAuditEntries } from "../src/auditLog.ts";
import { alice, bob, startApp } from "./support/mcp.ts";
import { tasker } from "./support/task.ts";

const ISSUER = "https://issuer.test";

type App = ReturnType<typeof startApp>;

let app: App;
beforeEach(() => {
  app = startApp();
});
afterEach(async () => {
  await app.t.finishInProgressScheduledFunctions();
  vi.useRealTimers();
});

const { mcpGateway } = components;

async function entries(filter = {}) {
  const page = await app.t.run((ctx) => listAuditEntries(ctx, mcpGateway, filter));
  return page.entries.toReversed();
}
const steps = async () =>
  (await entries({ kind: "task" })).map(({ name, outcome }) => [name, outcome]);
const named = (name: string) => ({ action: "accept", content: { name } });

describe("the steps of a task", () => {
  it("are its start and its end, with whose it is and of what", async () => {
    const { start, until } = tasker(app, alice);
    const taskId = await start("slow", { label: "a" });
    await until(taskId, "completed");
    expect(await entries()).toMatchObject([
      { kind: "tool", tool: "slow", outcome: "ok", taskId, subject: "alice" },
      { kind: "task", name: "start", tool: "slow", taskId, subject: "alice", requestId: "1" },
      { kind: "task", name: "end", tool: "slow", taskId, outcome: "ok", subject: "alice" },
    ]);
    const [, started, ended] = await entries();
    expect(started).not.toHaveProperty("args");
    expect(ended).toMatchObject({ durationMs: expect.any(Number), issuer: ISSUER });
    expect(ended).not.toHaveProperty("requestId");
    expect(ended).not.toHaveProperty("result");
  });

  it("end as the run did", async () => {
    const { start, until } = tasker(app, alice);
    await until(await start("fail", { speak: false }), "completed");
    expect((await entries({ kind: "task" })).at(-1)).toMatchObject({
      name: "end",
      outcome: "failed",
      errorCode: "Error",
    });
  });

  it("are answers to its questions, without what was said, and none that changed nothing", async () => {
    const { start, until, update } = tasker(app, alice);
    const taskId = await start("ask");
    await until(taskId, "input_required");
    await update(taskId, { z: named("sEcReT") });
    await update(taskId, { a: named("sEcReT") });
    await update(taskId, { a: named("sEcReT"), b: { action: "decline" } });
    await tasker(app, bob).update(taskId, { b: named("x") });
    await until(taskId, "completed");
    await update(taskId, { b: named("x") });
    const inputs = (await entries({ kind: "task" })).filter(({ name }) => name === "input");
    expect(inputs.map(({ args, subject, tool }) => [args, subject, tool])).toEqual([
      ['{"a":"accept"}', "alice", "ask"],
      ['{"b":"decline"}', "alice", "ask"],
    ]);
    expect(JSON.stringify(inputs)).not.toContain("sEcReT");
  });

  it("are its cancellation, once, with who called it off; nobody else can", async () => {
    vi.useFakeTimers();
    const { start, cancel } = tasker(app, alice);
    const taskId = await start("slow", { label: "never" });
    await tasker(app, bob).cancel(taskId);
    await cancel(taskId);
    await cancel(taskId);
    await app.t.finishAllScheduledFunctions(vi.runAllTimers);
    expect(await steps()).toEqual([
      ["start", "ok"],
      ["cancel", "ok"],
    ]);
    expect((await entries({ kind: "task" })).at(-1)).toMatchObject({
      subject: "alice",
      requestId: "1",
      taskId,
    });
  });

  it("that are still to come say nothing of who was erased", async () => {
    const { start, until, update } = tasker(app, alice);
    const taskId = await start("ask");
    await until(taskId, "input_required");
    await app.t.run((ctx) =>
      eraseAuditSubject(ctx, mcpGateway, { subject: "alice", issuer: ISSUER }),
    );
    expect(JSON.stringify(await entries())).not.toContain("alice");
    await update(taskId, { a: named("x"), b: named("y") });
    await until(taskId, "completed");
    const after = await entries({ kind: "task" });
    expect(after.map(({ name, subject }) => [name, subject])).toEqual([
      ["start", undefined],
      // This they did themselves, afterwards.
      ["input", "alice"],
      ["end", undefined],
    ]);
    expect(after.at(-1)).not.toHaveProperty("taskId");
  });
});
