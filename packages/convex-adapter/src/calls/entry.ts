import { parseTraceparent } from "@convex-mcp/audit";
import type { Caller, Meta, ToolCallRequest } from "@convex-mcp/protocol";
import type { Entry, Recording } from "../component/shared.ts";
import type { Config } from "../config.ts";
import { identityOf, type Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";
import type { McpTool, ToolRedaction } from "../tools/tool.ts";
import { clientOf } from "./client.ts";
import { toPayload } from "./payload.ts";
import { present } from "./present.ts";
import { recordingOf } from "./record.ts";

/** The entry of a call as far as it is known before anything runs. Its outcome is `unknown` until something says better. */
export function startEntry(
  config: Config,
  caller: Caller<RequestScope, Principal>,
  call: ToolCallRequest,
  redaction: ToolRedaction | undefined,
): Entry {
  const payload = toPayload(config, redaction, call.arguments);
  return {
    kind: "tool",
    tool: call.name,
    outcome: "unknown",
    ...originOf(caller, call.meta),
    requestId: JSON.stringify(call.id),
    argsBytes: payload.bytes,
    ...present({ args: payload.json, cut: payload.cut || undefined }),
  };
}

/** Where a request without a session says who its client is (2026-07-28, basic, "_meta"). */
const CLIENT_INFO = "io.modelcontextprotocol/clientInfo";

/** Who asks, from where, and in which trace: that of the message, else that of the HTTP request. */
export function originOf(
  { context, principal, sessionId }: Caller<RequestScope, Principal>,
  meta?: Meta,
): Omit<Entry, "kind" | "outcome"> {
  const { ip, userAgent, requestId } = context.metadata;
  const identity = identityOf(principal);
  const trace =
    parseTraceparent(meta?.["traceparent"]) ??
    parseTraceparent(context.headers?.get("traceparent"));
  const info = meta?.[CLIENT_INFO];
  return present({
    ...(info === undefined ? {} : clientOf(info)),
    subject: identity?.subject,
    issuer: identity?.issuer,
    sessionId,
    platformRequestId: requestId,
    ip,
    userAgent,
    traceparent: trace?.text,
  });
}

/** An entry of a call without its arguments, for one of something that comes of it. */
export function besideArgs({ args: _args, argsBytes: _bytes, cut: _cut, ...entry }: Entry): Entry {
  return entry;
}

/** What a request of a user asks, for a mutation that writes its entry if it does that. A stranger's has none: they could fill the log. */
export function requestOf(
  config: Config,
  caller: Caller<RequestScope, Principal>,
  entry: Pick<Entry, "kind" | "name" | "taskId" | "requestId">,
  meta?: Meta,
): { recording?: Recording } {
  if (caller.principal.kind === "anonymous") return {};
  return { recording: recordingOf(config, { ...originOf(caller, meta), ...entry, outcome: "ok" }) };
}

/**
 * What may be kept of arguments that nobody has checked. Paths say nothing of another shape than the declared one: a
 * secret may stand a level higher, or under a name of before a rename.
 */
export function redactionOfUnchecked(tool: McpTool | undefined): ToolRedaction | undefined {
  const redaction = tool === undefined ? "drop" : tool.audit.args;
  return typeof redaction === "object" ? "drop" : redaction;
}
