import type { RpcError } from "./errors.ts";
import { isObject } from "./json.ts";
import type { JsonObject } from "./json.ts";
import type { ClientCapabilities } from "./questions.ts";
import type { CallToolResult } from "./types.ts";

/** The name of the extension. */
export const tasksExtension = "io.modelcontextprotocol/tasks";

/** What a client has to declare to be given tasks. */
export const tasksCapability: JsonObject = { extensions: { [tasksExtension]: {} } };

/** Whether a client can be given tasks. */
export function declaresTasks(capabilities: ClientCapabilities | undefined): boolean {
  return isObject(capabilities?.extensions) && isObject(capabilities.extensions[tasksExtension]);
}

/** Where a task stands. */
export type TaskStatus = "working" | "input_required" | "completed" | "failed" | "cancelled";

/** Work that goes on after its request was answered. Since 2026-07-28, as an extension. */
export interface Task {
  /** Hard to guess; whoever knows it still has to be its owner. */
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

/** A task with what its status brings. */
export interface DetailedTask extends Task {
  /** While `input_required`: every question that waits, by its key. */
  readonly inputRequests?:
    | Readonly<Record<string, { readonly method: string; readonly params: JsonObject }>>
    | undefined;
  /** When `completed`; a tool's own failure is one (`isError`). */
  readonly result?: CallToolResult | undefined;
  /** When `failed`. */
  readonly error?: RpcError | undefined;
}
