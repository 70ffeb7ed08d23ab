import { revisions, type Revision } from "./schemas.ts";
import { validateServerMessage } from "./validate.ts";

/** What the judge of an answer has to know of the request. */
export interface Sent {
  readonly method: string;
  readonly headers: Headers;
  /** Parsed; `undefined` where there is none, or none that can be read. */
  readonly body: unknown;
}

type Json = Readonly<Record<string, unknown>>;

const CLAIM = "io.modelcontextprotocol/protocolVersion";

/** The requests that clients have under way or had, by session and id: a stream that is fetched again answers them. */
export type Requests = Map<string, Json>;

/** Notes the requests of a POST, so that their answers are known when they come on another stream. */
export function noteRequests({ headers, body }: Sent, requests: Requests): void {
  for (const message of messagesOf(body)) requests.set(keyOf(headers, message["id"]), message);
}

/** What is wrong with one message, or one batch of them, that came in answer; empty when nothing. */
export function faultsOf(sent: Sent, answer: unknown, requests: Requests): readonly string[] {
  if (Array.isArray(answer)) {
    const revision = revisionOf(sent, undefined, undefined);
    if (revision !== "2025-03-26" || answer.length === 0) {
      return [`a batch of ${answer.length} in ${revision}`];
    }
    return answer.flatMap((member) => faultsOf(sent, member, requests));
  }
  const message = isJson(answer) ? answer : {};
  const isResponse = !("method" in message) && "id" in message;
  const asked = isResponse ? requestsOf(sent, message["id"], requests) : [];
  if (isResponse && asked.length === 0 && !couldHaveAsked(sent, message)) {
    return [`an answer to ${JSON.stringify(message["id"])}, which nobody asked`];
  }
  const faults = (asked.length === 0 ? [undefined] : asked).map((request) => {
    const revision = revisionOf(sent, request, message);
    const fault = validateServerMessage(revision, answer, methodOf(request));
    return fault === undefined ? undefined : `${revision}: ${fault}\n${JSON.stringify(answer)}`;
  });
  // A batch may ask twice under one id.
  const [first] = faults;
  return first === undefined || faults.includes(undefined) ? [] : [first];
}

/** The requests that an answer may be to: of the same POST, or of any earlier one when the stream was got anew. */
function requestsOf(sent: Sent, id: unknown, requests: Requests): readonly Json[] {
  if (sent.method === "POST") return messagesOf(sent.body).filter((each) => each["id"] === id);
  const earlier = requests.get(keyOf(sent.headers, id));
  return earlier === undefined ? [] : [earlier];
}

/** An error may answer what is no request, as long as it echoes its id. */
function couldHaveAsked({ body }: Sent, message: Json): boolean {
  const members = Array.isArray(body) ? body : [body];
  return (
    "error" in message && members.some((member) => isJson(member) && member["id"] === message["id"])
  );
}

/**
 * The revision that an answer is in, as a client knows it: agreed on by `initialize`, named in the request's `_meta`, or
 * in its header; 2025-03-26 names none (2025-06-18, basic/transports).
 */
function revisionOf(sent: Sent, request: Json | undefined, message: Json | undefined): Revision {
  const result = message?.["result"];
  if (request?.["method"] === "initialize" && isJson(result)) {
    return spoken(result["protocolVersion"]) ?? "2025-11-25";
  }
  const header = sent.headers.get("mcp-protocol-version");
  const claims = messagesOf(sent.body, false).map(claimOf);
  const isModern = [...claims, header ?? undefined].some(
    (claim) => claim !== undefined && isModernClaim(claim),
  );
  if (isModern) return "2026-07-28";
  return header === null ? "2025-03-26" : (spoken(header) ?? "2025-11-25");
}

/** A body that names a revision other than a session's is modern; so is a header that names a later one. */
function isModernClaim(claim: unknown): boolean {
  return typeof claim === "string" && /^\d{4}-\d\d-\d\d$/.test(claim) && claim >= "2026-07-28";
}

function claimOf(message: Json): unknown {
  const params = isJson(message["params"]) ? message["params"] : {};
  const meta = isJson(params["_meta"]) ? params["_meta"] : {};
  if (!(CLAIM in meta)) return undefined;
  const claim = meta[CLAIM];
  // Whatever is claimed that is no session's revision, the request describes itself.
  return spoken(claim) ?? "9999-12-31";
}

function spoken(version: unknown): Revision | undefined {
  return revisions.find((revision) => revision === version);
}

function messagesOf(body: unknown, requestsOnly = true): readonly Json[] {
  const members = (Array.isArray(body) ? body : [body]).filter(isJson);
  return requestsOnly ? members.filter((each) => "method" in each && "id" in each) : members;
}

function methodOf(request: Json | undefined): { method: string } | undefined {
  return request === undefined ? undefined : { method: String(request["method"]) };
}

function keyOf(headers: Headers, id: unknown): string {
  return JSON.stringify([headers.get("mcp-session-id"), id]);
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
