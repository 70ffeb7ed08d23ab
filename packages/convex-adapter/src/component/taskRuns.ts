import { v } from "convex/values";
import { internal } from "./_generated/api.js";
import type { Doc } from "./_generated/dataModel.js";
import { internalMutation, mutation, type MutationCtx } from "./_generated/server.js";
import { closeEntry, deferEntry } from "./audit.ts";
import { later, writeRecorded } from "./entries.ts";
import { DRAIN_BATCH, MAX_CHARS, vEnd, vRecording } from "./shared.ts";
import { deleteTask, findTask, settled, stamp, statusOf } from "./tasks.ts";

/**
 * Whether an owner may start one more task. Beyond `maxKept` the oldest that have ended are forgotten; where that does not
 * make room, or `maxOpen` go on already, they may not.
 */
export const admit = mutation({
  args: { owner: v.string(), maxOpen: v.number(), maxKept: v.number() },
  returns: v.boolean(),
  handler: async (ctx, { owner, maxOpen, maxKept }) => {
    // Beyond the limit by a batch, since a deploy may have lowered it.
    const theirs = await ctx.db
      .query("tasks")
      .withIndex("by_owner", (q) => q.eq("owner", owner))
      .take(maxKept + DRAIN_BATCH);
    const ended = theirs.filter((task) => !goesOn(task));
    const excess = Math.max(0, theirs.length - maxKept + 1);
    if (theirs.length - ended.length >= maxOpen || ended.length < excess) return false;
    for (const task of ended.slice(0, excess)) {
      await deleteTask(ctx, task);
      await ctx.scheduler.runAfter(0, internal.taskRuns.forget, { taskId: task.taskId });
    }
    return true;
  },
});

/** Stores a task that is about to run. Gives the time of its creation. */
export const start = mutation({
  args: {
    taskId: v.string(),
    owner: v.string(),
    tool: v.string(),
    args: v.array(v.string()),
    entryId: v.optional(v.string()),
    run: v.object({
      token: v.string(),
      identity: v.string(),
      capabilities: v.string(),
      deadlineMs: v.number(),
      scheduledId: v.string(),
    }),
    ttlMs: v.number(),
    recording: v.optional(vRecording),
  },
  returns: v.number(),
  handler: async (ctx, { args, ttlMs, recording, ...task }) => {
    const now = Date.now();
    const expiresAt = now + ttlMs;
    await writeRecorded(ctx, recording, { name: "start" });
    await ctx.db.insert("tasks", {
      ...task,
      ...(recording === undefined ? {} : { recording: later(recording) }),
      status: "working",
      deadline: now + task.run.deadlineMs,
      createdAt: now,
      updatedAt: now,
      expiresAt,
    });
    await insertText(ctx, { taskId: task.taskId, kind: "args", expiresAt }, args);
    return now;
  },
});

/**
 * Begins the run of a task: once, for an action is never run twice. `null`: it was called off, has begun before, or is
 * too late. From here on it has its whole deadline.
 */
export const claim = mutation({
  args: { taskId: v.string() },
  returns: v.union(
    v.null(),
    v.object({
      tool: v.string(),
      /** JSON. */
      args: v.string(),
      token: v.string(),
      entryId: v.optional(v.string()),
    }),
  ),
  handler: async (ctx, { taskId }) => {
    const task = await findTask(ctx, taskId);
    if (task?.run?.scheduledId === undefined || statusOf(task) !== "working") return null;
    const { scheduledId: _, ...run } = task.run;
    const deadline = Math.min(Date.now() + run.deadlineMs, task.expiresAt);
    await ctx.db.patch(task._id, { run, deadline });
    const { tool, entryId } = task;
    if (entryId !== undefined) await deferEntry(ctx, entryId, deadline);
    const args = await takeArgs(ctx, taskId);
    return { tool, args, token: run.token, ...(entryId === undefined ? {} : { entryId }) };
  },
});

/**
 * Ends the run of a task, and closes its entry, which tells of the run whatever became of the task. What comes after the
 * task was called off, lost or forgotten is dropped: false.
 */
