import type { ContentBlock } from "@convex-mcp/protocol";
import type { Value } from "convex/values";
import { isWrapped } from "../tools/catalog.ts";
import type { McpTool } from "../tools/tool.ts";
import { encode, type Json } from "../values/encode.ts";
import type { Issue } from "../values/issue.ts";
import { mismatch } from "../values/mismatch.ts";
import { select } from "../values/select.ts";
import { isBlock } from "./content.ts";

const SENT_AS_TEXT = "its result was sent as text.";

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
  const encoded = encode(declared(tool, value));
  const structured =
    tool.returns === undefined
      ? undefined
      : isWrapped(tool.returns)
        ? { result: encoded }
        : encoded;
  const content =
    customContent(tool, value) ?? JSON.stringify(textContent(structured ?? encoded, encoded));
  const more = structured === undefined ? "" : `,"structuredContent":${JSON.stringify(structured)}`;
  return { json: `{"content":${content}${more}}`, value: encoded };
}

/** Where a result is not what the tool declares, if anywhere. */
export function undeclared(tool: McpTool, value: Value | undefined): Issue | undefined {
  return tool.returns === undefined ? undefined : mismatch(tool.returns, declared(tool, value));
}

function declared(tool: McpTool, value: Value | undefined): Value | undefined {
  return tool.returns === undefined ? value : select(tool.returns, value);
}

/** Clients that know no structured content read the same JSON as text; a bare string is text already. */
function textContent(structured: Json, encoded: Json): readonly ContentBlock[] {
  const text = typeof encoded === "string" ? encoded : JSON.stringify(structured);
  return [{ type: "text", text }];
}

/** The blocks as JSON, made here since a block may hold what JSON has not; what went wrong is for the app's log. */
function customContent(tool: McpTool, value: Value | undefined): string | undefined {
  if (tool.content === undefined) return undefined;
  try {
    const content: unknown = tool.content(value ?? null);
    if (Array.isArray(content) && content.every(isBlock)) return JSON.stringify(content);
    console.error(`Tool "${tool.name}": \`content\` gave no list of blocks; ${SENT_AS_TEXT}`);
  } catch (error) {
    console.error(`Tool "${tool.name}": \`content\` threw; ${SENT_AS_TEXT}`, error);
  }
  return undefined;
}
