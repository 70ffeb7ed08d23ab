import type { OtlpOptions } from "@convex-mcp/audit/otel";
import { inTime } from "@convex-mcp/auth";
import type { ComponentApi, RunMutationCtx, RunQueryCtx } from "@convex-mcp/convex-adapter";
import type { ListedAuditEntry } from "../audit.ts";
import { readPage, written } from "./exporting.ts";

/** The `ctx` of an action. */
export type RunActionCtx = RunQueryCtx & RunMutationCtx;

/** Where to send the log, and as what. */
export interface PushOptions extends OtlpOptions {
  /** With `"otlp"` the base of an OTLP/HTTP endpoint, to which `/v1/logs` and `/v1/traces` are added; with `"jsonl"` the URL itself. */
  readonly endpoint: string;
  /** Sent with each request, such as `{ Authorization: "…" }`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default `"otlp"`. */
  readonly format?: "otlp" | "jsonl";
  /** Of `"otlp"`. Default both. */
  readonly signals?: readonly ("logs" | "traces")[];
  /** Tells exports apart that go to different places: each has a cursor of its own. Default `"default"`. */
  readonly name?: string;
  /** Pages of some 200 entries sent at most in one run. Default 50. */
  readonly maxPages?: number;
  /** How long one request may take. Default 30 seconds. */
  readonly timeoutMs?: number;
}

/** What was sent. */
export interface PushedAuditLog {
  readonly entries: number;
  readonly pages: number;
  /** Records that the endpoint took the request with, but not them (`partialSuccess`). They are not sent again. */
  readonly rejected: number;
  /** Nothing more is sealed yet. */
  readonly done: boolean;
}

/**
 * Sends what was sealed since the last time, from an action that an app's cron calls. The cursor is kept in the component, and
 * moves when a page has been taken: nothing is missed, and what was sent when a run broke off is sent again. Spans have
 * the same ids then, and records the same `convex_mcp.audit.id`.
 *
 * @throws Error when the endpoint does not take a page, with its status, or not in time; the next run sends it again. TypeError for an endpoint
 * that is no URL.
 * @example
 * export const push = internalAction(async (ctx) => {
 *   await pushAuditLog(ctx, components.mcpGateway, { endpoint: "https://otel.example.com", headers: { Authorization: "…" } });
 * });
 */
export async function pushAuditLog(
  ctx: RunActionCtx,
  component: ComponentApi,
  options: PushOptions,
): Promise<PushedAuditLog> {
  const { name = "default", maxPages = 50 } = options;
  const targets = targetsOf(options);
  let next = await ctx.runQuery(component.exporting.cursor, { name });
  let [entries, pages, rejected] = [0, 0, 0];
  while (pages < maxPages) {
    const page = await readPage(ctx, component, next);
    for (const target of page.entries.length === 0 ? [] : targets) {
      rejected += await send(target, page.entries, options);
    }
    if (page.next !== next) {
      ({ next } = page);
      await ctx.runMutation(component.exporting.advance, { name, next });
    }
    entries += page.entries.length;
    pages += 1;
    if (page.done) return { entries, pages, rejected, done: true };
  }
  return { entries, pages, rejected, done: false };
}

interface Target {
  readonly url: string;
  readonly format: "jsonl" | "otlp-logs" | "otlp-spans";
}

function targetsOf({
  endpoint,
  format = "otlp",
  signals = ["logs", "traces"],
}: PushOptions): Target[] {
  if (!/^https?:/i.test(endpoint) || !URL.canParse(endpoint)) {
    throw new TypeError(
      "pushAuditLog: expected endpoint to be a URL such as https://otel.example.com.",
    );
  }
  if (format === "jsonl") return [{ url: endpoint, format }];
  return signals.map((signal) => {
    const url = new URL(endpoint);
    url.pathname = `${url.pathname.replace(/\/+$/, "")}/v1/${signal}`;
    return { url: url.href, format: signal === "logs" ? "otlp-logs" : "otlp-spans" };
  });
}

async function send(
  { url, format }: Target,
  entries: readonly ListedAuditEntry[],
  { headers = {}, timeoutMs = 30_000, ...options }: PushOptions,
): Promise<number> {
  const contentType = format === "jsonl" ? "application/x-ndjson" : "application/json";
  const body = written(entries, format, options);
  const { ok, status, text } = await inTime(timeoutMs, async (signal) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { ...headers, "Content-Type": contentType },
      body,
      // The log and the headers are for this endpoint, and for none that it names.
      redirect: "manual",
      signal,
    });
    return { ok: response.ok, status: response.status, text: await response.text() };
  });
  if (!ok) {
    // Neither the URL nor the answer: the one may hold a key, the other what was sent.
    throw new Error(
      `pushAuditLog: expected the endpoint to take ${entries.length} entries, got status ${status}.`,
    );
  }
  return format === "jsonl" ? 0 : rejectedOf(text);
}

/** What of an answer to OTLP says that some records were not taken (OTLP/HTTP, partial success). */
function rejectedOf(text: string): number {
  try {
    const answer = JSON.parse(text) as { partialSuccess?: Record<string, unknown> } | null;
    const { rejectedLogRecords, rejectedSpans } = answer?.partialSuccess ?? {};
    const rejected = Number(rejectedLogRecords ?? rejectedSpans ?? 0);
    return Number.isFinite(rejected) ? rejected : 0;
  } catch {
    return 0;
  }
}
