/** The revisions that open with `initialize`. */
export type SessionProtocolVersion = "2025-03-26" | "2025-06-18" | "2025-11-25";

/** The revisions whose requests describe themselves in `_meta`, and that know no session. */
export type ModernProtocolVersion = "2026-07-28";

/** Every revision this package speaks. */
export type ProtocolVersion = SessionProtocolVersion | ModernProtocolVersion;

/** What differs between the revisions. */
export interface Revision {
  readonly version: ProtocolVersion;
  /** How a request says what it is: by the session it belongs to, or by itself. */
  readonly era: "session" | "modern";
  /** JSON-RPC batches: received by 2025-03-26 alone. */
  readonly batches: boolean;
  /** `title`, `outputSchema`, `structuredContent`, `resource_link`, `_meta` beyond results; elicitation. */
  readonly structured: boolean;
  /**
   * `icons`, `execution`, and `description` and `websiteUrl` of an implementation; of what is asked,
   * pages to visit, tools for the model, and lists.
   */
  readonly icons: boolean;
}

/** A revision that opens with `initialize`. */
export interface SessionRevision extends Revision {
  readonly version: SessionProtocolVersion;
  readonly era: "session";
}

/** What a client gets that asks `initialize` for a revision nobody here speaks. */
export const newestRevision: SessionRevision = {
  version: "2025-11-25",
  era: "session",
  batches: false,
  structured: true,
  icons: true,
};

/** The one revision of the modern era so far. */
export const modernRevision: Revision = {
  version: "2026-07-28",
  era: "modern",
  batches: false,
  structured: true,
  icons: true,
};

const revisions: readonly SessionRevision[] = [
  newestRevision,
  { version: "2025-06-18", era: "session", batches: false, structured: true, icons: false },
  { version: "2025-03-26", era: "session", batches: true, structured: false, icons: false },
];

/** The session revisions this package speaks, newest first. */
export const supportedVersions: readonly SessionProtocolVersion[] = revisions.map(
  ({ version }) => version,
);

/** The modern revisions this package speaks: what `server/discover` answers. */
export const modernVersions: readonly ModernProtocolVersion[] = ["2026-07-28"];

/**
 * The revision of a request that names none: 2025-03-26 has no `MCP-Protocol-Version` header, so its
 * absence is that revision's only mark on the wire (2025-06-18, basic/transports).
 */
export const unnamedVersion: SessionProtocolVersion = "2025-03-26";

/** The session revision of this name; `undefined` when this package does not speak it. */
export function revisionOf(version: string): SessionRevision | undefined {
  return revisions.find((revision) => revision.version === version);
}

/** What `initialize` agrees on: the version asked for, or else the newest (basic/lifecycle). */
export function negotiate(requested: string): SessionRevision {
  return revisionOf(requested) ?? newestRevision;
}

/** Whether a version is of the modern era, spoken here or not. Revisions are named by their date. */
export function isModernVersion(version: string | null): boolean {
  return (
    version !== null && version >= modernRevision.version && /^\d{4}-\d{2}-\d{2}$/.test(version)
  );
}
