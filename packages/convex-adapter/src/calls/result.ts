import type { ContentBlock } from "@convex-mcp/protocol";
import type { Value } from "convex/values";
import { isWrapped } from "../tools/catalog.ts";
import type { McpTool } from "../tools/tool.ts";
import { encode, type Json } from "../values/encode.ts";

/** A serialised `CallToolResult`, and the value that the audit log keeps of it. */
export interface ToolResult {
  readonly json: string;
  readonly value: Json;
}

/**
 * The result of a tool that succeeded. It has an answer for every value: what has happened is never reported as
 * failed because of how it looks.
 */
export function toResult(tool: McpTool, value: Value | undefined): ToolResult {
  const encoded = encode(value);
  const structured =
    tool.returns === undefined
      ? undefined
      : isWrapped(tool.returns)
        ? { result: encoded }
        : encoded;
  const content = customContent(tool, value) ?? textContent(structured ?? encoded, encoded);
  return {
    json: JSON.stringify({
      content,
      ...(structured === undefined ? {} : { structuredContent: structured }),
    }),
    value: encoded,
  };
}

/** The result of a tool that failed, or that was called wrongly: the model reads the text and may try again. */
export function toErrorResult(text: string): string {
  return JSON.stringify({ content: [{ type: "text", text }], isError: true });
}

/** Clients that know no structured content read the same JSON as text; a bare string is text already. */
function textContent(structured: Json, encoded: Json): readonly ContentBlock[] {
  const text = typeof encoded === "string" ? encoded : JSON.stringify(structured);
  return [{ type: "text", text }];
}

function customContent(
  tool: McpTool,
  value: Value | undefined,
): readonly ContentBlock[] | undefined {
  if (tool.content === undefined) return undefined;
  try {
    const content = tool.content(value ?? null);
    return Array.isArray(content) ? content : undefined;
  } catch (error) {
    console.error(`Tool "${tool.name}": \`content\` threw; its result was sent as text.`, error);
    return undefined;
  }
}
