import type { MutationCtx } from "./_generated/server.js";
import { writeWhole } from "./entries.ts";
import type { Entry, Recording } from "./shared.ts";

/** What an entry says of a step, beside whose it is. */
type Step = Partial<Entry> & { readonly name: "start" | "input" | "cancel" | "end" | "expire" };

/** Writes a step of a task, where its steps are recorded. */
export async function writeStep(
  ctx: MutationCtx,
  recording: Recording | undefined,
  step: Step,
): Promise<void> {
  if (recording === undefined) return;
  const { entry, ...keeping } = recording;
  await writeWhole(ctx, { ...entry, ...step }, keeping);
}

/** What of the request that started a task its later steps say. */
export function later({ entry, ...keeping }: Recording): Recording {
  const { kind, tool, taskId, subject, issuer, clientName, clientVersion, outcome } = entry;
  const about = { tool, taskId, subject, issuer, clientName, clientVersion };
  const given = Object.entries(about).filter(([, value]) => value !== undefined);
  return { entry: { kind, outcome, ...Object.fromEntries(given) }, ...keeping };
}
