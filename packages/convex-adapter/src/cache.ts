import type { CacheHint } from "@convex-mcp/protocol";
import type { Who } from "./identity/who.ts";

/**
 * How long a caller's client may keep an answer, and for whom. `"public"` is said to strangers alone: what a user is
 * shown has passed `authorize` for this user, and nothing proves that it would for others.
 */
export function cacheFor(hint: CacheHint = {}, { principal }: Pick<Who, "principal">): CacheHint {
  return principal.kind === "anonymous" ? hint : { ...hint, cacheScope: "private" };
}

/** Options of a list. */
export interface ListOptions {
  /** How long clients of 2026-07-28 may keep the list. Default: not at all. `"public"` is said to strangers alone. */
  readonly cache?: CacheHint;
}

/** What is wrong with a hint (2026-07-28, server/utilities/caching). */
export function wrongCache(hint: CacheHint = {}): string | undefined {
  const { ttlMs = 0, cacheScope = "private" } = hint;
  return Number.isSafeInteger(ttlMs) && ttlMs >= 0 && /^(private|public)$/.test(cacheScope)
    ? undefined
    : `has a wrong \`cache\`: expected { ttlMs: 60_000, cacheScope: "private" or "public" }, got ${JSON.stringify(hint)}`;
}

/**
 * Refuses a wrong hint when it is given.
 *
 * @param what - whose hint it is: the beginning of the error's text.
 * @throws TypeError that says what was expected and what came.
 */
export function checkCache(what: string, hint: CacheHint | undefined): void {
  const wrong = wrongCache(hint);
  if (wrong !== undefined) throw new TypeError(`${what} ${wrong}.`);
}
