import type { ContentBlock, ResourceLink } from "@convex-mcp/protocol";
import { toBase64 } from "../values/base64.ts";

/** A text block, for a tool's `content`. */
export function text(value: string): ContentBlock {
  return { type: "text", text: value };
}

/** An image block from bytes. */
export function image(data: ArrayBuffer, mimeType: string): ContentBlock {
  return { type: "image", data: toBase64(data), mimeType };
}

/** An audio block from bytes. */
export function audio(data: ArrayBuffer, mimeType: string): ContentBlock {
  return { type: "audio", data: toBase64(data), mimeType };
}

/** A link to something that the client can fetch or read. Clients of 2025-03-26 get it as text. */
export function resourceLink(link: Omit<ResourceLink, "type">): ContentBlock {
  return { type: "resource_link", ...link };
}

/** Whether something has the look of a block; clients judge the rest. */
export function isBlock(block: unknown): block is ContentBlock {
  return typeof block === "object" && block !== null && "type" in block;
}
