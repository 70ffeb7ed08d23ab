import { type Infer, v } from "convex/values";
import type { Doc } from "./_generated/dataModel.js";
import { mutation, type MutationCtx, query, type QueryCtx } from "./_generated/server.js";
import { closeEntry } from "./audit.ts";
import { writeRecorded } from "./entries.ts";
import { vRecording, vTaskQuestion, vTaskStatus } from "./shared.ts";

type Reader = Pick<QueryCtx, "db">;

/** A task as its owner names it. */
const taskKey = { taskId: v.string(), owner: v.string() };

/** What its owner sees of a task; `null`: it is unknown, expired or somebody else's. */
export const get = query({
  args: taskKey,
  returns: v.union(
    v.null(),
    v.object({
      status: vTaskStatus,
      statusMessage: v.optional(v.string()),
      error: v.optional(v.string()),
      /** JSON. */
      result: v.optional(v.string()),
      questions: v.array(vTaskQuestion),
      createdAt: v.number(),
      updatedAt: v.number(),
      expiresAt: v.number(),
    }),
  ),
  handler: async (ctx, key) => {
    const task = await findOwn(ctx, key);
    if (task === null) return null;
    const { statusMessage, error, createdAt, expiresAt } = task;
    const { status, updatedAt } = standing(task);
    const result = status === "completed" ? await resultOf(ctx, task.taskId) : undefined;
    return {
      status,
      ...(statusMessage === undefined ? {} : { statusMessage }),
      ...(error === undefined ? {} : { error }),
      ...(result === undefined ? {} : { result }),
      questions: status === "working" ? await waitingOf(ctx, task.taskId) : [],
      createdAt,
      updatedAt,
      expiresAt,
    };
  },
});

/** The questions of a task that wait for an answer; `null` where `get` says `null`. */
export const questions = query({
  args: taskKey,
  returns: v.union(v.null(), v.array(vTaskQuestion)),
  handler: async (ctx, key) => {
    const task = await findOwn(ctx, key);
    if (task === null) return null;
    return statusOf(task) === "working" ? waitingOf(ctx, task.taskId) : [];
  },
});

/** Leaves replies to questions that wait, and to no others. */
export const answer = mutation({
  args: {
    ...taskKey,
    replies: v.array(v.object({ key: v.string(), reply: v.string() })),
    recording: v.optional(vRecording),
  },
  returns: v.null(),
  handler: async (ctx, { replies, recording, ...key }) => {
    const task = await findOwn(ctx, key);
    if (task === null || statusOf(task) !== "working") return null;
    const said: [key: string, action: string][] = [];
    for (const { key: name, reply } of replies) {
      const question = await findQuestion(ctx, task.taskId, name);
      if (question?.waiting !== true) continue;
      await ctx.db.patch(question._id, { reply, waiting: false });
      said.push([name, actionOf(reply)]);
    }
    if (said.length > 0) {
      const args = JSON.stringify(Object.fromEntries(said));
      await writeRecorded(ctx, recording, { name: "input", tool: task.tool, args });
    }
    await ctx.db.patch(task._id, { updatedAt: stamp(task) });
    return null;
  },
});

/**
 * Calls a task off; one that ended stays as it is. What has not begun never will: its entry is closed, and the function
 * that was to run it is named. `null` where `get` says `null`.
 */
export const cancel = mutation({
  args: { ...taskKey, recording: v.optional(vRecording) },
  returns: v.union(v.null(), v.object({ scheduledId: v.optional(v.string()) })),
  handler: async (ctx, { recording, ...key }) => {
    const task = await findOwn(ctx, key);
    if (task === null) return null;
    if (statusOf(task) !== "working") return {};
    await writeRecorded(ctx, recording, { name: "cancel", tool: task.tool });
    const cancelled = { status: "cancelled", updatedAt: stamp(task) } as const;
    const scheduledId = task.run?.scheduledId;
    if (scheduledId === undefined) {
      await ctx.db.patch(task._id, cancelled);
      return {};
    }
    await ctx.db.patch(task._id, { ...cancelled, run: undefined, deadline: undefined });
    if (task.entryId !== undefined) await closeEntry(ctx, task.entryId, { outcome: "cancelled" });
    return { scheduledId };
  },
});

