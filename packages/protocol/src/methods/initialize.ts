import type { Exchange, Method, MethodCall, Outcome } from "../rpc/exchange.ts";
import { invalidParams } from "../rpc/failures.ts";
import { capabilitiesOf } from "../rpc/feature.ts";
import { isObject } from "../wire/json.ts";
import { reviseImplementation } from "../wire/revise.ts";
import { isSessionId } from "../wire/sessionId.ts";
import { negotiate } from "../wire/versions.ts";

/** `initialize`: agrees on a revision and opens a session (basic/lifecycle). */
export function initializeMethod<C, P>(): Method<C, P> {
  return { era: "session", session: "opens", run: initialize };
}

async function initialize<C, P>(
  { server, caller }: Exchange<C, P>,
  { params }: MethodCall,
): Promise<Outcome> {
  const { protocolVersion, capabilities, clientInfo } = params;
  if (typeof protocolVersion !== "string") {
    return invalidParams('initialize: "protocolVersion" must be a string such as "2025-11-25".');
  }
  if (!isObject(capabilities)) {
    return invalidParams('initialize: "capabilities" must be an object; {} declares none.');
  }
  if (!isImplementation(clientInfo)) {
    return invalidParams(
      'initialize: "clientInfo" must have a "name" and a "version", both strings.',
    );
  }
  const revision = negotiate(protocolVersion);
  const { version } = revision;
  // A session that the client names is over for it: the new one takes its place.
  const opener = { ...caller, protocolVersion: version, sessionId: undefined };
  const session = { protocolVersion: version, clientInfo, capabilities };
  const sessionId = await server.sessions.create(opener, session);
  const result = {
    protocolVersion: version,
    capabilities: capabilitiesOf(server.features, revision),
    serverInfo: reviseImplementation(server.serverInfo, revision),
    instructions: server.instructions,
  };
  if (sessionId === undefined) return { kind: "result", result };
  if (!isSessionId(sessionId)) {
    throw new TypeError("sessions.create: an id must be 1 to 128 characters in 0x21-0x7E.");
  }
  return { kind: "result", result, sessionId };
}

function isImplementation(value: unknown): boolean {
  return isObject(value) && typeof value.name === "string" && typeof value.version === "string";
}
