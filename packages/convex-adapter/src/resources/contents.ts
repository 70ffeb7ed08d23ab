import type { ReadResourceResult } from "@convex-mcp/protocol";
import type { Value } from "convex/values";
import { toBase64 } from "../values/base64.ts";
import { encode } from "../values/encode.ts";
import type { McpResource, ResourcePart } from "./resource.ts";

type Contents = ReadResourceResult["contents"];

/**
 * What a resource holds, of what its query gave; `undefined` where there is none.
 *
 * @throws TypeError when `content` gave no parts, and whatever it throws.
 */
export function toContents(
  { content, definition }: McpResource,
  uri: string,
  value: Value,
): Contents | undefined {
  if (value === null) return undefined;
  const { mimeType } = definition;
  if (content === undefined) return [toContent({ uri, mimeType }, value)];
  const parts: unknown = content(value);
  if (!Array.isArray(parts) || !parts.every(isPart)) {
    throw new TypeError(
      "`content` gave no list of { text } or { blob }, a blob being an ArrayBuffer",
    );
  }
  return parts.length === 0 ? undefined : parts.map((part) => toPart({ uri, mimeType }, part));
}

interface Named {
  readonly uri: string;
  readonly mimeType: string | undefined;
}

function toContent({ uri, mimeType }: Named, value: Value): Contents[number] {
  if (typeof value === "string") return { uri, mimeType, text: value };
  if (value instanceof ArrayBuffer) return { uri, mimeType, blob: toBase64(value) };
  return {
    uri,
    mimeType: mimeType ?? "application/json",
    text: JSON.stringify(encode(value)),
  };
}

function toPart(
  resource: Named,
  { uri, mimeType, _meta, ...part }: ResourcePart,
): Contents[number] {
  const named = {
    uri: uri ?? resource.uri,
    mimeType: mimeType ?? resource.mimeType,
    _meta,
  };
  return "text" in part ? { ...named, text: part.text } : { ...named, blob: toBase64(part.blob) };
}

function isPart(part: unknown): part is ResourcePart {
  if (typeof part !== "object" || part === null) return false;
  return "text" in part
    ? typeof part.text === "string"
    : "blob" in part && part.blob instanceof ArrayBuffer;
}
