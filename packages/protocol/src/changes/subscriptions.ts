import type { Caller } from "../rpc/caller.ts";

/** The resources that sessions subscribed to. The session holds; without one there is none to keep. */
export interface SubscriptionStore<C, P> {
  add(caller: Caller<C, P>, uri: string): Promise<void>;
  remove(caller: Caller<C, P>, uri: string): Promise<void>;
  has(caller: Caller<C, P>, uri: string): Promise<boolean>;
}

/** Subscriptions in this process' memory. */
export function memorySubscriptions<C, P>(
  options: {
    /** Subscriptions of one session; a further one ends its oldest. Default: 100. */
    readonly maxPerSession?: number;
    /** Sessions with subscriptions; a further one ends the oldest's. Default: 10,000. */
    readonly max?: number;
  } = {},
): SubscriptionStore<C, P> {
  const { maxPerSession = 100, max = 10_000 } = options;
  const sessions = new Map<string, Set<string>>();
  return {
    async add({ sessionId }, uri) {
      if (sessionId === undefined) return;
      const uris = sessions.get(sessionId) ?? new Set();
      uris.delete(uri);
      if (uris.size >= maxPerSession) dropFirst(uris);
      uris.add(uri);
      if (!sessions.has(sessionId) && sessions.size >= max) dropFirst(sessions);
      sessions.set(sessionId, uris);
    },
    async remove({ sessionId = "" }, uri) {
      const uris = sessions.get(sessionId);
      uris?.delete(uri);
      if (uris?.size === 0) sessions.delete(sessionId);
    },
    has: async ({ sessionId = "" }, uri) => sessions.get(sessionId)?.has(uri) ?? false,
  };
}

function dropFirst(collection: Set<string> | Map<string, unknown>): void {
  const [first] = collection.keys();
  if (first !== undefined) collection.delete(first);
}
