import { type Infer, v } from "convex/values";
import type { Doc } from "./_generated/dataModel.js";
import { query, type QueryCtx } from "./_generated/server.js";
import { type Leaf, leafHash, linkHash, readErased, readLeaves } from "./chain.ts";
import { settledFrom } from "./entries.ts";
import { entryLinksFrom, readState } from "./links.ts";
import { DRAIN_BATCH, MAX_CHARS, sizeOf } from "./shared.ts";

/** Links looked at for one page; fewer where their entries are big. */
const MAX_LINKS = 5;
/** Problems told of one page: where everything is wrong, a list of it helps nobody. */
const MAX_PROBLEMS = 100;
/** Links looked through for an entry that another link than that of its time may have. */
const MAX_LATE = 50;
/** The letters of payloads in the time of one link; its own have a little more than `MAX_CHARS`. */
const MAX_RANGE_CHARS = 1.25 * MAX_CHARS;

const vProblem = v.object({
  /**
   * `gap`: links are missing. `link`: a link is not what was written. `edited`, `deleted`: of an entry. `erased`: its
   * person was taken out, and not by an erasure. `unsealed`: no link has it.
   */
  kind: v.union(
    v.literal("gap"),
    v.literal("link"),
    v.literal("edited"),
    v.literal("deleted"),
    v.literal("erased"),
    v.literal("unsealed"),
  ),
  link: v.number(),
  entry: v.optional(v.string()),
  message: v.string(),
});
type Problem = Infer<typeof vProblem>;

const vMark = v.object({ sequence: v.number(), hash: v.string() });

type Row = Doc<"auditEntries">;
type StoredLink = Doc<"auditLinks">;

/** Looks through links and what they sealed, from a link on. */
export const page = query({
  args: {
    /** The link before the page, as the page before it said. */
    after: v.optional(vMark),
    /** A link as somebody noted it elsewhere. */
    anchor: v.optional(vMark),
  },
  returns: v.object({
    problems: v.array(vProblem),
    links: v.number(),
    entries: v.number(),
    /** Of these the content is not sealed, their place alone. */
    unsealable: v.number(),
    last: v.union(v.null(), vMark),
    done: v.boolean(),
  }),
  handler: async (ctx, { after, anchor }) => {
    const state = await readState(ctx);
    const floor = await highest(ctx, "retention");
    const prunedTo = await highest(ctx, "prune");
    const problems: Problem[] = [];
    const erasures: Erasures = new Map();
    // What was dropped between two pages is gone on with where the rest begins.
    const before = after !== undefined && after.sequence + 1 >= floor ? after : undefined;
    let last = before;
    let expected = before === undefined ? floor : before.sequence + 1;
    if (before !== undefined) problems.push(...(await twinsOf(ctx, before.sequence)));
    let since = await sealedBefore(ctx, expected);
    let [links, entries, unsealable, chars] = [0, 0, 0, 0];
    const rest = ctx.db
      .query("auditLinks")
      // From the very first on, whatever its number.
      .withIndex("by_sequence", (q) => (before === undefined ? q : q.gte("sequence", expected)));
    for await (const link of rest) {
      const isFull = links === MAX_LINKS || chars >= MAX_CHARS;
      if (isFull || problems.length >= MAX_PROBLEMS) {
        return { ...told(problems, last), links, entries, unsealable, done: false };
      }
      problems.push(...(await problemsOf(link, { expected, previous: last?.hash, anchor })));
      const found = await checkEntries(ctx, link, { prunedTo, floor, erasures, since });
      problems.push(...found.problems);
      if (link.kind === "entries") since = since === Infinity ? link.to : Math.max(since, link.to);
      links += 1;
      entries += found.entries;
      unsealable += found.unsealable;
      chars += found.chars;
      last = { sequence: link.sequence, hash: link.hash };
      expected = link.sequence + 1;
    }
    const missing = Math.max(state.links, anchor === undefined ? 0 : anchor.sequence + 1);
    if (expected < missing) {
      const message = `The newest links are missing, from ${expected} to ${missing - 1}.`;
      problems.push({ kind: "gap", link: expected, message });
    }
    return { ...told(problems, last), links, entries, unsealable, done: true };
  },
});

function told(problems: Problem[], last: Infer<typeof vMark> | undefined) {
  return { problems: problems.slice(0, MAX_PROBLEMS), last: last ?? null };
}

/** That there are several links of one number, the last of a page: those within a page are found one by one. */
async function twinsOf({ db }: QueryCtx, sequence: number): Promise<Problem[]> {
  const links = await db
    .query("auditLinks")
    .withIndex("by_sequence", (q) => q.eq("sequence", sequence))
    .take(2);
  const message = `Expected one link ${sequence}, found several.`;
  return links.length < 2 ? [] : [{ kind: "gap", link: sequence, message }];
}

/** What the links of a kind say at most: up to when was pruned, before which link was dropped. */
async function highest({ db }: QueryCtx, kind: "prune" | "retention"): Promise<number> {
  const link = await db
    .query("auditLinks")
    .withIndex("by_kind", (q) => q.eq("kind", kind))
    .order("desc")
    .first();
  return link?.to ?? 0;
}

