import { createPayloadWriter, createRedaction, type Payload } from "@convex-mcp/audit";
import type { Config } from "../config.ts";
import type { ToolRedaction } from "../tools/tool.ts";

/** What the audit log keeps of arguments or a result. */
export function toPayload(
  { audit: { limits, hash } }: Config,
  redaction: ToolRedaction | undefined,
  value: unknown,
): Payload {
  const hidden = typeof redaction === "object" ? createRedaction(redaction, { hash }) : redaction;
  return createPayloadWriter(hidden, limits)(value);
}
