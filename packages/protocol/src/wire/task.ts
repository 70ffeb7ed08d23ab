/** Where a task stands (extension `io.modelcontextprotocol/tasks`). */
export type TaskStatus = "working" | "input_required" | "completed" | "failed" | "cancelled";

/** Work that goes on after its request was answered. Since 2026-07-28, as an extension. */
export interface Task {
  /** Hard to guess: whoever knows it still has to be its owner. */
  readonly taskId: string;
  readonly status: TaskStatus;
  readonly statusMessage?: string | undefined;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. */
  readonly lastUpdatedAt: string;
  /** Milliseconds from its creation until it may be forgotten; `null`: never. */
  readonly ttlMs: number | null;
  /** How long a client should wait before it asks again. */
  readonly pollIntervalMs?: number | undefined;
}
