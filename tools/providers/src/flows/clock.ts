import type { OAuthTokens } from "@modelcontextprotocol/sdk/shared/auth.js";
import { decodeJwt } from "jose";
import { expect } from "vitest";

/** When an access token ends. */
export function endOf(tokens: OAuthTokens | undefined): number {
  return (decodeJwt(tokens?.access_token ?? "").exp ?? 0) * 1_000;
}

/** Waits until a time that is seconds away at most. */
export async function until(time: number): Promise<void> {
  await expect.poll(() => Date.now() >= time, { timeout: 4_000, interval: 20 }).toBe(true);
}

/** Waits for a second to begin: a token lives from the second in which it is signed, and so as long as it says. */
export async function onTheSecond(): Promise<void> {
  await until(Math.ceil(Date.now() / 1_000) * 1_000);
}
