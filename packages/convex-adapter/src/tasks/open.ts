import {
  type GenericDataModel,
  type GenericMutationCtx,
  makeFunctionReference,
} from "convex/server";
import { convexToJson } from "convex/values";
import { besideArgs } from "../calls/entry.ts";
import { toErrorResult } from "../calls/failure.ts";
import type { TaskTicket, DispatchCall, DispatchReply } from "../calls/functions.ts";
import { openEntry, recordingOf, writeEntry } from "../calls/record.ts";
import type { Config } from "../config.ts";
import type { ActionTool } from "../tools/tool.ts";
import { toParts } from "../values/parts.ts";
import type { TaskSettings } from "./settings.ts";

/** A call whose task is to be stored, in the transaction that answers for it. */
interface OpeningTask extends Pick<DispatchCall, "args" | "entry"> {
  readonly tool: ActionTool;
  readonly task: TaskTicket;
}

/** Stores a task and schedules its run, in one transaction with its audit entry: what was answered exists. */
export async function openTask(
  config: Config,
  { ttlMs, maxOpen, maxKept }: TaskSettings,
  ctx: GenericMutationCtx<GenericDataModel>,
  { tool, args, entry, task }: OpeningTask,
): Promise<DispatchReply> {
  const { taskRuns } = config.component;
  const { runner, taskId, owner, identity, capabilities } = task;
  if (!(await ctx.runMutation(taskRuns.admit, { owner, maxOpen, maxKept }))) {
    const text = `${tool.name} was not started: ${maxOpen} tasks of yours may go on at the same time, and ${maxKept} be kept. Wait for one to end, or cancel one.`;
    const decision = "deny: too many tasks";
    await writeEntry(config, ctx, { ...entry, outcome: "denied", decision, error: text });
    return { kind: "result", json: toErrorResult(text) };
  }
  const { deadlineMs } = tool;
  const opened = await openEntry(config, ctx, { ...entry, taskId }, deadlineMs);
  const run = makeFunctionReference<"action", { taskId: string }, null>(runner);
  const scheduledId = await ctx.scheduler.runAfter(0, run, { taskId });
  const createdAt = await ctx.runMutation(taskRuns.start, {
    taskId,
    owner,
    tool: tool.name,
    args: toParts(JSON.stringify(convexToJson(args))),
    ...opened,
    run: { token: crypto.randomUUID(), identity, capabilities, deadlineMs, scheduledId },
    ttlMs,
    recording: recordingOf(config, { ...besideArgs(entry), kind: "task", taskId, outcome: "ok" }),
  });
  return { kind: "task", createdAt };
}
