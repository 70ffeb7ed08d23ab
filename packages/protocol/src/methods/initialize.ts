import type { Exchange, Method, MethodCall, Outcome, Server } from "../rpc/exchange.ts";
import { invalidParams } from "../rpc/failures.ts";
import { capabilitiesOf } from "../rpc/capabilities.ts";
import { isObject } from "../wire/json.ts";
import { rawJson } from "../wire/raw.ts";
import type { RawJson } from "../wire/raw.ts";
import { reviseImplementation } from "../wire/revise.ts";
import { isSessionId } from "../wire/sessionId.ts";
import { negotiate } from "../wire/versions.ts";
import type { Revision } from "../wire/versions.ts";

/** `initialize`: agrees on a revision and opens a session (basic/lifecycle). */
export function initializeMethod<C, P>(): Method<C, P> {
  // The same for every client, so it is serialised once for each revision.
  const greetings = new Map<string, RawJson>();
  return {
    era: "session",
    session: "opens",
    run: (exchange, call) => initialize(exchange, call, greetings),
  };
}

async function initialize<C, P>(
  { server, caller }: Exchange<C, P>,
  { params }: MethodCall,
  greetings: Map<string, RawJson>,
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
  const result = greetings.get(version) ?? rawJson(JSON.stringify(greetingOf(server, revision)));
  greetings.set(version, result);
  if (sessionId === undefined) return { kind: "result", result };
  if (!isSessionId(sessionId)) {
    throw new TypeError("sessions.create: an id must be 1 to 128 characters in 0x21-0x7E.");
  }
  return { kind: "result", result, sessionId };
}

function greetingOf<C, P>(
  { features, serverInfo, instructions }: Server<C, P>,
  revision: Revision,
): object {
  return {
    protocolVersion: revision.version,
    capabilities: capabilitiesOf(features, revision),
    serverInfo: reviseImplementation(serverInfo, revision),
    instructions,
  };
}

function isImplementation(value: unknown): boolean {
  return isObject(value) && typeof value.name === "string" && typeof value.version === "string";
}
