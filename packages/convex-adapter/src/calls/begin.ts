import type { Config } from "../config.ts";
import type { ActionTool } from "../tools/tool.ts";
import type { ReadyCall } from "./call.ts";
import { type Conversation, runCode } from "./conversation.ts";

/** Prepares a run as the gateway's features have it; without one for it, the run is not heard of before it ends. */
export function begin(config: Config, call: ReadyCall, tool: ActionTool): Conversation {
  const [converse] = config.features.flatMap((feature) => feature.converse ?? []);
  return converse?.(config, call, tool) ?? silently(call, tool);
}

function silently(call: ReadyCall, tool: ActionTool): Conversation {
  return { run: () => runCode(call, tool), interruptionOf: () => undefined };
}
