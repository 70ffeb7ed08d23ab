import { createShares, ownerOfCaller } from "../memory/shares.ts";
import type { OwnerOptions } from "../memory/shares.ts";
import type { Caller } from "../rpc/caller.ts";
import type { EventStore, StoredEvent } from "./events.ts";

/** Options of {@link memoryEvents}. */
export interface MemoryEventsOptions<P> extends OwnerOptions<P> {
  /** How long a stream is kept after its last event. Default: 5 minutes. */
  readonly ttlMs?: number;
  /**
   * Characters of one owner's streams, each event counting for 100 more than it has; further ones end
   * the keeping of the least recently written. Default: 2 Mi.
   */
  readonly maxCharactersPerOwner?: number;
  /** Characters of all streams; further ones end a stream of the owner who has most. Default: 16 Mi. */
  readonly maxCharacters?: number;
  /** Default: `Date.now`. */
  readonly now?: () => number;
}

interface Stream {
  readonly events: StoredEvent[];
  readonly size: number;
  readonly ended: boolean;
}

// What an event takes beside its characters, so that empty ones are not for nothing.
const overhead = 100;

/** Streams in this process' memory. The sessions they are of are their owners': they were checked. */
export function memoryEvents<C, P>(options: MemoryEventsOptions<P> = {}): EventStore<C, P> {
  const { ttlMs = 300_000, maxCharacters = 2 ** 24, now = Date.now } = options;
  const { maxCharactersPerOwner = Math.min(2 ** 21, maxCharacters) } = options;
  const streams = createShares<Stream>({
    maxPerOwner: maxCharactersPerOwner,
    max: maxCharacters,
    now,
  });
  // A session id holds no space.
  const keyOf = ({ sessionId }: Caller<C, P>, streamId: string) => `${sessionId} ${streamId}`;
  return {
    async append(caller, streamId, { sequence, data, last }) {
      const owner = ownerOfCaller(options, caller);
      const key = keyOf(caller, streamId);
      const before = streams.get(owner, key);
      const events = before?.events ?? [];
      events.push({ sequence, data });
      const size = (before?.size ?? 0) + data.length + overhead;
      const stream = { events, size, ended: last };
      streams.set(owner, key, stream, { size, expiresAt: now() + ttlMs });
    },
    async replay(caller, streamId, after) {
      const stream = streams.get(ownerOfCaller(options, caller), keyOf(caller, streamId));
      if (stream === undefined) return undefined;
      const events = stream.events.filter(({ sequence }) => sequence > after);
      return { events, ended: stream.ended };
    },
  };
}
