import type { FunctionReturnType, GenericDataModel, GenericMutationCtx } from "convex/server";
import { vi } from "vitest";
import { api, internal } from "../../src/component/_generated/api.js";
import type { Entry, Keeping } from "../../src/component/shared.ts";
import { type Component, entry } from "./component.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const ISSUER = "https://issuer.test";

/** Entries written as a gateway with a chain writes them, a millisecond apart. */
export async function write(
  t: Component,
  entries: readonly Partial<Entry>[],
  keeping: Partial<Keeping> = {},
): Promise<void> {
  for (const each of entries) {
    vi.setSystemTime(Date.now() + 1);
    await t.mutation(api.audit.record, {
      entry: entry(each),
      retentionMs: 90 * DAY,
      chain: true,
      ...keeping,
    });
  }
}

/** Entries of Ann's with everything personal that there is. */
export function ofAnn(changes: Partial<Entry> = {}): Entry {
  return entry({
    subject: "ann",
    issuer: ISSUER,
    sessionId: "session-ann",
    requestId: "7",
    platformRequestId: "p7",
    ip: "192.0.2.7",
    userAgent: "ann's browser",
    args: '{"to":"ann@example.com"}',
    result: '{"from":"ann@example.com"}',
    error: "ann said no",
    decision: "deny: ann may not",
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ...changes,
  });
}

/** Lets everything that goes on in the background come to its end. */
export function settle(t: Component): Promise<void> {
  return t.finishAllScheduledFunctions(vi.runAllTimers);
}

/** A round of the sealer, some minutes later. */
export async function seal(t: Component, laterMs = 2 * MINUTE): Promise<void> {
  vi.setSystemTime(Date.now() + laterMs);
  await t.mutation(internal.sealing.seal, {});
  await settle(t);
}

/** Every page of a verification. */
export async function verify(t: Component, anchor?: Mark) {
  const problems: { kind: string; link: number; entry?: string }[] = [];
  const seen = { links: 0, entries: 0, unsealable: 0 };
  let last: Mark | null = null;
  for (let done = false; !done;) {
    const args: { after?: Mark; anchor?: Mark } = {
      ...(last === null ? {} : { after: last }),
      ...(anchor === undefined ? {} : { anchor }),
    };
    const page: FunctionReturnType<typeof api.verifying.page> = await t.query(
      api.verifying.page,
      args,
    );
    problems.push(...page.problems);
    seen.links += page.links;
    seen.entries += page.entries;
    seen.unsealable += page.unsealable;
    ({ last, done } = page);
  }
  return { ...seen, problems, last, kinds: [...new Set(problems.map(({ kind }) => kind))] };
}

interface Mark {
  readonly sequence: number;
  readonly hash: string;
}

/** Everything that an export gives, page by page. */
export async function exported(t: Component, from = 0): Promise<{ ids: string[]; next: number }> {
  const ids: string[] = [];
  let next = from;
  for (let done = false; !done;) {
    const page = await t.query(api.exporting.page, { next });
    ids.push(...page.entries.map(({ id }) => id));
    ({ next, done } = page);
  }
  return { ids, next };
}

/** What one function reads and writes, as convex-test counts it: documents of the ranges that it read, not the table's. */
export function cost(
  t: Component,
  run: (ctx: Pick<GenericMutationCtx<GenericDataModel>, "runQuery" | "runMutation">) => unknown,
): Promise<{ read: number; written: number }> {
  return t.mutation(async (ctx) => {
    await run(ctx);
    const { documentsRead, documentsWritten } = await ctx.meta.getTransactionMetrics();
    return { read: documentsRead.used, written: documentsWritten.used };
  });
}
