import { type Infer, v } from "convex/values";

/**
 * A link of the chain over the audit log. `entries`: these were sealed. `erasure`: the person was taken out of these.
 * `prune`: entries made before `to` were deleted on request. `retention`: links before the sequence `to` were dropped.
 */
export const linkFields = {
  sequence: v.number(),
  kind: v.union(
    v.literal("entries"),
    v.literal("erasure"),
    v.literal("prune"),
    v.literal("retention"),
  ),
  at: v.number(),
  /** JSON: the leaves of `entries`, the ids of `erasure`. */
  body: v.string(),
  count: v.number(),
  /** Of `entries` the least and the greatest `settledAt`. */
  from: v.number(),
  to: v.number(),
  /** Entries sealed so far, these included. */
  total: v.number(),
  /** When nothing that it speaks of is left. */
  expiresAt: v.number(),
  /** The hash of the link before, empty in the first. */
  previous: v.string(),
  hash: v.string(),
};
export const vLink = v.object(linkFields);
export type Link = Infer<typeof vLink>;

/** An entry in a link: its times, and the hash of its content, which is empty where the content is not sealed. */
export interface Leaf {
  readonly id: string;
  readonly settledAt: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly hash: string;
  /** Its person was gone already. */
  readonly erased: boolean;
}

/** The fields that an erasure takes out. They have a hash of their own, which stays in their place. */
export const PERSONAL = [
  "subject",
  "issuer",
  "sessionId",
  "taskId",
  "requestId",
  "platformRequestId",
  "ip",
  "userAgent",
  "args",
  "result",
  "error",
  "decision",
  "traceparent",
] as const;
const personal: ReadonlySet<string> = new Set(PERSONAL);
/** What is no content, or is hashed apart. */
const APART: ReadonlySet<string> = new Set(["_id", "_creationTime", "salt", "erased", "deadline"]);

/** A row of the log. What is not named here is hashed as it is. */
type Row = {
  readonly _id: string;
  readonly _creationTime: number;
  readonly salt?: string;
  readonly erased?: { readonly person?: string };
};

/** Whether the content of an entry is sealed, not its place alone. */
export function isSealable({ salt, erased }: Row): boolean {
  return salt !== undefined || erased?.person !== undefined;
}

/** The hash of an entry's content, over that of its personal fields. */
export async function leafHash(row: Row): Promise<string> {
  if (!isSealable(row)) return "";
  const person = row.erased?.person ?? (await personHash(row));
  const content = fieldsOf(row, (name) => !APART.has(name) && !personal.has(name));
  return sha256([row._id, row._creationTime, content, person]);
}

/** The salt keeps what is guessed easily, an address or a user, from being found by trying. */
export function personHash(row: Row): Promise<string> {
  return sha256([row.salt, fieldsOf(row, (name) => personal.has(name))]);
}

/** The hash of a link, over all of it and so over the hash of the one before. */
export function linkHash(link: Omit<Link, "hash">): Promise<string> {
  const { sequence, kind, at, body, count, from, to, total, expiresAt, previous } = link;
  return sha256([sequence, kind, at, body, count, from, to, total, expiresAt, previous]);
}

/** The body of `entries`. */
export function writeLeaves(leaves: readonly Leaf[]): string {
  return JSON.stringify(
    leaves.map(({ id, settledAt, createdAt, expiresAt, hash, erased }) => [
      id,
      settledAt,
      createdAt,
      expiresAt,
      hash,
      ...(erased ? [1] : []),
    ]),
  );
}

/** The reverse. What somebody wrote into the table by hand gives no leaves; its hash tells. */
export function readLeaves({ kind, body }: Pick<Link, "kind" | "body">): Leaf[] {
  if (kind !== "entries") return [];
  return listOf(body).flatMap((leaf) => {
    if (!Array.isArray(leaf)) return [];
    const [id, settledAt, createdAt, expiresAt, hash, erased] = leaf as unknown[];
    return typeof id === "string" &&
      typeof settledAt === "number" &&
      typeof createdAt === "number" &&
      typeof expiresAt === "number" &&
      typeof hash === "string"
      ? [{ id, settledAt, createdAt, expiresAt, hash, erased: erased === 1 }]
      : [];
  });
}

/** The ids that a link of an erasure names. */
export function readErased({ kind, body }: Pick<Link, "kind" | "body">): unknown[] {
  return kind === "erasure" ? listOf(body) : [];
}

function listOf(body: string): unknown[] {
  try {
    const list = JSON.parse(body) as unknown;
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

/** In the order of their names, without absent ones: a field that is added later changes no hash of before. */
function fieldsOf(row: Row, isIncluded: (name: string) => boolean): [string, unknown][] {
  return Object.entries(row)
    .filter(([name, value]) => value !== undefined && isIncluded(name))
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
}

async function sha256(content: readonly unknown[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(content));
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
