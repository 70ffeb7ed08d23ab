import { findMethod } from "../rpc/exchange.ts";
import type { MethodTable } from "../rpc/exchange.ts";
import { headerMismatch } from "../rpc/failures.ts";
import { errorCodes, modernCodes } from "../wire/errors.ts";
import type { Refusal } from "../wire/errors.ts";
import { isObject } from "../wire/json.ts";
import type { Message } from "../wire/jsonrpc.ts";
import { metaKeys, metaOf } from "../wire/meta.ts";
import { printable } from "../wire/printable.ts";
import type { ClientCapabilities } from "../wire/questions.ts";
import { decodeHeader } from "../wire/sentinel.ts";
import { modernRevision, modernVersions } from "../wire/versions.ts";
import type { Revision } from "../wire/versions.ts";

/** The revision that a request speaks, or why it cannot be served. */
export type Era =
  | {
      readonly ok: true;
      readonly revision: Revision;
      /** What a modern request declares of its client; a session knows its own. */
      readonly clientCapabilities?: ClientCapabilities;
    }
  | { readonly ok: false; readonly refusal: Refusal };

/** The version that a message names in `_meta`; foreign. */
export function claimOf(message: Message): unknown {
  return "params" in message ? metaOf(message.params)[metaKeys.protocolVersion] : undefined;
}

/** The ladder of a modern request: each rung has its own code (2026-07-28, streamable-http). */
export function modernEra<C, P>(
  headers: Headers,
  message: Extract<Message, { kind: "request" }>,
  methods: MethodTable<C, P>,
): Era {
  const version = claimOf(message);
  const capabilities = metaOf(message.params)[metaKeys.clientCapabilities];
  if (version === undefined && message.method === "initialize") return refused(mismatchedVersion);
  if (typeof version !== "string") return missingMeta(metaKeys.protocolVersion, "a string");
  if (headers.get("mcp-protocol-version") !== version) return refused(mismatchedVersion);
  if (!isObject(capabilities)) return missingMeta(metaKeys.clientCapabilities, "an object");
  if (version !== modernRevision.version) return refused(unsupportedModern(version));
  return routingRefusal(headers, message, methods, "required") ?? modern(capabilities);
}

/** A modern notification: none is defined for clients, and none needs an envelope. */
export function modernNotificationEra<C, P>(
  headers: Headers,
  message: Extract<Message, { kind: "notification" }>,
  methods: MethodTable<C, P>,
): Era {
  const named = headers.get("mcp-protocol-version");
  const version = claimOf(message) ?? named;
  if (typeof version !== "string" || version !== named) return refused(mismatchedVersion);
  if (version !== modernRevision.version) return refused(unsupportedModern(version));
  return routingRefusal(headers, message, methods, "optional") ?? modern({});
}

/** Compares `Mcp-Method` and `Mcp-Name` with the body; `undefined` when they repeat it. */
function routingRefusal<C, P>(
  headers: Headers,
  { method, params }: Extract<Message, { method: string }>,
  methods: MethodTable<C, P>,
  presence: "required" | "optional",
): Era | undefined {
  const named = headers.get("mcp-method");
  if (named !== method && !(named === null && presence === "optional")) {
    return refused(headerMismatch("Mcp-Method must repeat the body's method."));
  }
  const routedBy = findMethod(methods, method, modernRevision)?.routedBy;
  if (routedBy === undefined) return undefined;
  const name = headers.get("mcp-name");
  const target = isObject(params) ? params[routedBy] : undefined;
  // No name in either place: for the method to refuse, as it knows what it needs.
  const agrees =
    typeof target === "string" ? name !== null && decodeHeader(name) === target : name === null;
  if (agrees) return undefined;
  return refused(headerMismatch(`Mcp-Name must repeat the body's params.${routedBy}.`));
}

function modern(clientCapabilities: ClientCapabilities): Era {
  return { ok: true, revision: modernRevision, clientCapabilities };
}

/** Why a request cannot be served. */
export function refused(refusal: Refusal): Era {
  return { ok: false, refusal };
}

const mismatchedVersion = headerMismatch(
  "MCP-Protocol-Version must repeat the version in the body's _meta.",
);

function missingMeta(key: string, form: string): Era {
  const message = `A request of 2026-07-28 needs params._meta["${key}"], ${form}.`;
  return refused({ status: 400, code: errorCodes.invalidParams, message });
}

/** The body is not what this era sends. */
export function invalidRequest(reason: string): Era {
  const message = `Invalid JSON-RPC message: ${reason}. Send one request in a POST.`;
  return refused({ status: 400, code: errorCodes.invalidRequest, message });
}

function unsupportedModern(version: string): Refusal {
  return unsupportedVersion(modernCodes.unsupportedVersion, version, modernVersions);
}

/** A version that nobody here speaks. */
export function unsupportedVersion(
  code: number,
  version: string,
  supported: readonly string[],
): Refusal {
  const requested = printable(version);
  const spoken = `(supported versions: ${supported.join(", ")})`;
  const message = `Unsupported protocol version: ${requested} ${spoken}`;
  return { status: 400, code, message, data: { supported, requested } };
}
