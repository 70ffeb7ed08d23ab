import { createShares } from "../memory/shares.ts";
import type { Caller } from "../rpc/caller.ts";

/** The rounds that were continued, so that none is continued twice. */
export interface ContinuationStore<C, P> {
  /** Notes a round until it expires. `false`: it was noted before. */
  redeem(caller: Caller<C, P>, nonce: string, expiresAt: number): Promise<boolean>;
  /** Told of a `requestState` that is refused: somebody else's, of another request, used, or expired. */
  refused?(caller: Caller<C, P>): Promise<void>;
}

/** Options of {@link memoryContinuations}. */
export interface MemoryContinuationsOptions<P> {
  /** The same as `askInRounds` has. Default: all who call are one owner. */
  readonly ownerOf?: ((principal: P) => string | undefined) | undefined;
  /** Rounds of one owner; a further one forgets that its oldest was continued. Default: as `max`. */
  readonly maxPerOwner?: number;
  /** Rounds in all; a further one forgets one of the owner who has most. Default: 100,000. */
  readonly max?: number;
  /** Default: `Date.now`. */
  readonly now?: () => number;
}

/** Continuations in this process' memory. */
export function memoryContinuations<C, P>({
  ownerOf = () => undefined,
  max = 100_000,
  maxPerOwner = max,
  now = Date.now,
}: MemoryContinuationsOptions<P> = {}): ContinuationStore<C, P> {
  const redeemed = createShares<true>({ maxPerOwner, max, now });
  return {
    async redeem({ principal }, nonce, expiresAt) {
      const owner = ownerOf(principal);
      return (
        redeemed.get(owner, nonce) === undefined && redeemed.set(owner, nonce, true, { expiresAt })
      );
    },
  };
}
