/// <reference types="vite/client" />
import { convexTest, type TestConvex } from "convex-test";
import schema from "../../src/component/schema.ts";
import type { End, Entry } from "../../src/component/shared.ts";

const modules = import.meta.glob(["../../src/component/**/*.ts", "!**/*.test-d.ts"]);

/** The component alone, as if it were an app. */
export type Component = TestConvex<typeof schema>;

export function component(): Component {
  return convexTest(schema, modules);
}

/** The same, held to what the platform lets one transaction read and write. */
export function limitedComponent(): Component {
  return convexTest({ schema, modules, transactionLimits: true });
}

/** An entry, with what a test says of it. */
export function entry(changes: Partial<Entry> = {}): Entry {
  return { kind: "tool", tool: "list_things", outcome: "ok", ...changes };
}

export const ok: End = { outcome: "ok", result: "{}", resultBytes: 2, durationMs: 1 };

/** Every row of a table, as it is stored. */
export function rows<
  Table extends "sessions" | "auditEntries" | "auditLinks" | "auditStatistics" | "auditRefusals",
>(t: Component, table: Table) {
  return t.run((ctx) => ctx.db.query(table).collect());
}
