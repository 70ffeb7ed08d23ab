/** The revisions that open with `initialize`. */
export type SessionProtocolVersion = "2025-03-26" | "2025-06-18" | "2025-11-25";

/** What differs between the revisions, as far as a server of tools is concerned. */
export interface Revision {
  readonly version: SessionProtocolVersion;
  /** JSON-RPC batches: received by 2025-03-26 alone. */
  readonly batches: boolean;
  /** `title`, `outputSchema`, `structuredContent`, `resource_link`, `_meta` beyond results. */
  readonly structured: boolean;
  /** `icons`, `execution`, and `description` and `websiteUrl` of an implementation. */
  readonly icons: boolean;
}

/** What a client gets that asks for a revision nobody here speaks. */
export const newestRevision: Revision = {
  version: "2025-11-25",
  batches: false,
  structured: true,
  icons: true,
};

const revisions: readonly Revision[] = [
  newestRevision,
  { version: "2025-06-18", batches: false, structured: true, icons: false },
  { version: "2025-03-26", batches: true, structured: false, icons: false },
];

/** The revisions this package speaks, newest first. */
export const supportedVersions: readonly SessionProtocolVersion[] = revisions.map(
  ({ version }) => version,
);

/**
 * The revision of a request that names none: 2025-03-26 has no `MCP-Protocol-Version` header, so its
 * absence is that revision's only mark on the wire (2025-06-18, basic/transports).
 */
export const unnamedVersion: SessionProtocolVersion = "2025-03-26";

/** The revision of this name; `undefined` when this package does not speak it. */
export function revisionOf(version: string): Revision | undefined {
  return revisions.find((revision) => revision.version === version);
}

/** What `initialize` agrees on: the version asked for, or else the newest (basic/lifecycle). */
export function negotiate(requested: string): Revision {
  return revisionOf(requested) ?? newestRevision;
}
