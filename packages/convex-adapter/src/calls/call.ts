import type { Channel } from "@convex-mcp/protocol";
import type { Value } from "convex/values";
import type { Entry } from "../component/shared.ts";
import type { Who } from "../identity/who.ts";
import type { Claim } from "../tools/idempotency.ts";
import type { McpTool } from "../tools/tool.ts";
import type { SessionCheck } from "./functions.ts";
import type { Limiting } from "./limiting.ts";

/** A call that may run: allowed, decoded, its entry begun. */
export interface ReadyCall {
  readonly caller: Who;
  readonly tool: McpTool;
  readonly args: Record<string, Value>;
  readonly entry: Entry;
  readonly session: SessionCheck | undefined;
  /** That it shall not happen twice. */
  readonly claim?: Claim | undefined;
  /** To the client, for code that runs in the HTTP action. */
  readonly channel: Channel;
  /** What it counts against. */
  readonly limiting?: Limiting | undefined;
}
