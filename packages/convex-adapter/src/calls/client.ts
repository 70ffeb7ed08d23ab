import { redactText } from "@convex-mcp/audit";

/** What a client says of itself is for logs and people; this much of it is kept. */
const MAX_NAME = 256;
const MAX_VERSION = 128;

/** What of an `Implementation` that a client sent is kept: nothing of it is known to be true. */
export function clientOf(info: unknown): { clientName: string; clientVersion: string } {
  const { name, version } = (info ?? {}) as Readonly<Record<string, unknown>>;
  return { clientName: textOf(name, MAX_NAME), clientVersion: textOf(version, MAX_VERSION) };
}

/** Without what is no letter: half a surrogate pair is no Convex string, line breaks and marks of direction fake lines of a log. */
function textOf(value: unknown, max: number): string {
  if (typeof value !== "string") return "";
  return redactText(value.replace(/\p{C}/gu, ""))
    .slice(0, max)
    .replace(/\p{Cs}/gu, "");
}
