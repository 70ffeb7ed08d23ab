import { isLogLevel } from "@convex-mcp/protocol";
import type { LogLevelStore, SubscriptionStore } from "@convex-mcp/protocol";
import type { Principal } from "../stores.ts";
import type { Database } from "./database.ts";

/** The log levels that sessions asked for, in a database. */
export function sqliteLogLevels({ run, rows }: Database): LogLevelStore<undefined, Principal> {
  return {
    async set({ sessionId }, level) {
      if (sessionId === undefined) return;
      run("insert or replace into levels values (?, ?)", [sessionId, level]);
    },
    async get({ sessionId = "" }) {
      const [row] = rows("select level from levels where session = ?", [sessionId]);
      return isLogLevel(row?.["level"]) ? row["level"] : undefined;
    },
  };
}

/** The resources that sessions subscribed to, in a database. */
export function sqliteSubscriptions({
  run,
  rows,
}: Database): SubscriptionStore<undefined, Principal> {
  return {
    async add({ sessionId }, uri) {
      if (sessionId === undefined) return;
      run("insert or ignore into subscriptions values (?, ?)", [sessionId, uri]);
    },
    async remove({ sessionId = "" }, uri) {
      run("delete from subscriptions where session = ? and uri = ?", [sessionId, uri]);
    },
    has: async ({ sessionId = "" }, uri) =>
      rows("select 1 from subscriptions where session = ? and uri = ?", [sessionId, uri]).length >
      0,
  };
}
