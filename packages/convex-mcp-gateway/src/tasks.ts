import { createTasks, type McpFeature } from "@convex-mcp/convex-adapter";

/** Options of {@link mcpTasks}. */
export interface McpTasksOptions {
  /** How long a task and its result are kept, from its start on; no tool may have a longer `deadlineMs`. Default 1 hour, at most 30 days. */
  readonly ttlMs?: number;
  /** How long clients should wait between two looks, each of which is a function call. Default 2 seconds. */
  readonly pollIntervalMs?: number;
  /** How many tasks of one user may go on at the same time; a further one is refused. Default 10. */
  readonly maxOpen?: number;
  /** How many tasks of one user are kept; a further one replaces the oldest that has ended. Default 100, at most 1,000. */
  readonly maxKept?: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Lets actions with `task` answer at once and go on in the background (2026-07-28, extension
 * `io.modelcontextprotocol/tasks`). Tasks belong to the user who started them. The mount needs `runTask`.
 *
 * @example
 * new McpGateway(components.mcpGateway, { ..., features: [mcpTasks()] });
 * export const { dispatch, runTask } = mcp.functions();
 * @throws TypeError naming the option that is wrong.
 */
export function mcpTasks(options: McpTasksOptions = {}): McpFeature {
  const { ttlMs = HOUR, pollIntervalMs = 2_000, maxOpen = 10, maxKept = 100 } = options;
  return createTasks({
    ttlMs: within("ttlMs", ttlMs, 30 * DAY),
    pollIntervalMs: within("pollIntervalMs", pollIntervalMs, HOUR),
    maxOpen: within("maxOpen", maxOpen, 1_000),
    maxKept: within("maxKept", maxKept, 1_000),
  });
}

/** Whole, as the extension wants its times. */
function within(name: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new TypeError(
    `mcpTasks: expected ${name} to be a whole number of 1 to ${most}, got ${String(value)}.`,
  );
}
