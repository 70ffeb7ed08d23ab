import { createShares } from "../memory/shares.ts";
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
  /** Sessions in all; a further one ends one of the owner who has most. Default: 10,000. */
  readonly max?: number;
  /** Default: `Date.now`. */
  readonly now?: () => number;
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
  // What the client can be asked, as JSON: a text is smaller than what it says.
  const sessions = createShares<string>({ maxPerOwner, max, now });

  return {
    async create({ principal }, { capabilities }) {
      const owner = ownerOf(principal);
      if (owner === undefined) return undefined;
      const id = crypto.randomUUID();
      sessions.set(owner, id, askable(capabilities), { expiresAt: now() + ttlMs });
      return id;
    },
    async check({ principal }, id) {
      const owner = ownerOf(principal);
      return owner !== undefined && sessions.renew(owner, id, now() + ttlMs) !== undefined;
    },
    async capabilities({ principal }, id) {
      return JSON.parse(sessions.get(ownerOf(principal), id) ?? "{}");
    },
    end: async ({ principal }, id) => sessions.delete(ownerOf(principal), id),
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
