import { existsSync } from "node:fs";
import sqlite from "node-sqlite3-wasm";

type Value = string | number | null;

/** The few things that the stores need of a database. */
export interface Database {
  /** Runs a statement; how many rows it changed. */
  readonly run: (sql: string, values: readonly Value[]) => number;
  readonly rows: (
    sql: string,
    values: readonly Value[],
  ) => readonly Readonly<Record<string, unknown>>[];
  readonly close: () => void;
}

// What belongs to a session goes with it.
const tables = `
  pragma busy_timeout = 2000;
  pragma foreign_keys = on;
  create table if not exists sessions (
    id text primary key, owner text not null, capabilities text not null, used_at integer not null
  ) without rowid;
  create index if not exists sessions_by_use on sessions (used_at);
  create table if not exists subscriptions (
    session text not null references sessions on delete cascade, uri text not null,
    primary key (session, uri)
  ) without rowid;
  create table if not exists levels (
    session text primary key references sessions on delete cascade, level text not null
  ) without rowid;
  create table if not exists running (
    session text not null references sessions on delete cascade, request text not null,
    cancelled integer not null default 0, primary key (session, request)
  ) without rowid;
  create table if not exists letters (
    id text primary key, session text not null references sessions on delete cascade,
    expires_at integer not null, answer text
  ) without rowid;
  create table if not exists events (
    stream text not null, sequence integer not null,
    session text not null references sessions on delete cascade,
    data text not null, last integer not null, primary key (stream, sequence)
  ) without rowid;
  create table if not exists rounds (
    nonce text primary key, expires_at integer not null
  ) without rowid;
`;

/**
 * Opens a database file, and makes it one if there is none. Several processes may share it, each waiting
 * for the others. `":memory:"` lives as long as it is open.
 *
 * @throws Error when a process that was killed while it wrote has left its lock.
 */
export function openDatabase(file: string): Database {
  const database = new sqlite.Database(file);
  try {
    database.exec(tables);
  } catch (cause) {
    database.close();
    // This build of SQLite locks with a directory, which the system does not take back from the dead.
    const lock = `${file}.lock`;
    if (!existsSync(lock)) throw cause;
    const advice = `If no process uses it any more, remove ${lock}.`;
    throw new Error(`${file} is locked. ${advice}`, { cause });
  }
  return {
    run: (sql, values) => database.run(sql, [...values]).changes,
    rows: (sql, values) => database.all(sql, [...values]),
    close: () => database.close(),
  };
}
