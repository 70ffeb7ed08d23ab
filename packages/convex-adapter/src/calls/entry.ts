import { createPayloadWriter, type Redaction } from "@convex-mcp/audit";
import type { Caller, ToolCallRequest } from "@convex-mcp/protocol";
import type { Entry } from "../component/shared.ts";
import type { Config } from "../config.ts";
import { identityOf, type Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";
import type { McpTool } from "../tools/tool.ts";
import { present } from "./present.ts";

/** The entry of a call as far as it is known before anything runs. Its outcome is `unknown` until something says better. */
export function startEntry(
  config: Config,
  caller: Caller<RequestScope, Principal>,
  call: ToolCallRequest,
  redaction: Redaction | undefined,
): Entry {
  const { ip, userAgent, requestId } = caller.context.metadata;
  const identity = identityOf(caller.principal);
  const payload = createPayloadWriter(redaction, config.audit.limits)(call.arguments);
  return {
    kind: "tool",
    tool: call.name,
    outcome: "unknown",
    requestId: JSON.stringify(call.id),
    argsBytes: payload.bytes,
    ...present({
      subject: identity?.subject,
      issuer: identity?.issuer,
      sessionId: caller.sessionId,
      platformRequestId: requestId,
      ip,
      userAgent,
      args: payload.json,
      cut: payload.cut || undefined,
    }),
  };
}

/**
 * What may be kept of arguments that nobody has checked. Paths say nothing of another shape than the declared one: a
 * secret may stand a level higher, or under a name of before a rename.
 */
export function redactionOfUnchecked(tool: McpTool | undefined): Redaction | undefined {
  const redaction = tool === undefined ? "drop" : tool.audit.args;
  return typeof redaction === "object" ? "drop" : redaction;
}
