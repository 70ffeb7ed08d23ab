import { createPayloadWriter } from "@convex-mcp/audit";
import { rawJson, type ToolOutcome } from "@convex-mcp/protocol";
import { ConvexError, type Value } from "convex/values";
import type { Issue } from "../values/issue.ts";

/** Thrown by the dispatcher to roll back a mutation whose result is not what the tool declares. */
const ROLLED_BACK = "convex-mcp-gateway: rolled back";

/**
 * What an error says to the caller. Only a `ConvexError`, which an app throws for its callers to read, speaks to them:
 * its string, or its `message`. Anything else stays in the log.
 */
export function spokenText(error: unknown): string | undefined {
  if (!(error instanceof ConvexError)) return undefined;
  const data = error.data as Value;
  const text = isRecord(data) ? data["message"] : data;
  return typeof text === "string" && text.trim() !== "" ? text : undefined;
}

/** What the caller is told of an error that a tool threw, or what else is named. */
export function failureText(
  what: string,
  error: unknown,
  requestId: string | null | undefined,
  log = "audit log",
): string {
  const reference = requestId ? ` (request ${requestId})` : "";
  return spokenText(error) ?? `${what} failed. The details are in the server's ${log}${reference}.`;
}

/**
 * The error, for the log, without what the redaction of a payload would take out: secrets by their well-known names,
 * and the values that a validator's message repeats.
 */
export function errorText(error: unknown): string {
  if (error instanceof ConvexError) return `ConvexError: ${shown(error.data)}`;
  return error instanceof Error ? `${error.name}: ${withoutValues(error.message)}` : shown(error);
}

/** A stable word for the kind of error, for the log. */
export function errorCode(error: unknown): string {
  if (error instanceof ConvexError) {
    const data = error.data as Value;
    const code = isRecord(data) ? (data["code"] ?? data["kind"]) : undefined;
    return typeof code === "string" ? code : "ConvexError";
  }
  return error instanceof Error ? error.name : "Error";
}

/** An error that undoes the transaction it is thrown in and says why. */
export function rollback(issue: Issue): ConvexError<{ reason: string; issue: string }> {
  const { path, expected, received } = issue;
  return new ConvexError({
    reason: ROLLED_BACK,
    issue: `${path || "the result"}: \`returns\` says ${expected}, the function gave ${received}`,
  });
}

/** The issue that a `rollback` was thrown for. */
export function rolledBack(error: unknown): string | undefined {
  if (!(error instanceof ConvexError)) return undefined;
  const data = error.data as Value;
  if (!isRecord(data) || data["reason"] !== ROLLED_BACK) return undefined;
  return typeof data["issue"] === "string" ? data["issue"] : undefined;
}

/**
 * Whether a mutation that was rejected may have committed after all. A function that failed or ran into a limit has
 * not; an internal error of the platform leaves it open.
 */
export function commitIsUnknown(error: unknown): boolean {
  return error instanceof Error && /InternalServerError|couldn't be completed/.test(error.message);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return createPayloadWriter(undefined)(value).json ?? "";
}

/** Convex: `Value: "…"` and `Object: {…}` on lines of their own; convex-test: "got `…`" at the end. */
function withoutValues(message: string): string {
  return message
    .replace(/^(Value|Object): .*$/gm, "$1: [redacted]")
    .replace(/^(Validator error: .* got )`[^]*`$/, "$1[redacted]");
}

/** How a call ends whose tool failed, or that was wrong. */
export function errorOutcome(text: string): ToolOutcome {
  return { kind: "result", result: rawJson(toErrorResult(text)) };
}

/** The result of a tool that failed, or that was called wrongly: the model reads the text and may try again. */
export function toErrorResult(text: string): string {
  return JSON.stringify({ content: [{ type: "text", text }], isError: true });
}