export const finish = mutation({
  args: {
    taskId: v.string(),
    entryId: v.optional(v.string()),
    end: vEnd,
    outcome: v.union(
      v.object({ status: v.literal("completed"), result: v.array(v.string()) }),
      v.object({ status: v.literal("failed"), error: v.string() }),
    ),
  },
  returns: v.boolean(),
  handler: async (ctx, { taskId, entryId, end, outcome }) => {
    if (entryId !== undefined) await closeEntry(ctx, entryId, end);
    const task = await findTask(ctx, taskId);
    if (task === null) return false;
    const ended = { run: undefined, deadline: undefined };
    if (statusOf(task) !== "working") {
      await ctx.db.patch(task._id, { ...ended, ...(await settled(ctx, task)) });
      return false;
    }
    const { outcome: how, durationMs, errorCode } = end;
    const told = {
      ...(durationMs === undefined ? {} : { durationMs }),
      ...(errorCode === undefined ? {} : { errorCode }),
    };
    await writeRecorded(ctx, task.recording, { name: "end", outcome: how, ...told });
    const changed = { ...ended, updatedAt: stamp(task) };
    if (outcome.status === "failed") {
      await ctx.db.patch(task._id, { ...changed, ...outcome });
      return true;
    }
    await ctx.db.patch(task._id, { ...changed, status: outcome.status });
    const { expiresAt } = task;
    await insertText(ctx, { taskId, kind: "result", expiresAt }, outcome.result);
    return true;
  },
});

/** What the cron runs: tasks whose run never came, or never came back, are closed as lost. */
export const closeLost = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const late = await ctx.db
      .query("tasks")
      .withIndex("by_deadline", (q) => q.gt("deadline", 0).lte("deadline", Date.now()))
      .take(DRAIN_BATCH);
    for (const task of late) {
      const now = await settled(ctx, task);
      await ctx.db.patch(task._id, { ...now, run: undefined, deadline: undefined });
    }
    if (late.length === DRAIN_BATCH)
      await ctx.scheduler.runAfter(0, internal.taskRuns.closeLost, {});
    return null;
  },
});

/** What the cron runs: deletes tasks whose time is over. What belongs to them expires with them. */
export const drain = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const expired = await ctx.db
      .query("tasks")
      .withIndex("by_expiresAt", (q) => q.lte("expiresAt", Date.now()))
      .take(DRAIN_BATCH);
    for (const task of expired) await deleteTask(ctx, task);
    if (expired.length === DRAIN_BATCH)
      await ctx.scheduler.runAfter(0, internal.taskRuns.drain, {});
    return null;
  },
});

/** Deletes what belongs to a task that is gone, in as many transactions as it takes. */
export const forget = internalMutation({
  args: { taskId: v.string() },
  returns: v.null(),
  handler: async (ctx, { taskId }) => {
    const texts = ctx.db.query("taskTexts").withIndex("by_task", (q) => q.eq("taskId", taskId));
    const questions = ctx.db
      .query("taskQuestions")
      .withIndex("by_key", (q) => q.eq("taskId", taskId));
    let chars = 0;
    for (const rows of [texts, questions]) {
      for await (const row of rows) {
        if (chars >= MAX_CHARS) {
          await ctx.scheduler.runAfter(0, internal.taskRuns.forget, { taskId });
          return null;
        }
        await ctx.db.delete(row._id);
        chars += JSON.stringify(row).length;
      }
    }
    return null;
  },
});

/** Whether a run may still come, or come back. A task that was called off counts while it runs: it holds what others wait for. */
function goesOn({ deadline = 0 }: Doc<"tasks">): boolean {
  return deadline > Date.now();
}

async function insertText(
  ctx: MutationCtx,
  row: Pick<Doc<"taskTexts">, "taskId" | "kind" | "expiresAt">,
  parts: readonly string[],
): Promise<void> {
  for (const [part, text] of parts.entries()) {
    await ctx.db.insert("taskTexts", { ...row, part, text });
  }
}

/** The arguments of a task, of which nothing is left then. */
async function takeArgs(ctx: MutationCtx, taskId: string): Promise<string> {
  const parts = await ctx.db
    .query("taskTexts")
    .withIndex("by_task", (q) => q.eq("taskId", taskId).eq("kind", "args"))
    .collect();
  for (const { _id } of parts) await ctx.db.delete(_id);
  return parts.map(({ text }) => text).join("");
}
