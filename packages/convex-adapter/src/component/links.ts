import type { Doc } from "./_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "./_generated/server.js";
import { type Link, linkHash } from "./chain.ts";

type State = Pick<Doc<"auditState">, "sealedTo" | "links" | "keep">;

/** How far sealing is; nothing is sealed before anything was written. */
export async function readState({ db }: Pick<QueryCtx, "db">): Promise<State> {
  return (await db.query("auditState").unique()) ?? { sealedTo: 0, links: 0 };
}

/** Says how far sealing is. */
export async function writeState({ db }: MutationCtx, state: State): Promise<void> {
  const { sealedTo, links, keep } = state;
  const row = await db.query("auditState").unique();
  const fields = { sealedTo, links, ...(keep === undefined ? {} : { keep }) };
  if (row === null) await db.insert("auditState", fields);
  else if (row.sealedTo !== sealedTo || row.links !== links || row.keep !== keep) {
    await db.replace(row._id, fields);
  }
}

/** The newest link. */
export function headOf({ db }: Pick<QueryCtx, "db">): Promise<Doc<"auditLinks"> | null> {
  return db.query("auditLinks").withIndex("by_sequence").order("desc").first();
}

/**
 * Adds a link. Two at once conflict, and one of them is run again: links are made in the background, and by hand.
 *
 * @returns its sequence.
 */
export async function appendLink(
  ctx: MutationCtx,
  link: Pick<Link, "kind" | "body" | "count" | "from" | "to" | "expiresAt">,
): Promise<number> {
  const state = await readState(ctx);
  const head = await headOf(ctx);
  // Who deletes the newest links by hand does not have their numbers given out again.
  const sequence = Math.max(state.links, head === null ? 0 : head.sequence + 1);
  const whole = {
    ...link,
    sequence,
    at: Date.now(),
    total: (head?.total ?? 0) + (link.kind === "entries" ? link.count : 0),
    // What it says counts for as long as there is a link that it may be about.
    expiresAt: Math.max(link.expiresAt, link.kind === "entries" ? 0 : (head?.expiresAt ?? 0)),
    previous: head?.hash ?? "",
  };
  await ctx.db.insert("auditLinks", { ...whole, hash: await linkHash(whole) });
  await writeState(ctx, { ...state, links: sequence + 1 });
  return sequence;
}

/** Links of sealed entries whose newest entry is not older than a time, oldest first. */
export function entryLinksFrom({ db }: Pick<QueryCtx, "db">, settledAt: number) {
  return db
    .query("auditLinks")
    .withIndex("by_kind", (q) => q.eq("kind", "entries").gte("to", settledAt));
}
