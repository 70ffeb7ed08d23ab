import type { EventStore } from "@convex-mcp/protocol";
import type { Principal } from "../stores.ts";
import type { Database } from "./database.ts";

/** The streams of sessions, in a database, for as long as their session lives. */
export function sqliteEvents({ run, rows }: Database): EventStore<undefined, Principal> {
  return {
    async append({ sessionId = "" }, streamId, { sequence, data, last }) {
      const values = [streamId, sequence, sessionId, data, Number(last)];
      run("insert into events values (?, ?, ?, ?, ?)", values);
    },
    async replay({ sessionId = "" }, streamId, after) {
      const key = [streamId, sessionId];
      const kept = rows(
        "select sequence, data, last from events where stream = ? and session = ? order by sequence",
        key,
      );
      if (kept.length === 0) return undefined;
      const events = kept
        .map(({ sequence, data }) => ({ sequence: Number(sequence), data: String(data) }))
        .filter(({ sequence }) => sequence > after);
      return { events, ended: kept.at(-1)?.["last"] === 1 };
    },
  };
}
