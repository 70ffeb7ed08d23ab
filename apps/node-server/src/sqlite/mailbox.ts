import type { ContinuationStore, Mailbox, MailboxAnswer } from "@convex-mcp/protocol";
import type { Principal } from "../stores.ts";
import type { Database } from "./database.ts";
import { poll } from "./poll.ts";

/** Where the answers to a server's questions arrive, in a database. */
export function sqliteMailbox({ run, rows }: Database): Mailbox<undefined, Principal> {
  return {
    async open({ sessionId = "" }, id, expiresAt) {
      run("delete from letters where expires_at <= ?", [Date.now()]);
      run("insert into letters (id, session, expires_at) values (?, ?, ?)", [
        id,
        sessionId,
        expiresAt,
      ]);
    },
    put: async ({ sessionId = "" }, id, answer) =>
      run(
        "update letters set answer = ? where id = ? and session = ? and expires_at > ? and answer is null",
        [JSON.stringify(answer), id, sessionId, Date.now()],
      ) > 0,
    async wait({ sessionId = "" }, id, signal) {
      const key = [id, sessionId];
      const [letter] = rows("select expires_at from letters where id = ? and session = ?", key);
      if (letter === undefined) return undefined;
      const answer = await poll(
        () =>
          rows(
            "select answer from letters where id = ? and session = ? and answer notnull",
            key,
          )[0],
        { signal, until: Number(letter["expires_at"]) },
      );
      run("delete from letters where id = ? and session = ?", key);
      return answer && (JSON.parse(String(answer["answer"])) as MailboxAnswer);
    },
  };
}

/** The rounds that were continued, in a database. */
export function sqliteContinuations({ run }: Database): ContinuationStore<undefined, Principal> {
  return {
    async redeem(_, nonce, expiresAt) {
      run("delete from rounds where expires_at <= ?", [Date.now()]);
      return run("insert or ignore into rounds values (?, ?)", [nonce, expiresAt]) > 0;
    },
  };
}
