import type { CancellationStore } from "@convex-mcp/protocol";
import type { Principal } from "../stores.ts";
import type { Database } from "./database.ts";
import { poll } from "./poll.ts";

/** Wishes to cancel a running request, in a database. */
export function sqliteCancellations({
  run,
  rows,
}: Database): CancellationStore<undefined, Principal> {
  return {
    async cancel({ sessionId = "" }, requestId) {
      // JSON keeps 1 and "1" apart.
      const key = [sessionId, JSON.stringify(requestId)];
      run("update running set cancelled = 1 where session = ? and request = ?", key);
    },
    async cancelled({ sessionId = "" }, requestId, done) {
      const key = [sessionId, JSON.stringify(requestId)];
      run("insert or replace into running (session, request) values (?, ?)", key);
      const wished = await poll(
        () =>
          rows("select 1 from running where session = ? and request = ? and cancelled", key)[0] &&
          true,
        { signal: done },
      );
      run("delete from running where session = ? and request = ?", key);
      return wished ?? false;
    },
  };
}