async function problemsOf(
  link: StoredLink,
  before: {
    readonly expected: number;
    readonly previous: string | undefined;
    readonly anchor: Infer<typeof vMark> | undefined;
  },
): Promise<Problem[]> {
  const { sequence } = link;
  const { expected, previous, anchor } = before;
  const problem = (kind: Problem["kind"], message: string) => ({ kind, link: sequence, message });
  const problems: Problem[] = [];
  if (sequence !== expected) {
    problems.push(problem("gap", `Expected link ${expected}, found ${sequence}.`));
  }
  if (previous !== undefined && link.previous !== previous) {
    problems.push(problem("link", `Link ${sequence} does not follow the one before it.`));
  }
  if ((await linkHash(link)) !== link.hash) {
    problems.push(problem("link", `Link ${sequence} is not what was written.`));
  }
  if (anchor?.sequence === sequence && anchor.hash !== link.hash) {
    problems.push(problem("link", `Link ${sequence} is not the one that was noted.`));
  }
  return problems;
}

/** Links of erasures that were looked up, by their sequence: many entries of one person name the same one. */
type Erasures = Map<number, { readonly ids: ReadonlySet<unknown>; readonly chars: number }>;

async function checkEntries(
  ctx: QueryCtx,
  link: StoredLink,
  known: {
    readonly prunedTo: number;
    readonly floor: number;
    readonly erasures: Erasures;
    readonly since: number;
  },
) {
  const { prunedTo, floor, erasures, since } = known;
  const leaves = readLeaves(link);
  const problems: Problem[] = [];
  const report = (kind: Problem["kind"], entry: string, message: string) =>
    problems.push({ kind, link: link.sequence, entry, message });
  const beside = await rowsOf(ctx, leaves, since);
  let [entries, unsealable, chars] = [0, 0, link.body.length];
  for (const leaf of leaves) {
    const row = beside.get(leaf.id) ?? (await rowById(ctx, leaf.id));
    beside.delete(leaf.id);
    if (row === null) {
      if (!isGone(leaf, prunedTo)) report("deleted", leaf.id, "An entry was deleted.");
      continue;
    }
    entries += 1;
    chars += sizeOf(row);
    if (leaf.hash === "") unsealable += 1;
    else if ((await leafHash(row)) !== leaf.hash) report("edited", leaf.id, "An entry was edited.");
    // Of an erasure whose link was dropped, which is older than this one, the entry's own hash is left.
    if (row.erased === undefined || (leaf.erased && row.erased.link < floor)) continue;
    const erasure = await erasureOf(ctx, row.erased.link, erasures);
    chars += erasure.chars;
    if (!erasure.ids.has(row._id)) {
      report("erased", leaf.id, "The person of an entry is gone, and no erasure says so.");
    }
  }
  for (const id of await unsealed(ctx, Math.min(since, link.from), [...beside.keys()])) {
    report("unsealed", id, "An entry is in no link.");
  }
  return { problems, entries, unsealable, chars };
}

/** Whether an entry went as it may: at the end of its retention, or with all that were made before a time. */
function isGone({ expiresAt, createdAt }: Leaf, prunedTo: number): boolean {
  return expiresAt <= Date.now() || createdAt < prunedTo;
}

async function erasureOf({ db }: QueryCtx, sequence: number, known: Erasures) {
  const before = known.get(sequence);
  if (before !== undefined) return { ids: before.ids, chars: 0 };
  const link = await db
    .query("auditLinks")
    .withIndex("by_sequence", (q) => q.eq("sequence", sequence))
    .first();
  const ids = new Set(link === null ? [] : readErased(link));
  const found = { ids, chars: link?.body.length ?? 0 };
  known.set(sequence, found);
  return found;
}

function rowById({ db }: QueryCtx, leafId: string): Promise<Row | null> {
  const id = db.normalizeId("auditEntries", leafId);
  return id === null ? Promise.resolve(null) : db.get(id);
}

/** Up to when links before a sequence sealed; `Infinity` where there is none, for nothing is known of before it. */
async function sealedBefore({ db }: QueryCtx, sequence: number): Promise<number> {
  const before = db
    .query("auditLinks")
    .withIndex("by_sequence", (q) => q.lt("sequence", sequence))
    .order("desc");
  let looked = 0;
  for await (const { kind, to } of before) {
    if (kind === "entries") return to;
    looked += 1;
    if (looked === MAX_LATE) break;
  }
  return Infinity;
}

/** What settled after the link before, or from the first leaf on, to the last: a link's entries, and others if there are. */
async function rowsOf(
  ctx: QueryCtx,
  leaves: readonly Leaf[],
  since: number,
): Promise<Map<string, Row>> {
  const rows = new Map<string, Row>();
  const [first, last] = [leaves[0], leaves.at(-1)];
  if (first === undefined || last === undefined) return rows;
  let chars = 0;
  const from =
    since < first.settledAt
      ? { settledAt: since, createdAt: Number.MAX_VALUE, seen: true }
      : { ...first, seen: false };
  for await (const row of settledFrom(ctx, from, last.settledAt)) {
    const isBeyond = row.settledAt === last.settledAt && row._creationTime > last.createdAt;
    if (isBeyond || rows.size >= leaves.length + DRAIN_BATCH || chars >= MAX_RANGE_CHARS) break;
    rows.set(row._id, row);
    chars += sizeOf(row);
  }
  return rows;
}

/** Of entries that settled in the time of a link and are not in it, those that no other has, which came late. */
async function unsealed(
  ctx: QueryCtx,
  from: number,
  others: readonly string[],
): Promise<readonly string[]> {
  if (others.length === 0) return [];
  const sealed = new Set<string>();
  let looked = 0;
  for await (const other of entryLinksFrom(ctx, from)) {
    if (looked === MAX_LATE) break;
    looked += 1;
    for (const { id } of readLeaves(other)) sealed.add(id);
  }
  return others.filter((id) => !sealed.has(id));
}
