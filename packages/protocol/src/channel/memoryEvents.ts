import type { EventStore, StoredEvent } from "./events.ts";

/** Options of {@link memoryEvents}. */
export interface MemoryEventsOptions {
  /** How long a stream is kept after its last event. Default: 5 minutes. */
  readonly ttlMs?: number;
  /** Streams in all; a further one ends the keeping of the least recently written. Default: 1,000. */
  readonly max?: number;
  /** Characters of all streams together; further ones end the keeping likewise. Default: 16 Mi. */
  readonly maxCharacters?: number;
  /** Default: `Date.now`. */
  readonly now?: () => number;
}

interface Stream {
  readonly sessionId: string | undefined;
  readonly events: StoredEvent[];
  readonly characters: number;
  readonly ended: boolean;
  readonly usedAt: number;
}

/** Streams in this process' memory. The sessions they are of are their owners': they were checked. */
export function memoryEvents<C, P>(options: MemoryEventsOptions = {}): EventStore<C, P> {
  const { ttlMs = 300_000, max = 1000, maxCharacters = 2 ** 24, now = Date.now } = options;
  // Least recently written first, so that expiry is a walk from the front.
  const streams = new Map<string, Stream>();
  let kept = 0;

  function removeExpired(): void {
    for (const [id, { usedAt, characters }] of streams) {
      const fits = streams.size <= max && kept <= maxCharacters;
      if (usedAt > now() - ttlMs && fits) return;
      streams.delete(id);
      kept -= characters;
    }
  }

  return {
    async append({ sessionId }, streamId, { sequence, data, last }) {
      const before = streams.get(streamId);
      const events = before?.events ?? [];
      const characters = (before?.characters ?? 0) + data.length;
      events.push({ sequence, data });
      kept += data.length;
      streams.delete(streamId);
      streams.set(streamId, { sessionId, events, characters, ended: last, usedAt: now() });
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
