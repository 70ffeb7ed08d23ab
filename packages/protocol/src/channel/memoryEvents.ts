import type { EventStore, StoredEvent } from "./events.ts";

/** Options of {@link memoryEvents}. */
export interface MemoryEventsOptions {
  /** How long a stream is kept after its last event. Default: 5 minutes. */
  readonly ttlMs?: number;
  /** Streams in all; a further one ends the keeping of the least recently written. Default: 1,000. */
  readonly max?: number;
  /** Default: `Date.now`. */
  readonly now?: () => number;
}

interface Stream {
  readonly sessionId: string | undefined;
  readonly events: StoredEvent[];
  readonly ended: boolean;
  readonly usedAt: number;
}

/** Streams in this process' memory. The sessions they are of are their owners': they were checked. */
export function memoryEvents<C, P>(options: MemoryEventsOptions = {}): EventStore<C, P> {
  const { ttlMs = 300_000, max = 1000, now = Date.now } = options;
  // Least recently written first, so that expiry is a walk from the front.
  const streams = new Map<string, Stream>();

  function removeExpired(): void {
    for (const [id, { usedAt }] of streams) {
      if (usedAt > now() - ttlMs && streams.size <= max) return;
      streams.delete(id);
    }
  }

  return {
    async append({ sessionId }, streamId, { sequence, data, last }) {
      const events = streams.get(streamId)?.events ?? [];
      events.push({ sequence, data });
      streams.delete(streamId);
      streams.set(streamId, { sessionId, events, ended: last, usedAt: now() });
      removeExpired();
    },
    async replay({ sessionId }, streamId, after) {
      removeExpired();
      const stream = streams.get(streamId);
      if (stream === undefined || stream.sessionId !== sessionId) return undefined;
      const events = stream.events.filter(({ sequence }) => sequence > after);
      return { events, ended: stream.ended };
    },
  };
}
