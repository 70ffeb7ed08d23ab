import { errorCodes } from "../wire/errors.ts";
import type { Refusal } from "../wire/errors.ts";
import { isObject } from "../wire/json.ts";
import type { Message } from "../wire/jsonrpc.ts";
import { printable } from "../wire/printable.ts";
import { newestRevision, revisionOf, supportedVersions, unnamedVersion } from "../wire/versions.ts";
import type { Revision } from "../wire/versions.ts";

const versionKey = "io.modelcontextprotocol/protocolVersion";

/** The revision that a request speaks, or why it cannot be served. */
export type Era =
  | { readonly ok: true; readonly revision: Revision }
  | { readonly ok: false; readonly refusal: Refusal };

/**
 * Decides once which revision a request speaks; nothing after this looks at the header again.
 *
 * `initialize` carries its wish in the body, and the header is ignored on it. Everything else names
 * its revision in `MCP-Protocol-Version`, or, from 2026-07-28 on, in `_meta` as well. A revision we
 * do not speak is refused with 400 and a code from before 2026-07-28: a client that probes for the
 * newer era reads exactly this as "fall back to initialize" (2026-07-28, basic/versioning).
 */
export function classifyEra(header: string | null, message: Message | undefined): Era {
  if (message?.kind === "request" && message.method === "initialize") {
    // The newest stands in until the method has read the client's wish.
    return { ok: true, revision: newestRevision };
  }
  const named = header ?? versionInMeta(message) ?? unnamedVersion;
  const revision = revisionOf(named);
  return revision ? { ok: true, revision } : { ok: false, refusal: unsupported(named) };
}

function versionInMeta(message: Message | undefined): string | undefined {
  const params = message && "params" in message ? message.params : undefined;
  if (!isObject(params) || !isObject(params._meta)) return undefined;
  const version = params._meta[versionKey];
  return typeof version === "string" ? version : undefined;
}

function unsupported(requested: string): Refusal {
  const supported = supportedVersions.join(", ");
  return {
    status: 400,
    code: errorCodes.refused,
    message: `Unsupported protocol version: ${printable(requested)} (supported versions: ${supported})`,
    data: { supported: supportedVersions, requested: printable(requested) },
  };
}
