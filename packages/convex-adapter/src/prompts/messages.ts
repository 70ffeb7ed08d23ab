import type { PromptMessage } from "@convex-mcp/protocol";
import type { Value } from "convex/values";
import { isBlock, text } from "../calls/content.ts";
import { encode } from "../values/encode.ts";
import type { McpPromptMessage, McpPromptResult } from "./prompt.ts";

/**
 * The messages of what a prompt gave.
 *
 * @throws TypeError when it gave neither a text nor messages.
 */
export function toMessages(result: Value | McpPromptResult): readonly PromptMessage[] {
  // As JSON: a block may hold what JSON has not, such as the bytes of an image.
  const json: unknown = encode(result as Value);
  if (typeof json === "string") return [{ role: "user", content: text(json) }];
  if (!Array.isArray(json) || !json.every(isMessage)) {
    throw new TypeError(
      "expected a text, or a list of { role, content }, content being a text or a block",
    );
  }
  return json.map(({ role, content }) => ({
    role,
    content: typeof content === "string" ? text(content) : content,
  }));
}

function isMessage(message: unknown): message is McpPromptMessage {
  if (typeof message !== "object" || message === null) return false;
  const { role, content } = message as Record<string, unknown>;
  return (
    (role === "user" || role === "assistant") && (typeof content === "string" || isBlock(content))
  );
}
