import type { Stores } from "../stores.ts";
import { sqliteCancellations } from "./cancellations.ts";
import { openDatabase } from "./database.ts";
import { sqliteEvents } from "./events.ts";
import { sqliteContinuations, sqliteMailbox } from "./mailbox.ts";
import { sqliteSessions } from "./sessions.ts";
import { sqliteLogLevels, sqliteSubscriptions } from "./wishes.ts";

/** Stores in a SQLite file: what they hold outlives the process, and others may share it. */
export function sqliteStores(file: string): Stores {
  const database = openDatabase(file);
  return {
    sessions: sqliteSessions(database),
    subscriptions: sqliteSubscriptions(database),
    logs: sqliteLogLevels(database),
    cancellations: sqliteCancellations(database),
    mailbox: sqliteMailbox(database),
    continuations: sqliteContinuations(database),
    events: sqliteEvents(database),
    close: database.close,
  };
}
