import { fitEntry, redactText } from "@convex-mcp/audit";
import { Refused } from "@convex-mcp/protocol";
import type { Misuse } from "../component/misuse.ts";
import type { Entry, Keeping, Recording } from "../component/shared.ts";
import type { Config } from "../config.ts";
import type { RunMutationCtx } from "../ctx.ts";
import type { SessionCheck } from "./functions.ts";

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
  const { component } = config;
  try {
    return await ctx.runMutation(component.audit.record, {
      ...recordingOf(config, entry),
      ...(session && { session }),
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
  const { component } = config;
  try {
    const recording = recordingOf(config, entry);
    return { entryId: await ctx.runMutation(component.audit.begin, { ...recording, deadlineMs }) };
  } catch (error) {
    allowUnrecorded(config, entry, error);
    return {};
  }
}

/** How entries are kept, and whether refusals are counted. */
export type Kept = Pick<Config["audit"], "retentionMs" | "keeping" | "refusals">;

/** An entry as it is written, and how it is kept: for a mutation that writes it beside what it does. */
export function recordingOf({ audit }: { readonly audit: Kept }, entry: Entry): Recording {
  return { entry: fit(entry), ...keepingOf(audit) };
}

/** How the component counts that somebody named what is not theirs; what there is not only where refusals are counted. */
export function misuseOf({ audit }: { readonly audit: Kept }): Misuse {
  return { ...keepingOf(audit), unknown: audit.refusals === true };
}

function keepingOf({ retentionMs, keeping }: Kept): Keeping {
  return { retentionMs, ...keeping };
}

/** Bounds every text of an entry, so that storage cannot refuse it, and takes what looks like a secret out of those that were not made for it. */
export function fit(entry: Entry): Entry {
  const free: Partial<Record<(typeof FREE_TEXTS)[number], string>> = {};
  for (const field of FREE_TEXTS) {
    const text = entry[field];
    if (text !== undefined) free[field] = redactText(text);
  }
  const { at: _, ...fitted } = fitEntry({ at: 0, ...entry, ...free });
  return fitted;
}

/** Texts of errors and of policies: whoever threw them thought of another reader. And what a client says of itself. */
const FREE_TEXTS = ["error", "errorCode", "decision", "userAgent", "requestId"] as const;

/** What `onFailure` says of a call whose entry could not be written: it is undone, or it stands. */
export function allowUnrecorded(config: Config, entry: Entry, error: unknown): void {
  if (config.audit.onFailure !== "allow" || error instanceof Refused) throw error;
  reportUnrecorded(entry, error);
}

/** For the log of the function: it has what the audit log could not take. */
export function reportUnrecorded({ tool, name }: Entry, error: unknown): void {
  console.error(`The audit entry of a call of "${tool ?? name}" could not be written.`, error);
}

/** The error code of a name that there is not: whatever a client wrote, so that statistics count all of them as one. */
export const NOT_FOUND = "NotFound";

/** What was refused, beside the reason. */
export interface RefusedUse {
  /** Default: `"auth"`. */
  readonly kind?: Entry["kind"];
  /** What was named, and who named it: where it is somebody else's, the component says so. */
  readonly named?: { readonly id: string; readonly owner: string };
}

/**
 * Counts the refusal of somebody who is not known, or who asks too often, where an app wants that: one call, in rows of
 * which there are as many as minutes and reasons. What cannot be counted is refused all the same.
 */
export async function countRefusal(
  {
    component,
    audit,
  }: { readonly component: Pick<Config["component"], "refusals">; readonly audit: Kept },
  ctx: RunMutationCtx,
  reason: string,
  about: RefusedUse = {},
): Promise<void> {
  if (audit.refusals !== true) return;
  try {
    const refusal = { reason, ...about, ...keepingOf(audit) };
    await ctx.runMutation(component.refusals.count, refusal);
  } catch (error) {
    console.error("A refusal could not be counted.", error);
  }
}
