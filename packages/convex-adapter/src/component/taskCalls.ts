import { v } from "convex/values";
import type { Doc } from "./_generated/dataModel.js";
import { mutation, query, type QueryCtx } from "./_generated/server.js";
import { type Handle, taskOf, vMcpCall } from "./handle.ts";
import { findQuestion, findTask, stamp } from "./tasks.ts";

/** A status message is a line for people. */
const MAX_MESSAGE = 1_024;
/** A question has to fit into a document, and those that wait into an answer. */
const MAX_QUESTION = 128 * 1024;
const MAX_WAITING = 10;
const MAX_KEY = 256;

/**
 * What the run of a task uses, by its handle. It has no identity of its own to compare with the owner, so `owner` is
 * absent; code that has one is refused unless it is the owner's.
 */
const runKey = { handle: vMcpCall, owner: v.optional(v.string()) };

/** For whom a task runs, and what their client can be asked: both JSON. `null`: the run has ended, or the handle is none. */
export const caller = query({
  args: runKey,
  returns: v.union(v.null(), v.object({ identity: v.string(), capabilities: v.string() })),
  handler: async (ctx, key) => {
    const task = await findRun(ctx, key);
    if (task?.run === undefined) return null;
    const { identity, capabilities } = task.run;
    return { identity, capabilities };
  },
});

/** Says how far the work is. `null` where `caller` says `null`; otherwise whether the owner called the task off. */
export const tell = mutation({
  args: { ...runKey, message: v.string() },
  returns: v.union(v.null(), v.object({ cancelled: v.boolean() })),
  handler: async (ctx, { message, ...key }) => {
    const task = await findRun(ctx, key);
    if (task === null) return null;
    if (task.status !== "working") return { cancelled: true };
    // Half a pair is no Unicode, which storage refuses.
    const statusMessage = message.slice(0, MAX_MESSAGE).replace(/\p{Surrogate}/gu, "");
    await ctx.db.patch(task._id, { statusMessage, updatedAt: stamp(task) });
    return { cancelled: false };
  },
});

/** Asks the owner. As `tell`; no two questions of a task have the same key. */
export const ask = mutation({
  args: { ...runKey, key: v.string(), method: v.string(), params: v.string() },
  returns: v.union(v.null(), v.object({ cancelled: v.boolean() })),
  handler: async (ctx, { key, method, params, ...by }) => {
    const task = await findRun(ctx, by);
    if (task === null) return null;
    if (task.status !== "working") return { cancelled: true };
    const { taskId, expiresAt } = task;
    if (params.length > MAX_QUESTION || key.length > MAX_KEY) {
      throw new Error(
        `A question may have ${MAX_QUESTION} characters as JSON, and its key ${MAX_KEY}; these have ${params.length} and ${key.length}.`,
      );
    }
    if ((await findQuestion(ctx, taskId, key)) !== null) {
      throw new Error(`Two questions of a task have the key ${JSON.stringify(key)}.`);
    }
    const waiting = await ctx.db
      .query("taskQuestions")
      .withIndex("by_waiting", (q) => q.eq("taskId", taskId).eq("waiting", true))
      .take(MAX_WAITING);
    if (waiting.length === MAX_WAITING) {
      throw new Error(`${MAX_WAITING} questions of a task may wait for an answer, and do.`);
    }
    const question = { taskId, key, method, params, waiting: true, expiresAt };
    await ctx.db.insert("taskQuestions", question);
    await ctx.db.patch(task._id, { updatedAt: stamp(task) });
    return { cancelled: false };
  },
});

/** The reply to a question, as soon as there is one: polled by the run. `null`: nobody will reply any more. */
export const replyTo = query({
  args: { ...runKey, key: v.string() },
  returns: v.union(v.null(), v.object({ reply: v.optional(v.string()), cancelled: v.boolean() })),
  handler: async (ctx, { key, ...by }) => {
    const task = await findRun(ctx, by);
    if (task === null) return null;
    const { reply } = (await findQuestion(ctx, task.taskId, key)) ?? {};
    const cancelled = task.status !== "working";
    return { cancelled, ...(reply === undefined ? {} : { reply }) };
  },
});

/** The task whose run has this handle, while it runs. */
async function findRun(
  ctx: Pick<QueryCtx, "db">,
  { handle, owner }: { handle: Handle; owner?: string },
): Promise<Doc<"tasks"> | null> {
  const taskId = taskOf(handle);
  const task = taskId === undefined ? null : await findTask(ctx, taskId);
  if (task?.run === undefined || task.run.scheduledId !== undefined) return null;
  const theirs = task.run.token === handle.token && (owner ?? task.owner) === task.owner;
  return theirs && (task.deadline ?? 0) > Date.now() ? task : null;
}
