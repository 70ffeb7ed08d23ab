import { ClientFailure } from "../channel/asker.ts";
import type { Question } from "../channel/asker.ts";
import { toQuestions } from "../channel/questions.ts";
import { createShares } from "../memory/shares.ts";
import type { Caller } from "../rpc/caller.ts";
import { MissingCapability, mutedChannel } from "../rpc/channel.ts";
import { internalError, missingCapabilityError } from "../rpc/failures.ts";
import type { TaskRunner, TaskWork } from "../tools/deferred.ts";
import { failedResult, ToolError } from "../tools/failure.ts";
import type { ClientCapabilities } from "../wire/questions.ts";
import type { DetailedTask, TaskStatus } from "../wire/task.ts";
import type { TaskStore } from "./store.ts";

/** Options of {@link memoryTasks}. */
export interface MemoryTasksOptions<P> {
  /**
   * A stable name of the person or program behind a principal. Tasks without one are reached by
   * everyone without one who knows their id.
   */
  readonly ownerOf: (principal: P) => string | undefined;
  /** How long a task is kept, from its creation on. Default: one hour. */
  readonly ttlMs?: number;
  /** How long clients should wait between two looks at a task. Default: 1 second. */
  readonly pollIntervalMs?: number;
  /**
   * Tasks one owner may have, or all principals without a name together; a further one forgets the
   * owner's oldest, and stops it. Default: 100.
   */
  readonly maxPerOwner?: number;
  /** Tasks in all; a further one forgets one of the owner who has most, and stops it. Default: 1,000. */
  readonly max?: number;
  /** Told of each change of a task, for a feed. */
  readonly onChange?: (task: DetailedTask) => void;
  /** Told what work throws, unless it was stopped. */
  readonly onError?: (error: unknown) => void;
  /** Default: `Date.now`. */
  readonly now?: () => number;
}

interface Entry {
  readonly stop: AbortController;
  readonly waiting: Map<string, Waiting>;
  task: DetailedTask;
}

interface Waiting {
  readonly question: Question<unknown>;
  readonly settle: (read: unknown) => void;
}

/** Tasks that this process works on, and keeps in its memory. */
export function memoryTasks<C, P>(
  options: MemoryTasksOptions<P>,
): TaskStore<C, P> & TaskRunner<C, P> {
  const { ownerOf, ttlMs = 3_600_000, maxPerOwner = 100, max = 1000, now = Date.now } = options;
  const entries = createShares<Entry>({
    maxPerOwner,
    max,
    now,
    onDrop: ({ stop }) => stop.abort(),
  });
  const find = ({ principal }: Caller<C, P>, taskId: string) =>
    entries.get(ownerOf(principal), taskId);

  return {
    async start({ principal }, work, capabilities) {
      const entry = newEntry(options, ttlMs, now);
      entries.set(ownerOf(principal), entry.task.taskId, entry, { expiresAt: now() + ttlMs });
      // Settles whatever happens: the work's failure is the task's.
      void runTask(options, entry, { work, capabilities, now });
      return entry.task;
    },
    get: async (caller, taskId) => find(caller, taskId)?.task,
    async answer(caller, taskId, responses) {
      const entry = find(caller, taskId);
      if (entry === undefined) return false;
      const before = entry.waiting.size;
      for (const [key, { question, settle }] of entry.waiting) {
        const read = Object.hasOwn(responses, key) ? question.read(responses[key]) : undefined;
        if (read === undefined) continue;
        entry.waiting.delete(key);
        settle(read);
      }
      if (!isOver(entry) && entry.waiting.size < before) {
        update(options, entry, { status: statusOf(entry) }, now);
      }
      return true;
    },
    async cancel(caller, taskId) {
      const entry = find(caller, taskId);
      if (entry === undefined) return false;
      if (!isOver(entry)) update(options, entry, { status: "cancelled" }, now);
      entry.stop.abort();
      return true;
    },
  };
}

function newEntry<P>(
  { pollIntervalMs = 1000 }: MemoryTasksOptions<P>,
  ttlMs: number,
  now: () => number,
): Entry {
  const createdAt = new Date(now()).toISOString();
  return {
    stop: new AbortController(),
    waiting: new Map(),
    task: {
      taskId: crypto.randomUUID(),
      status: "working",
      createdAt,
      lastUpdatedAt: createdAt,
      ttlMs,
      pollIntervalMs,
    },
  };
}

async function runTask<P>(
  options: MemoryTasksOptions<P>,
  entry: Entry,
  run: {
    readonly work: TaskWork;
    readonly capabilities: ClientCapabilities;
    readonly now: () => number;
  },
): Promise<void> {
  const { work, capabilities, now } = run;
  const asked = new Set<string>();
  const questions = toQuestions({
    capabilities: async () => capabilities,
    end: async (outcome) => outcome,
    ask: async (question) => {
      // Keys are unique for the whole life of a task, so that no answer comes to the wrong question.
      if (asked.has(question.key))
        throw new TypeError(`Two questions have the key "${question.key}".`);
      asked.add(question.key);
      return await new Promise((resolve, reject) => {
        const settle = resolve as (read: unknown) => void;
        const stopped = () => reject(new ClientFailure("The task was stopped: nobody answers."));
        if (entry.stop.signal.aborted || isOver(entry)) return stopped();
        entry.stop.signal.addEventListener("abort", stopped, { once: true });
        entry.waiting.set(question.key, { question, settle });
        update(options, entry, { status: "input_required" }, now);
      });
    },
  });
  let end: Pick<DetailedTask, "status" | "result" | "error">;
  try {
    const channel = { ...mutedChannel(entry.stop.signal), ...questions };
    end = { status: "completed", result: await work(channel) };
  } catch (error) {
    end = endOf(error);
    if (end.error === internalError && !entry.stop.signal.aborted) report(options, error);
  }
  entry.waiting.clear();
  if (!isOver(entry)) update(options, entry, end, now);
}

/** How a task ends whose work threw. */
function endOf(error: unknown): Pick<DetailedTask, "status" | "result" | "error"> {
  if (error instanceof ToolError) {
    return { status: "completed", result: failedResult(error.message) };
  }
  const isMissing = error instanceof MissingCapability;
  return { status: "failed", error: isMissing ? missingCapabilityError(error) : internalError };
}

function update<P>(
  { onChange }: MemoryTasksOptions<P>,
  entry: Entry,
  change: Partial<DetailedTask>,
  now: () => number,
): void {
  const { inputRequests: _before, ...task } = entry.task;
  const lastUpdatedAt = new Date(now()).toISOString();
  const questions = [...entry.waiting].map(([key, { question }]) => {
    const { method, params } = question;
    return [key, { method, params }];
  });
  entry.task = {
    ...task,
    ...change,
    lastUpdatedAt,
    ...(change.status === "input_required" && { inputRequests: Object.fromEntries(questions) }),
  };
  try {
    onChange?.(entry.task);
  } catch {
    // Dropped on purpose: who listens must not alter a task.
  }
}

function statusOf({ waiting }: Entry): TaskStatus {
  return waiting.size > 0 ? "input_required" : "working";
}

function isOver({ task: { status } }: Entry): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}

function report<P>({ onError }: MemoryTasksOptions<P>, error: unknown): void {
  try {
    onError?.(error);
  } catch {
    // Dropped on purpose, as with a handler's onError.
  }
}
