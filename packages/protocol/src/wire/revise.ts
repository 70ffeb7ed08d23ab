import { isObject } from "./json.ts";
import type { JsonObject } from "./json.ts";
import type { CallToolResult, Implementation, Tool } from "./types.ts";
import type { Revision } from "./versions.ts";

/** A server's name without the fields that a revision does not know. */
export function reviseImplementation(info: Implementation, revision: Revision): Implementation {
  if (revision.icons) return info;
  const { name, version, title } = info;
  return revision.structured ? { name, version, title } : { name, version };
}

/** A tool without the fields that a revision does not know. */
export function reviseTool(tool: Tool, revision: Revision): Tool {
  const { execution, outputSchema, ...base } = tool;
  // Hidden from sessions rather than wrapped: the references of a schema are relative to its root.
  const isKnown = revision.era === "modern" || outputSchema?.type === "object";
  const output = isKnown ? { outputSchema } : {};
  if (revision.era === "modern") return { ...base, ...output };
  if (revision.icons) return { ...base, ...output, execution };
  const { icons: _icons, ...since2025June } = base;
  if (revision.structured) return { ...since2025June, ...output };
  const { title: _title, _meta, ...since2025March } = since2025June;
  return since2025March;
}

/** Whether {@link reviseResult} could change a serialised result, told without parsing it. */
export function mayNeedRevision(json: string, revision: Revision): boolean {
  if (revision.icons) return false;
  return !revision.structured || json.includes('"resource_link"');
}

/**
 * A tool's result in the terms of a revision. Before 2026-07-28 structured content was an object, and
 * another value is sent as the member of one. Before 2025-06-18 there was no structured
 * content (it becomes a text block where the tool wrote no other content) and no resource link (it
 * becomes a text block that names the resource). A value of another shape is left as it is.
 */
export function reviseResult(result: CallToolResult, revision: Revision): object {
  if (revision.era === "modern" || !isObject(result)) return result;
  const sent = withObject(result);
  if (revision.icons) return sent;
  const content: readonly unknown[] = Array.isArray(result.content) ? result.content : [];
  const blocks = content.map((block) => (isObject(block) ? reviseBlock(block, revision) : block));
  if (revision.structured) return { ...sent, content: blocks };
  const { structuredContent, ...rest } = sent;
  if (blocks.length === 0 && structuredContent !== undefined) {
    blocks.push({ type: "text", text: JSON.stringify(structuredContent) });
  }
  return { ...rest, content: blocks };
}

// Until 2026-07-28 structured content was an object. A serialised result is trusted to have one.
function withObject(result: CallToolResult): CallToolResult {
  const { structuredContent: value } = result;
  if (value === undefined || isObject(value)) return result;
  return { ...result, structuredContent: { result: value } };
}

/** A block of content in the terms of a revision before 2025-11-25. */
export function reviseBlock(block: JsonObject, revision: Revision): JsonObject {
  if (revision.structured) {
    if (block.type !== "resource_link") return block;
    const { icons: _icons, ...link } = block;
    return link;
  }
  if (block.type === "resource_link") return linkAsText(block);
  const { _meta, ...known } = block;
  return known;
}

function linkAsText(link: JsonObject): JsonObject {
  const name = link.title ?? link.name;
  const lines = [`${String(name)}: ${String(link.uri)}`];
  if (typeof link.description === "string") lines.push(link.description);
  const text = lines.join("\n");
  return link.annotations === undefined
    ? { type: "text", text }
    : { type: "text", text, annotations: link.annotations };
}
