import type { Revision } from "./schemas.ts";

/** Something that the specification asks of a server, and that the official conformance suite does not test. */
export interface Requirement {
  readonly revisions: readonly Revision[];
  /** Where it is asked. */
  readonly page: string;
  /** What is asked, in one sentence of our own. */
  readonly says: string;
}

/** Every revision with sessions. */
export const sessions: readonly Revision[] = ["2025-03-26", "2025-06-18", "2025-11-25"];

/** The revisions in which a server is an OAuth resource server. */
export const protectedRevisions: readonly Revision[] = ["2025-06-18", "2025-11-25", "2026-07-28"];

/** Every revision. */
export const every: readonly Revision[] = [...sessions, "2026-07-28"];

/** The revision without sessions. */
export const modern: readonly Revision[] = ["2026-07-28"];

const SITE = "https://modelcontextprotocol.io";

/** A requirement of these revisions; the page is that of the newest of them. */
export function of(revisions: readonly Revision[], page: string, says: string): Requirement {
  return { revisions, page: `${SITE}/specification/${revisions.at(-1)}/${page}`, says };
}

/** A requirement of a page outside of the specification proper: a tutorial, an extension, an RFC. */
export function from(revisions: readonly Revision[], page: string, says: string): Requirement {
  return { revisions, page: page.startsWith("/") ? SITE + page : page, says };
}
