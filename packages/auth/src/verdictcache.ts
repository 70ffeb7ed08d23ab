import type { VerifyResult } from "./verdict.ts";

/** For how long answers are kept, and how many. */
export interface CacheOptions {
  /** For a token that was accepted, in seconds; never beyond its `exp`. Default 0: not at all. At most 300. */
  readonly acceptedSeconds?: number | undefined;
  /** For a token that was refused, in seconds. Default 0: not at all. At most 60. */
  readonly refusedSeconds?: number | undefined;
  /** The oldest go first. Default 1000. */
  readonly maxEntries?: number | undefined;
}

interface Kept {
  readonly result: VerifyResult;
  readonly until: number;
}

/**
 * Keeps what a verifier says, under the SHA-256 of the token. What could not be judged is never kept.
 *
 * @throws TypeError that names the option that is wrong
 */
export function createVerdictCache(
  { acceptedSeconds = 0, refusedSeconds = 0, maxEntries = 1000 }: CacheOptions,
  verify: (token: string) => Promise<VerifyResult>,
): (token: string) => Promise<VerifyResult> {
  requireRange(acceptedSeconds, 0, 300, "cache.acceptedSeconds");
  requireRange(refusedSeconds, 0, 60, "cache.refusedSeconds");
  requireRange(maxEntries, 1, 100_000, "cache.maxEntries");
  const kept = new Map<string, Kept>();

  return async (token) => {
    const key = await digest(token);
    const found = kept.get(key);
    if (found !== undefined && found.until > Date.now()) return found.result;
    kept.delete(key);
    const result = await verify(token);
    const until = keepUntil(result, acceptedSeconds, refusedSeconds);
    if (until > Date.now()) {
      kept.set(key, { result, until });
      for (const oldest of kept.keys()) {
        if (kept.size <= maxEntries) break;
        kept.delete(oldest);
      }
    }
    return result;
  };
}

function keepUntil(result: VerifyResult, accepted: number, refused: number): number {
  if (!result.ok) return result.error === "invalid_token" ? Date.now() + refused * 1000 : 0;
  const { exp } = result.claims;
  const until = Date.now() + accepted * 1000;
  return typeof exp === "number" ? Math.min(until, exp * 1000) : until;
}

async function digest(token: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return String.fromCharCode(...new Uint8Array(bytes));
}

function requireRange(value: number, least: number, most: number, option: string): void {
  if (value >= least && value <= most) return;
  throw new TypeError(`${option}: expected a number from ${least} to ${most}`);
}
