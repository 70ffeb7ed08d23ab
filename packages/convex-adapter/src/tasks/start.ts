import {
  declaresTasks,
  MissingCapability,
  modernVersions,
  type Task,
  tasksCapability,
  type ToolOutcome,
} from "@convex-mcp/protocol";
import { getFunctionName } from "convex/server";
import { prepared } from "../calls/before.ts";
import type { ReadyCall } from "../calls/call.ts";
import type { Functions } from "../calls/functions.ts";
import { countRefusal, writeEntry } from "../calls/record.ts";
import { answered, dispatched } from "../calls/run.ts";
import type { Config } from "../config.ts";
import { ownerOf } from "../identity/principal.ts";
import { signInRequired } from "../identity/refusals.ts";
import type { ActionTool } from "../tools/tool.ts";
import type { TaskSettings } from "./settings.ts";

/** What a client can be asked fits in far less. */
const MAX_CAPABILITIES = 4_096;

/**
 * Starts a task for a client that can be given one: one function call, after which the task exists. `undefined`: its
 * client waits for the result, as strangers do, of whom one could not be told from another when the result is fetched.
 */
export async function startTask(
  config: Config,
  settings: TaskSettings,
  { runTask, ...functions }: Functions,
  call: ReadyCall,
  tool: ActionTool,
): Promise<ToolOutcome | undefined> {
  const { caller, channel } = call;
  const { principal } = caller;
  const isRequired = tool.task === "required";
  if (principal.kind === "anonymous") {
    if (!isRequired) return undefined;
    await countRefusal(config, caller.context.ctx, "anonymousCall");
    return { kind: "refused", refusal: signInRequired(caller.context.resource) };
  }
  const isModern = modernVersions.some((version) => version === caller.protocolVersion);
  // Of a session they are not looked up: none of its revisions knows the extension.
  const capabilities = isModern ? await channel.capabilities() : {};
  if (!isModern || !declaresTasks(capabilities)) {
    return isRequired ? refuse(config, call) : undefined;
  }
  if (runTask === undefined)
    throw new TypeError(`"${tool.name}" goes on as a task, without runTask.`);
  const json = JSON.stringify(capabilities);
  const taskId = crypto.randomUUID();
  const ready = await prepared(config, call, tool);
  if ("kind" in ready) return ready;
  const reply = await dispatched(config, functions, ready, {
    task: {
      taskId,
      owner: ownerOf(principal),
      identity: JSON.stringify(principal.identity),
      capabilities: json.length > MAX_CAPABILITIES ? "{}" : json,
      runner: getFunctionName(runTask),
    },
  });
  if (reply.kind !== "task") return answered(tool, reply);
  return { kind: "task", task: newTask(taskId, reply.createdAt, settings) };
}

function newTask(taskId: string, at: number, { ttlMs, pollIntervalMs }: TaskSettings): Task {
  const createdAt = new Date(at).toISOString();
  return { taskId, status: "working", createdAt, lastUpdatedAt: createdAt, ttlMs, pollIntervalMs };
}

/** Tells what the client would have to declare; recorded as what it cannot be asked is. */
async function refuse(
  config: Config,
  { caller, entry, session, limiting }: ReadyCall,
): Promise<ToolOutcome> {
  const missing = new MissingCapability(tasksCapability);
  const end = { outcome: "interrupted", errorCode: missing.name, error: missing.message } as const;
  const ctx = limiting?.before("record") ?? caller.context.ctx;
  const known = await writeEntry(config, ctx, { ...entry, ...end }, session);
  if (!known) return { kind: "sessionNotFound" };
  throw missing;
}
