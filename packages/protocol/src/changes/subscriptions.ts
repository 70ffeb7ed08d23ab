import { createShares, ownerOfCaller } from "../memory/shares.ts";
import type { OwnerOptions } from "../memory/shares.ts";
import type { Caller } from "../rpc/caller.ts";

/** The resources that sessions subscribed to. The session holds; without one there is none to keep. */
export interface SubscriptionStore<C, P> {
  add(caller: Caller<C, P>, uri: string): Promise<void>;
  remove(caller: Caller<C, P>, uri: string): Promise<void>;
  has(caller: Caller<C, P>, uri: string): Promise<boolean>;
}

/** Options of {@link memorySubscriptions}. */
export interface MemorySubscriptionsOptions<P> extends OwnerOptions<P> {
  /** Subscriptions of one owner; a further one ends its oldest. Default: 100. */
  readonly maxPerOwner?: number;
  /** Subscriptions in all; a further one ends one of the owner who has most. Default: 10,000. */
  readonly max?: number;
}

/** Subscriptions in this process' memory. */
export function memorySubscriptions<C, P>(
  options: MemorySubscriptionsOptions<P> = {},
): SubscriptionStore<C, P> {
  const { maxPerOwner = 100, max = 10_000 } = options;
  const subscribed = createShares<true>({ maxPerOwner, max });
  // A session id holds no space.
  const keyOf = ({ sessionId }: Caller<C, P>, uri: string) => `${sessionId} ${uri}`;
  return {
    async add(caller, uri) {
      if (caller.sessionId === undefined) return;
      subscribed.set(ownerOfCaller(options, caller), keyOf(caller, uri), true);
    },
    async remove(caller, uri) {
      subscribed.delete(ownerOfCaller(options, caller), keyOf(caller, uri));
    },
    has: async (caller, uri) =>
      subscribed.get(ownerOfCaller(options, caller), keyOf(caller, uri)) ?? false,
  };
}
