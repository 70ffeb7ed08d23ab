import { type Infer, v } from "convex/values";
import { internal } from "./_generated/api.js";
import type { Doc } from "./_generated/dataModel.js";
import { internalMutation, mutation, type MutationCtx } from "./_generated/server.js";
import { isSealable, PERSONAL, personHash } from "./chain.ts";
import { inTurn, takeBatch } from "./entries.ts";
import { appendLink, readState } from "./links.ts";

type Row = Doc<"auditEntries">;

const personFields = {
  subject: v.string(),
  issuer: v.string(),
  /** Entries made since the request was made are another matter. */
  before: v.number(),
};
const vPlace = v.object({
  outcome: v.string(),
  createdAt: v.number(),
  /** What has that time has been seen. */
  seen: v.boolean(),
});
type Place = Infer<typeof vPlace>;
interface Person {
  readonly subject: string;
  readonly issuer: string;
  readonly before: number;
}

/** Takes a person out of the entries of their calls, and goes on in the background when there are many. */
export const erase = mutation({
  args: { subject: v.string(), issuer: v.string() },
  returns: v.object({ erased: v.number(), done: v.boolean() }),
  handler: async (ctx, person) => {
    await eraseFromOwn(ctx, person);
    return eraseBatch(ctx, { ...person, before: Date.now() }, undefined);
  },
});

/** The next batch of `erase`. */
export const eraseMore = internalMutation({
  args: { ...personFields, from: vPlace },
  returns: v.null(),
  handler: async (ctx, { from, ...person }) => {
    await eraseBatch(ctx, person, from);
    return null;
  },
});

async function eraseBatch(ctx: MutationCtx, person: Person, from: Place | undefined) {
  const { batch, done } = await takeBatch(entriesOf(ctx, person, from));
  const theirs = batch.filter(
    ({ issuer, _creationTime }) => issuer === person.issuer && _creationTime <= person.before,
  );
  const { links } = await readState(ctx);
  for (const row of theirs) await ctx.db.patch(row._id, await erasure(row, links));
  if (theirs.length > 0) {
    await appendLink(ctx, {
      kind: "erasure",
      body: JSON.stringify(theirs.map(({ _id }) => _id)),
      count: theirs.length,
      from: 0,
      to: 0,
      expiresAt: Math.max(...theirs.map(({ expiresAt }) => expiresAt)),
    });
  }
  const last = batch.at(-1);
  if (!done && last !== undefined) {
    const next = { ...person, from: placeAfter(last, theirs.length > 0 ? undefined : from) };
    await ctx.scheduler.runAfter(0, internal.erasure.eraseMore, next);
  }
  return { erased: theirs.length, done };
}

/** Tasks, sessions and grants go on, and what the log is told of their ends is no longer whose they were. */
async function eraseFromOwn(
  { db }: MutationCtx,
  { subject, issuer }: Omit<Person, "before">,
): Promise<void> {
  for (const table of ["tasks", "sessions", "bridgeGrants"] as const) {
    const theirs = db
      .query(table)
      .withIndex("by_person", (q) =>
        q.eq("recording.entry.subject", subject).eq("recording.entry.issuer", issuer),
      );
    for (const { _id, recording } of await theirs.collect()) {
      if (recording === undefined) continue;
      const { kind, tool, outcome } = recording.entry;
      const entry = { kind, outcome, ...(tool === undefined ? {} : { tool }) };
      await db.patch(_id, { recording: { ...recording, entry } });
    }
  }
}

/** From a place on, that included: what is erased there is no longer found, what is another issuer's is passed. */
function entriesOf({ db }: MutationCtx, { subject }: Person, from: Place | undefined) {
  const entries = db.query("auditEntries");
  if (from === undefined) {
    return entries.withIndex("by_subject_outcome", (q) => q.eq("subject", subject));
  }
  const outcome = from.outcome as Row["outcome"];
  return inTurn<Row>([
    entries.withIndex("by_subject_outcome", (q) => {
      const range = q.eq("subject", subject).eq("outcome", outcome);
      return from.seen
        ? range.gt("_creationTime", from.createdAt)
        : range.gte("_creationTime", from.createdAt);
    }),
    db
      .query("auditEntries")
      .withIndex("by_subject_outcome", (q) => q.eq("subject", subject).gt("outcome", outcome)),
  ]);
}

/**
 * The last place again, since several entries may share it. Where a batch `from` there had nothing to erase and ends there,
 * they are another issuer's: then beyond it.
 */
function placeAfter({ outcome, _creationTime: createdAt }: Row, from: Place | undefined): Place {
  return { outcome, createdAt, seen: outcome === from?.outcome && createdAt === from.createdAt };
}

/** Without salt the hash that stays tells nothing of what it was made of. */
async function erasure(row: Row, link: number) {
  const at = Date.now();
  const person = isSealable(row) ? { person: await personHash(row) } : {};
  const gone: Partial<Record<(typeof PERSONAL)[number], undefined>> = {};
  for (const field of PERSONAL) gone[field] = undefined;
  return { ...gone, salt: undefined, erased: { at, link, ...person } };
}
