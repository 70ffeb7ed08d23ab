import {
  type CallToolResult,
  type ClientRequest,
  type DetailedTask,
  errorCodes,
  readClientAnswer,
  type RequestMark,
  type RpcError,
  type TaskStore,
} from "@convex-mcp/protocol";
import { requestOf } from "../calls/entry.ts";
import { countRefusal } from "../calls/record.ts";
import type { Config } from "../config.ts";
import { ownerOf, type Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";
import type { Who } from "../identity/who.ts";
import type { Reply } from "../streaming/reports.ts";
import type { TaskSettings } from "./settings.ts";

/** Characters of an answer, as JSON: with its question it has to fit into a document of 1 MiB, at up to 3 bytes each. */
const MAX_ANSWER = 192 * 1024;

/** The ids that we give. What looks otherwise is no task, and nobody is asked for it. */
const TASK_ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Tasks in the component's table: one query to look at one, one mutation to cancel it, one of each to answer. */
export function createTaskStore(
  config: Config,
  { pollIntervalMs }: Pick<TaskSettings, "pollIntervalMs">,
): TaskStore<RequestScope, Principal> {
  const { tasks } = config.component;
  const asked = (caller: Who, taskId: string, { id, meta }: RequestMark) =>
    requestOf(config, caller, { kind: "task", taskId, requestId: JSON.stringify(id) }, meta);
  /** Somebody else's is as unknown as one that there is not. */
  const unknown = async ({ context, principal }: Who, id: string) => {
    const named = { id, owner: ownerOf(principal) };
    await countRefusal(config, context.ctx, "unknownTask", { named });
    return false;
  };
  return {
    get: async (caller, taskId) => {
      const key = taskKey(caller, taskId);
      const found = key && (await caller.context.ctx.runQuery(tasks.get, key));
      if (found) return toTask(taskId, found, pollIntervalMs);
      await unknown(caller, taskId);
      return undefined;
    },
    answer: async (caller, taskId, responses, request) => {
      const key = taskKey(caller, taskId);
      if (key === undefined) return unknown(caller, taskId);
      const { ctx } = caller.context;
      const waiting = await ctx.runQuery(tasks.questions, key);
      if (waiting === null) return unknown(caller, taskId);
      const replies = waiting.flatMap((question) => {
        const answer = Object.hasOwn(responses, question.key) ? responses[question.key] : undefined;
        const reply = toReply(question, answer);
        return reply === undefined ? [] : [{ key: question.key, reply: JSON.stringify(reply) }];
      });
      if (replies.length > 0) {
        const by = asked(caller, taskId, request);
        await ctx.runMutation(tasks.answer, { ...key, replies, ...by });
      }
      return true;
    },
    cancel: async (caller, taskId, request) => {
      const key = taskKey(caller, taskId);
      if (key === undefined) return unknown(caller, taskId);
      const { ctx } = caller.context;
      const by = asked(caller, taskId, request);
      const cancelled = await ctx.runMutation(tasks.cancel, { ...key, ...by });
      if (cancelled === null) return unknown(caller, taskId);
      if (cancelled.scheduledId !== undefined) await unschedule(ctx, cancelled.scheduledId);
      return true;
    },
  };
}

/** Whose task it is. Strangers have none: one could not be told from another. */
function taskKey({ principal }: Who, taskId: string) {
  if (principal.kind === "anonymous" || !TASK_ID.test(taskId)) return undefined;
  return { taskId, owner: ownerOf(principal) };
}

/** Saves the call of a run that would find nothing to do. */
async function unschedule({ scheduler }: RequestScope["ctx"], scheduledId: string): Promise<void> {
  try {
    await scheduler.cancel(scheduledId as Parameters<typeof scheduler.cancel>[0]);
  } catch (error) {
    // It has begun meanwhile, and found the task called off.
    console.warn("The run of a task that was cancelled could not be unscheduled.", error);
  }
}

/** One question that waits, as the component keeps it. */
interface WaitingQuestion {
  readonly key: string;
  readonly method: string;
  /** JSON. */
  readonly params: string;
}

interface StoredTask {
  readonly status: "working" | "completed" | "failed" | "cancelled" | "lost" | "missed";
  readonly statusMessage?: string;
  readonly error?: string;
  readonly result?: string;
  readonly questions: readonly WaitingQuestion[];
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number;
}

function toTask(taskId: string, stored: StoredTask, pollIntervalMs: number): DetailedTask {
  const { statusMessage, createdAt, updatedAt, expiresAt } = stored;
  return {
    taskId,
    ...toStatus(stored),
    ...(statusMessage === undefined ? {} : { statusMessage }),
    createdAt: new Date(createdAt).toISOString(),
    lastUpdatedAt: new Date(updatedAt).toISOString(),
    ttlMs: expiresAt - createdAt,
    pollIntervalMs,
  };
}

/** Nothing is known of it but that it is over. */
const LOST: RpcError = {
  code: errorCodes.internalError,
  message:
    "The task did not end in time. It is not known whether it took effect: check before you start it again.",
};

/** Its run did not come in time, and finds nothing to do when it does. */
const MISSED: RpcError = {
  code: errorCodes.internalError,
  message:
    "The task did not begin in time, and never will. Nothing was done: it may be started again.",
};

function toStatus({
  status,
  error,
  result,
  questions,
}: StoredTask): Pick<DetailedTask, "status" | "inputRequests" | "result" | "error"> {
  switch (status) {
    case "working":
      return questions.length === 0
        ? { status }
        : {
            status: "input_required",
            inputRequests: Object.fromEntries(questions.map((it) => [it.key, toRequest(it)])),
          };
    case "completed":
      return { status, result: JSON.parse(result ?? "{}") as CallToolResult };
    case "failed":
      return { status, error: error === undefined ? LOST : (JSON.parse(error) as RpcError) };
    case "lost":
      return { status: "failed", error: LOST };
    case "missed":
      return { status: "failed", error: MISSED };
    case "cancelled":
      return { status };
  }
}

/** As the run put it, in the same deployment. */
function toRequest({ method, params }: WaitingQuestion): ClientRequest {
  return { method, params: JSON.parse(params) } as ClientRequest;
}

function toReply(question: WaitingQuestion, answer: unknown): Reply | undefined {
  const read = readClientAnswer(toRequest(question), answer);
  if (read === undefined) return undefined;
  const { length } = JSON.stringify(read);
  if (length <= MAX_ANSWER) return { kind: "answer", answer: read };
  const message = `The answer has ${length} characters, and may have ${MAX_ANSWER}.`;
  return { kind: "failed", message };
}
