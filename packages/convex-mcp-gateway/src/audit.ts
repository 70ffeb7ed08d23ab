import type { AuditEntry, AuditKind, AuditOutcome } from "@convex-mcp/audit";
import type { ComponentApi, RunQueryCtx } from "@convex-mcp/convex-adapter";

/**
 * Which entries to list; all that are given must hold. A page reads as many rows as it has entries where an index serves the
 * filter: `kind`, `subject`, `tool`, `client`, `session`, `outcome`, any two of them, with or without a range of time. What else
 * is given is looked for among those.
 */
export interface AuditFilter {
  /** What entries are about: `"tool"` for calls alone. Default: every kind. */
  readonly kind?: AuditKind;
  /** The name of a tool. */
  readonly tool?: string;
  /** The name that the client says of itself. */
  readonly client?: string;
  /** `sessionId` of the entries. */
  readonly session?: string;
  /** `subject` of the identity: the user's id at the issuer. */
  readonly subject?: string;
  /** Whose subject: needed where an app has several issuers. Refused alone, as no index serves it. */
  readonly issuer?: string;
  readonly outcome?: AuditOutcome;
  /** From this time on, in milliseconds since 1970. */
  readonly from?: number;
  /** Before this time. */
  readonly to?: number;
  /** Where the last page ended. */
  readonly cursor?: string | null | undefined;
  /** Entries in a page, at most 200. Default 50. */
  readonly limit?: number;
}

/** An entry as it is listed. */
export type ListedAuditEntry = AuditEntry & { readonly id: string };

/** A page of entries, newest first. A page may be empty and still have a cursor: read on until it is `null`. */
export interface AuditPage {
  readonly entries: ListedAuditEntry[];
  /** Give it back for the next page; `null` on the last. */
  readonly cursor: string | null;
}

/** What an entry is about: of somebody who is nobody it is `undefined`, and must not be taken for a filter that is not given. */
const WHOSE = ["subject", "issuer", "session"] as const;

/**
 * Reads a page of the audit log. It has no access control of its own: call it from a function that decides who may.
 *
 * @throws ConvexError `{ kind: "invalid", message }` for a cursor that is none, and for an `issuer` alone. TypeError for a `subject`, `issuer` or `session` that is given and
 * `undefined`: a stranger's is not everybody's.
 */
export async function listAuditEntries(
  ctx: RunQueryCtx,
  component: ComponentApi,
  { cursor, limit = 50, ...filter }: AuditFilter,
): Promise<AuditPage> {
  for (const name of WHOSE) {
    if (name in filter && typeof filter[name] !== "string") {
      throw new TypeError(
        `listAuditEntries: expected \`${name}\` to be a string, got ${String(filter[name])}. Leave it out to list everybody's.`,
      );
    }
  }
  const page = await ctx.runQuery(component.reading.list, {
    ...filter,
    limit,
    ...(typeof cursor === "string" ? { cursor } : {}),
  });
  return {
    entries: page.entries.map(({ id, at, entry }) => ({ id, at, ...entry })),
    cursor: page.cursor,
  };
}
