import { isObject } from "../wire/json.ts";
import type { SessionStore } from "./store.ts";

/** Options of {@link memorySessions}. */
export interface MemorySessionsOptions<P> {
  /** A stable name of the person or program behind a principal; `undefined` gets no session. */
  readonly ownerOf: (principal: P) => string | undefined;
  /** Idle time after which a session is gone. Default: one hour. */
  readonly ttlMs?: number;
  /** Sessions one owner may have; a further one ends the owner's least recently used. Default: 20. */
  readonly maxPerOwner?: number;
  /** Sessions in all; a further one ends the least recently used. Default: 10,000. */
  readonly max?: number;
  /** Default: `Date.now`. */
  readonly now?: () => number;
}

interface Entry {
  readonly owner: string;
  /** As JSON: a text is smaller than what it says. */
  readonly capabilities: string;
  readonly usedAt: number;
}

/**
 * Sessions in this process' memory, for backends that live long in one process.
 *
 * A session belongs to the owner who opened it: for anyone else it does not exist. Only the owner,
 * a time and what the client can be asked are kept, less than 2 KB a session.
 */
export function memorySessions<C, P>(options: MemorySessionsOptions<P>): SessionStore<C, P> {
  const { ownerOf, ttlMs = 3_600_000, maxPerOwner = 20, max = 10_000, now = Date.now } = options;
  for (const [name, value] of Object.entries({ ttlMs, maxPerOwner, max })) {
    if (!(value >= 1)) throw new TypeError(`${name}: expected a positive number, got ${value}.`);
  }
  // Least recently used first: each use deletes and re-inserts, so expiry is a walk from the front.
  const sessions = new Map<string, Entry>();
  const byOwner = new Map<string, Set<string>>();

  function remove(id: string, owner: string): void {
    sessions.delete(id);
    const ids = byOwner.get(owner);
    ids?.delete(id);
    if (ids?.size === 0) byOwner.delete(owner);
  }

  function put(id: string, owner: string, capabilities: string): void {
    const ids = byOwner.get(owner) ?? new Set();
    sessions.delete(id);
    ids.delete(id);
    sessions.set(id, { owner, capabilities, usedAt: now() });
    byOwner.set(owner, ids.add(id));
  }

  function removeExpired(): void {
    const deadline = now() - ttlMs;
    for (const [id, { owner, usedAt }] of sessions) {
      if (usedAt > deadline) return;
      remove(id, owner);
    }
  }

  function find(principal: P, id: string): Entry | undefined {
    removeExpired();
    const owner = ownerOf(principal);
    const session = sessions.get(id);
    return owner !== undefined && session?.owner === owner ? session : undefined;
  }

  return {
    async create({ principal }, { capabilities }) {
      const owner = ownerOf(principal);
      if (owner === undefined) return undefined;
      removeExpired();
      const own = byOwner.get(owner);
      const [ownOldest] = own ?? [];
      if (own && ownOldest !== undefined && own.size >= maxPerOwner) remove(ownOldest, owner);
      const [oldest] = sessions;
      if (oldest && sessions.size >= max) remove(oldest[0], oldest[1].owner);
      const id = crypto.randomUUID();
      put(id, owner, askable(capabilities));
      return id;
    },
    async check({ principal }, id) {
      const session = find(principal, id);
      if (session === undefined) return false;
      put(id, session.owner, session.capabilities);
      return true;
    },
    async capabilities({ principal }, id) {
      return JSON.parse(find(principal, id)?.capabilities ?? "{}");
    },
    async end({ principal }, id) {
      const session = find(principal, id);
      if (session === undefined) return false;
      remove(id, session.owner);
      return true;
    },
  };
}

// Room for what is defined so far, several times over.
const maxCapabilities = 1024;

/** What of a client's capabilities a server may ask for, unless it is absurdly much. */
function askable(capabilities: unknown): string {
  if (!isObject(capabilities)) return "{}";
  const { elicitation, sampling, roots } = capabilities;
  const json = JSON.stringify({ elicitation, sampling, roots });
  return json.length <= maxCapabilities ? json : "{}";
}
