import { internalActionGeneric } from "convex/server";
import { v } from "convex/values";
import type { Config, TaskWork } from "../config.ts";
import type { RunTask } from "./functions.ts";

/**
 * What the first feature brings that has it. For a gateway with a tool that goes on as a task it is asked when that is made.
 *
 * @throws TypeError when none does.
 */
export function taskWorkOf({ features }: Config): TaskWork {
  const work = features.find(({ tasks }) => tasks)?.tasks;
  if (work) return work;
  throw new TypeError("features: expected mcpTasks(), for tools with `task`.");
}

/** The action that runs tasks: in the app's root, where its tools are, and with no identity, as all that is scheduled. */
export function createRunTask(config: Config): RunTask {
  return internalActionGeneric({
    args: { taskId: v.string() },
    handler: (ctx, { taskId }) => taskWorkOf(config).run(config, ctx, taskId),
  });
}
