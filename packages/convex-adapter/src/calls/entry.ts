import { createPayloadWriter } from "@convex-mcp/audit";
import type { Caller, ToolCallRequest } from "@convex-mcp/protocol";
import type { Entry } from "../component/shared.ts";
import type { Config } from "../config.ts";
import { identityOf, type Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";
import type { McpTool } from "../tools/tool.ts";

/** The entry of a call as far as it is known before anything runs. Its outcome is `unknown` until something says better. */
export function startEntry(
  config: Config,
  caller: Caller<RequestScope, Principal>,
  call: ToolCallRequest,
  tool: McpTool | undefined,
): Entry {
  const { ip, userAgent, requestId } = caller.context.metadata;
  const identity = identityOf(caller.principal);
  // Nobody has said what may be kept of a tool that is not declared: it may be one of before a rename.
  const redaction = tool === undefined ? "drop" : tool.audit.args;
  const payload = createPayloadWriter(redaction, config.audit.limits)(call.arguments);
  return {
    kind: "tool",
    tool: call.name,
    outcome: "unknown",
    ...(identity === null ? {} : { subject: identity.subject, issuer: identity.issuer }),
    ...(caller.sessionId === undefined ? {} : { sessionId: caller.sessionId }),
    requestId: JSON.stringify(call.id),
    ...(requestId === null ? {} : { platformRequestId: requestId }),
    ...(ip === null ? {} : { ip }),
    ...(userAgent === null ? {} : { userAgent }),
    ...(payload.json === undefined ? {} : { args: payload.json }),
    argsBytes: payload.bytes,
    ...(payload.cut ? { cut: true } : {}),
  };
}
