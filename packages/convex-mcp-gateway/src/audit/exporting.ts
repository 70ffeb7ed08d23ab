import { jsonLine } from "@convex-mcp/audit";
import { type OtlpOptions, toOtlpLogs, toOtlpSpans } from "@convex-mcp/audit/otel";
import type { ComponentApi, RunQueryCtx } from "@convex-mcp/convex-adapter";
import { ConvexError } from "convex/values";
import type { ListedAuditEntry } from "../audit.ts";

/** What to export, and as what. */
export interface ExportOptions extends OtlpOptions {
  /** `cursor` of the page before. Default: from the oldest that is sealed. */
  readonly cursor?: string | null;
  /**
   * `"jsonl"` (default): one entry a line. `"otlp-logs"`, `"otlp-spans"`: the body of a request to `/v1/logs` or `/v1/traces` in
   * JSON; only these leave arguments and results out, unless `payloads` is set.
   */
  readonly format?: "jsonl" | "otlp-logs" | "otlp-spans";
}

/** A page of the log, for another store. */
export interface AuditExport {
  /** Empty where there is nothing to send. */
  readonly body: string;
  readonly contentType: "application/x-ndjson" | "application/json";
  readonly entries: number;
  /** Where to go on, now or later: it stays good. */
  readonly cursor: string;
  /** Nothing more is sealed yet. */
  readonly done: boolean;
}

/**
 * Reads the log in the order in which it was sealed, some 200 entries a page. An entry is sealed once, when it says its last
 * word and some minutes have passed, and whatever was committed late comes later: who goes on from the cursor misses
 * nothing and gets nothing twice, but for what is deleted before it is asked for. It has no access control of its own.
 *
 * @throws ConvexError `{ kind: "invalid", message }` for a cursor that is none.
 */
export async function exportAuditLog(
  ctx: RunQueryCtx,
  component: ComponentApi,
  { cursor, format = "jsonl", ...options }: ExportOptions = {},
): Promise<AuditExport> {
  const page = await readPage(ctx, component, toNext(cursor));
  const body = page.entries.length === 0 ? "" : written(page.entries, format, options);
  return {
    body,
    contentType: format === "jsonl" ? "application/x-ndjson" : "application/json",
    entries: page.entries.length,
    cursor: String(page.next),
    done: page.done,
  };
}

/** The entries of one link. */
export interface SealedPage {
  readonly entries: readonly ListedAuditEntry[];
  readonly next: number;
  readonly done: boolean;
}

/** Reads the next link that has entries. */
export async function readPage(
  ctx: RunQueryCtx,
  component: ComponentApi,
  next: number,
): Promise<SealedPage> {
  const page = await ctx.runQuery(component.exporting.page, { next });
  return { ...page, entries: page.entries.map(({ id, at, entry }) => ({ id, at, ...entry })) };
}

/** Entries in a format. Lines end with a line end each, so that pages can be joined. */
export function written(
  entries: readonly ListedAuditEntry[],
  format: NonNullable<ExportOptions["format"]>,
  options: OtlpOptions,
): string {
  switch (format) {
    case "jsonl":
      return entries.map((entry) => `${jsonLine(entry)}\n`).join("");
    case "otlp-logs":
      return JSON.stringify(toOtlpLogs(entries, options));
    case "otlp-spans":
      return JSON.stringify(toOtlpSpans(entries, options));
  }
}

function toNext(cursor: string | null | undefined): number {
  if (cursor === undefined || cursor === null) return 0;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  const got = JSON.stringify(cursor.slice(0, 64));
  const message = `Expected a cursor that exportAuditLog returned, got ${got}.`;
  throw new ConvexError({ kind: "invalid", message });
}
