import { randomUUID } from "node:crypto";
import type { SessionStore } from "@convex-mcp/protocol";
import type { Principal } from "../stores.ts";
import type { Database } from "./database.ts";

const ttlMs = 3_600_000;
// A session in use is written once a minute, and not with each request.
const touchMs = 60_000;

/** Sessions in a database: they outlive the process. */
export function sqliteSessions({ run, rows }: Database): SessionStore<undefined, Principal> {
  return {
    async create({ principal }, { capabilities }) {
      run("delete from sessions where used_at <= ?", [Date.now() - ttlMs]);
      const id = randomUUID();
      const kept = JSON.stringify(capabilities ?? {});
      run("insert into sessions values (?, ?, ?, ?)", [id, principal, kept, Date.now()]);
      return id;
    },
    async check({ principal }, id) {
      const now = Date.now();
      const [session] = rows(
        "select used_at from sessions where id = ? and owner = ? and used_at > ?",
        [id, principal, now - ttlMs],
      );
      if (session === undefined) return false;
      run("update sessions set used_at = ? where id = ? and used_at <= ?", [
        now,
        id,
        now - touchMs,
      ]);
      return true;
    },
    async capabilities({ principal }, id) {
      const [session] = rows("select capabilities from sessions where id = ? and owner = ?", [
        id,
        principal,
      ]);
      return session === undefined ? {} : JSON.parse(String(session["capabilities"]));
    },
    end: async ({ principal }, id) =>
      run("delete from sessions where id = ? and owner = ?", [id, principal]) > 0,
  };
}
