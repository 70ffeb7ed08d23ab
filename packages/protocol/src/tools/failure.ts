import type { CallToolResult } from "../wire/types.ts";

/** A failure whose message is meant for the model. Whatever else a tool throws stays on the server. */
export class ToolError extends Error {
  override readonly name = "ToolError";
}

/** A result that tells the model what went wrong. */
export function failedResult(text: string): CallToolResult {
  return { content: [{ type: "text", text }], isError: true };
}
