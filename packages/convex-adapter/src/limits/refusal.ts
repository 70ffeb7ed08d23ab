import { type Refusal, Refused } from "@convex-mcp/protocol";
import type { Exceeded } from "../component/limits.ts";
import { counted, describeRate } from "./rates.ts";
import type { Counted } from "./uses.ts";

/** 429, with what a model is told instead where an app wants that. */
export class RateLimited extends Refused {
  readonly text: string;

  constructor(refusal: Refusal, text: string) {
    super(refusal);
    this.text = text;
  }
}

/** JSON-RPC has no code for it; the session revisions' SDKs use this one for refusals of the transport. */
const REFUSED = -32000;

/**
 * 429 for the limit that has room last (RFC 6585 section 4), in whole seconds (RFC 9110 section 10.2.3). It says what the
 * caller may know of themselves, and nothing of what is left to anybody.
 */
export function rateLimited(limits: readonly Counted[], { exceeded }: Exceeded): RateLimited {
  const waits = exceeded.toSorted((a, b) => b.retryAfterMs - a.retryAfterMs);
  const [{ index, retryAfterMs } = { index: 0, retryAfterMs: 0 }] = waits;
  const limit = limits[index];
  // To milliseconds first: what is a hair above whole seconds is noise of the division.
  const retryAfterSeconds = Math.max(1, Math.ceil(Math.round(retryAfterMs) / 1_000));
  const what = limit && `${limit.what} (${describeRate(limit.rate)})`;
  const wait = counted(retryAfterSeconds, "second");
  const reached = `limit of ${what ?? "requests"} is reached.`;
  return new RateLimited(
    {
      status: 429,
      code: REFUSED,
      message: `The ${reached} Retry in ${wait}.`,
      data: { retryAfterSeconds, ...(limit && { limit: limit.kind }) },
      headers: { "Retry-After": String(retryAfterSeconds) },
    },
    `Not called: the ${reached} Wait ${wait} before you call it again.`,
  );
}
