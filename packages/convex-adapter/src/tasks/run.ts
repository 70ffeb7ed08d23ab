import {
  errorCodes,
  MissingCapability,
  missingCapabilityError,
  type RpcError,
} from "@convex-mcp/protocol";
import type { GenericActionCtx, GenericDataModel } from "convex/server";
import { jsonToConvex, type Value } from "convex/values";
import { interrupted } from "../calls/end.ts";
import { toErrorResult } from "../calls/failure.ts";
import { fitEnd, measured } from "../calls/run.ts";
import { taskHandle } from "../component/handle.ts";
import type { End } from "../component/shared.ts";
import type { Config } from "../config.ts";
import { toOriginal } from "../streaming/interruption.ts";
import type { AnyFunction, McpTool } from "../tools/tool.ts";
import { toParts } from "../values/parts.ts";

/** A transaction may read 16 MiB, and a character may have 3 bytes. */
const MAX_RESULT = 2 * 1024 * 1024;

type Ctx = GenericActionCtx<GenericDataModel>;

/** How a run ended: for the owner, and for the log. */
interface Ending {
  readonly outcome: { status: "completed"; result: string[] } | { status: "failed"; error: string };
  readonly end: End;
}

/**
 * Runs a task, once: three function calls, the tool's among them. Should it die on the way, the task and its entry read
 * so from their deadline on.
 */
export async function runTask(config: Config, ctx: Ctx, taskId: string): Promise<null> {
  const { taskRuns } = config.component;
  const work = await ctx.runMutation(taskRuns.claim, { taskId });
  if (work === null) return null;
  const tool = config.catalog.get(work.tool);
  const fn = runnable(tool);
  const { outcome, end } =
    tool === undefined || fn === undefined
      ? gone(work.tool)
      : await perform(config, tool, async () => {
          const args = jsonToConvex(JSON.parse(work.args)) as Record<string, Value>;
          return ctx.runAction(fn, { ...args, mcp: taskHandle(taskId, work.token) });
        });
  const { entryId } = work;
  await ctx.runMutation(taskRuns.finish, {
    taskId,
    ...(entryId === undefined ? {} : { entryId }),
    end: fitEnd(end),
    outcome,
  });
  return null;
}

/** The action that a tool is, if it can learn for whom it runs. */
function runnable(tool: McpTool | undefined): AnyFunction<"action"> | undefined {
  if (tool?.kind !== "action" || "handler" in tool.run) return undefined;
  return tool.run.takesHandle ? tool.run.fn : undefined;
}

/** A tool's own failure is a result, which the model reads; only what is no answer at all fails the task. */
async function perform(
  config: Config,
  tool: McpTool,
  run: () => Promise<Value | undefined>,
): Promise<Ending> {
  const { json, end, thrown } = await measured(config, { tool, entry: {} }, run);
  const interruption = toOriginal(thrown);
  if (interruption instanceof MissingCapability) {
    return {
      outcome: failure(missingCapabilityError(interruption)),
      end: interrupted(interruption, end.durationMs ?? 0),
    };
  }
  const kept = json.length <= MAX_RESULT ? json : tooLong(tool.name, json.length);
  return { outcome: { status: "completed", result: toParts(kept) }, end };
}

/** A deploy took the tool away, or made something else of it, before the task began. */
function gone(tool: string): Ending {
  const message = `The server no longer has the tool ${tool} as a task. Nothing was done.`;
  return {
    outcome: failure({ code: errorCodes.internalError, message }),
    end: { outcome: "aborted", errorCode: "UnknownTool", error: message },
  };
}

function failure(error: RpcError): Ending["outcome"] {
  return { status: "failed", error: JSON.stringify(error) };
}

/** What has happened is not reported as failed because of its length. */
function tooLong(tool: string, length: number): string {
  return toErrorResult(
    `${tool} was done. Its result has ${length} characters, and a task keeps ${MAX_RESULT}: ask for less.`,
  );
}
