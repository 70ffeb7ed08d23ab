import type { MethodTable } from "../rpc/exchange.ts";
import { errorCodes } from "../wire/errors.ts";
import { classifyMessage } from "../wire/jsonrpc.ts";
import type { Message } from "../wire/jsonrpc.ts";
import {
  isModernVersion,
  newestRevision,
  revisionOf,
  supportedVersions,
  unnamedVersion,
} from "../wire/versions.ts";
import {
  claimOf,
  invalidRequest,
  modernEra,
  modernNotificationEra,
  refused,
  unsupportedVersion,
} from "./ladder.ts";
import type { Era } from "./ladder.ts";

/**
 * Decides once which revision a request speaks; nothing after this looks at these headers again.
 *
 * The body decides: a request that names its version in `_meta` is modern, one that does not is of a
 * session, and the header is checked against that (2026-07-28, basic/versioning). A header alone can
 * make a request modern, though: its `_meta` is then what is missing.
 */
export function classifyEra<C, P>(
  headers: Headers,
  message: Message,
  methods: MethodTable<C, P>,
): Era {
  const header = headers.get("mcp-protocol-version");
  const isModern = claimsModern(message) || isModernVersion(header);
  if (!isModern) return sessionEra(header, message);
  switch (message.kind) {
    case "request":
      return modernEra(headers, message, methods);
    case "notification":
      return modernNotificationEra(headers, message, methods);
    default:
      return invalidRequest("a response answers nothing in this protocol version");
  }
}

/** Decides the same for a batch, which only a session revision knows. */
export function classifyBatchEra(header: string | null, values: readonly unknown[]): Era {
  if (isModernVersion(header) || values.some((value) => claimsModern(classifyMessage(value)))) {
    return invalidRequest("there are no JSON-RPC batches in this protocol version");
  }
  return sessionEra(header, undefined);
}

/**
 * Decides for what is no modern request. `initialize` carries its wish in the body, and the header is
 * ignored on it. A revision we do not speak is refused with 400 and a code from before 2026-07-28.
 */
export function sessionEra(header: string | null, message: Message | undefined): Era {
  if (message?.kind === "request" && message.method === "initialize") {
    // The newest stands in until the method has read the client's wish.
    return { ok: true, revision: newestRevision };
  }
  const named = header ?? unnamedVersion;
  const revision = revisionOf(named);
  if (revision) return { ok: true, revision };
  return refused(unsupportedVersion(errorCodes.refused, named, supportedVersions));
}

// A session's version in that place is no claim: whatever its client means by it, it has a session.
function claimsModern(message: Message): boolean {
  const claim = claimOf(message);
  return claim !== undefined && !(typeof claim === "string" && revisionOf(claim));
}
