import { fitEntry } from "@convex-mcp/audit";
import { Refused } from "@convex-mcp/protocol";
import type { FunctionArgs, FunctionReference, FunctionReturnType } from "convex/server";
import type { Entry } from "../component/shared.ts";
import type { Config } from "../config.ts";
import type { SessionCheck } from "../sessions.ts";

/** Any `ctx` that can run a mutation. */
export interface RunMutationCtx {
  runMutation<Mutation extends FunctionReference<"mutation", "internal">>(
    mutation: Mutation,
    args: FunctionArgs<Mutation>,
  ): Promise<FunctionReturnType<Mutation>>;
}

/**
 * Writes an entry, and checks a session in the same mutation. False: there is no such session. Where an entry cannot
 * be written and need not be, the session is checked alone.
 */
export async function writeEntry(
  config: Config,
  ctx: RunMutationCtx,
  entry: Entry,
  session?: SessionCheck,
): Promise<boolean> {
  const { component, audit } = config;
  try {
    return await ctx.runMutation(component.audit.record, {
      entry: fit(entry),
      retentionMs: audit.retentionMs,
      ...(session === undefined ? {} : { session }),
    });
  } catch (error) {
    allowUnrecorded(config, entry, error);
  }
  if (session === undefined) return true;
  const { key, ttlMs } = session;
  return (await ctx.runMutation(component.sessions.check, { session: key, ttlMs })) !== null;
}

/** Opens the entry of an action. Without an id it could not be written, and need not be. */
export async function openEntry(
  config: Config,
  ctx: RunMutationCtx,
  entry: Entry,
  deadlineMs: number,
): Promise<{ entryId?: string }> {
  const { component, audit } = config;
  try {
    const entryId = await ctx.runMutation(component.audit.begin, {
      entry: fit({ ...entry, outcome: "running" }),
      deadlineMs,
      retentionMs: audit.retentionMs,
    });
    return { entryId };
  } catch (error) {
    allowUnrecorded(config, entry, error);
    return {};
  }
}

/** Bounds every text of an entry, so that storage cannot refuse it. */
export function fit(entry: Entry): Entry {
  const { at: _, ...fitted } = fitEntry({ at: 0, ...entry });
  return fitted;
}

/** What `onFailure` says of a call whose entry could not be written: it is undone, or it stands. */
export function allowUnrecorded(config: Config, { tool }: Entry, error: unknown): void {
  if (config.audit.onFailure !== "allow" || error instanceof Refused) throw error;
  console.error(`The audit entry of a call of "${tool}" could not be written.`, error);
}
