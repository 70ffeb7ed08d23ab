import { parseJson } from "./json.ts";

const MAX_INDENT = 20;

/**
 * The text with its invisible letters written out, as `\u202e`: foreign text that turns the order of letters round, or hides
 * some, reads as what it is. Line ends stay.
 */
export function visible(text: string): string {
  // U+FE0F stays: it only makes emoji of signs.
  return text.replaceAll(/(?!\n|\ufe0f)[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Cf}\p{DI}]/gu, (letter) =>
    Array.from({ length: letter.length }, (_, at) => {
      const unit = letter.charCodeAt(at).toString(16);
      return `\\u${unit.padStart(4, "0")}`;
    }).join(""),
  );
}

/**
 * JSON text with a line for each member. It goes token by token and makes no values, so that numbers that a double cannot
 * hold, and members that come twice, read as they were written. What is no JSON stays as it is.
 */
export function indented(text: string): string {
  if (parseJson(text) === undefined) return visible(text);
  let depth = 0;
  const line = () => `\n${"  ".repeat(Math.min(depth, MAX_INDENT))}`;
  return text.replaceAll(
    /"(?:[^"\\]+|\\.)*"|\{\s*\}|\[\s*\]|[{}[\],:]|\s+|[^\s{}[\],:"]+/g,
    (token) => {
      if (token.trim() === "") return "";
      if (token === ":") return ": ";
      if (token === ",") return token + line();
      if (token === "}" || token === "]") {
        depth -= 1;
        return line() + token;
      }
      if (token === "{" || token === "[") {
        depth += 1;
        return token + line();
      }
      return visible(token);
    },
  );
}

/** A duration: `12 ms`, `1.2 s`. */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** A number of things: `1 entry`, `2 entries`. */
export function amount(count: number, one: string, many: string): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}