/** Where a task stands now. */
export function statusOf({ status, deadline = 0, run }: Doc<"tasks">): Infer<typeof vTaskStatus> {
  if (status !== "working" || deadline > Date.now()) return status;
  return run?.scheduledId === undefined ? "lost" : "missed";
}

/** The same, and since when. Nothing is written when a deadline passes. */
export function standing(task: Doc<"tasks">): Pick<Doc<"tasks">, "status" | "updatedAt"> {
  const { updatedAt, deadline = 0 } = task;
  const status = statusOf(task);
  const isLate = status !== task.status;
  return { status, updatedAt: isLate ? Math.max(updatedAt, deadline) : updatedAt };
}

/** The same of a task that is about to be written: where its deadline has passed, the log is told. */
export async function settled(
  ctx: MutationCtx,
  task: Doc<"tasks">,
): Promise<ReturnType<typeof standing>> {
  const now = standing(task);
  if (now.status !== task.status) {
    const why = now.status === "missed" ? { errorCode: "NotBegun" } : {};
    await writeRecorded(ctx, task.recording, { name: "end", outcome: "lost", ...why });
  }
  return now;
}

/** Deletes a task, and with it whatever it gave. */
export async function deleteTask(ctx: MutationCtx, task: Doc<"tasks">): Promise<void> {
  await settled(ctx, task);
  await writeRecorded(ctx, task.recording, { name: "expire" });
  await ctx.db.delete(task._id);
}

/** When a task changes: later than the last time, so that each change can be told by it. */
export function stamp({ updatedAt }: Doc<"tasks">): number {
  return Math.max(Date.now(), updatedAt + 1);
}

/** A task that has not expired. */
export async function findTask(ctx: Reader, taskId: string): Promise<Doc<"tasks"> | null> {
  const task = await ctx.db
    .query("tasks")
    .withIndex("by_taskId", (q) => q.eq("taskId", taskId))
    .unique();
  return task !== null && task.expiresAt > Date.now() ? task : null;
}

/** A question of a task, whether it waits or not. */
export function findQuestion(
  ctx: Reader,
  taskId: string,
  key: string,
): Promise<Doc<"taskQuestions"> | null> {
  return ctx.db
    .query("taskQuestions")
    .withIndex("by_key", (q) => q.eq("taskId", taskId).eq("key", key))
    .unique();
}

/** How a question was answered, without what was said: `accept`, `decline` or `cancel`, of what has one of these. */
function actionOf(reply: string): string {
  const { answer } = JSON.parse(reply) as { answer?: { action?: unknown } };
  return typeof answer?.action === "string" ? answer.action : "answer";
}

async function resultOf(ctx: Reader, taskId: string): Promise<string> {
  const parts = await ctx.db
    .query("taskTexts")
    .withIndex("by_task", (q) => q.eq("taskId", taskId).eq("kind", "result"))
    .collect();
  return parts.map(({ text }) => text).join("");
}

async function findOwn(
  ctx: Reader,
  { taskId, owner }: { taskId: string; owner: string },
): Promise<Doc<"tasks"> | null> {
  const task = await findTask(ctx, taskId);
  return task?.owner === owner ? task : null;
}

async function waitingOf(ctx: Reader, taskId: string): Promise<Infer<typeof vTaskQuestion>[]> {
  const waiting = await ctx.db
    .query("taskQuestions")
    .withIndex("by_waiting", (q) => q.eq("taskId", taskId).eq("waiting", true))
    .collect();
  return waiting.map(({ key, method, params }) => ({ key, method, params }));
}
