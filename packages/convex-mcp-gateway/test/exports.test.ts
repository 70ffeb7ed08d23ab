/// <reference types="vite/client" />
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as auditLog from "../src/auditLog.ts";
import * as gateway from "../src/index.ts";

// Files with two dots are no modules: tests, types, and `convex.config.ts`.
const adapter = import.meta.glob(
  ["../../convex-adapter/src/component/*.ts", "!../../convex-adapter/src/component/*.*.ts"],
  { eager: true },
);
const ours = import.meta.glob(["../src/component/*.ts", "!../src/component/*.*.ts"], {
  eager: true,
});

/** Modules that are deployed: no types, no tests, nothing that others import only. */
const MODULES = [
  "answers",
  "apikeys",
  "audit",
  "bridgeClients",
  "bridgeGrants",
  "bridgeSignIns",
  "cancellations",
  "changes",
  "continuations",
  "crons",
  "erasure",
  "expiry",
  "exporting",
  "handles",
  "limits",
  "listeners",
  "mailbox",
  "reading",
  "refusals",
  "reports",
  "retention",
  "schema",
  "sealing",
  "secrets",
  "sessions",
  "statistics",
  "streams",
  "subscriptions",
  "taskCalls",
  "taskRuns",
  "tasks",
  "verifying",
];

describe("the component that apps mount", () => {
  it.each(MODULES)("has the functions of the adapter's %s, all of them", (name) => {
    const theirs = adapter[`../../convex-adapter/src/component/${name}.ts`] as object;
    const mine = ours[`../src/component/${name}.ts`] as object;
    const functions = Object.entries(theirs)
      .filter(([key, value]) => key === "default" || isRegistered(value))
      .map(([key]) => key);
    expect(functions.length).toBeGreaterThan(0);
    expect(Object.keys(mine).toSorted()).toEqual(functions.toSorted());
    for (const key of functions) {
      expect((mine as Record<string, unknown>)[key]).toBe((theirs as Record<string, unknown>)[key]);
    }
  });

  it("has no other module, and misses none", () => {
    const files = (folder: string) =>
      readdirSync(fileURLToPath(new URL(folder, import.meta.url)))
        .filter((file) => file.endsWith(".ts") && file.split(".").length === 2)
        .map((file) => file.slice(0, -3));
    expect(files("../src/component").toSorted()).toEqual(MODULES);
    expect(files("../../convex-adapter/src/component").toSorted()).toEqual(
      [
        ...MODULES,
        "chain",
        "entries",
        "handle",
        "links",
        "misuse",
        "room",
        "search",
        "shared",
        "tally",
      ].toSorted(),
    );
  });
});

it("exports these names and no others", () => {
  expect(Object.keys(gateway).toSorted()).toMatchInlineSnapshot(`
    [
      "ClientFailure",
      "McpGateway",
      "allOf",
      "allow",
      "anyOf",
      "audio",
      "defineMcpAction",
      "defineMcpMutation",
      "defineMcpPrompt",
      "defineMcpQuery",
      "defineMcpResource",
      "deny",
      "image",
      "isInterruption",
      "mcpApiKeys",
      "mcpBridge",
      "mcpCall",
      "mcpCaller",
      "mcpChanges",
      "mcpHeaders",
      "mcpIdempotency",
      "mcpPrompts",
      "mcpRateLimits",
      "mcpResources",
      "mcpStreaming",
      "mcpTasks",
      "needScopes",
      "notifyChanged",
      "readOnly",
      "requireRoles",
      "requireScopes",
      "resolveTokens",
      "resourceLink",
      "signIn",
      "text",
      "vMcpCall",
    ]
  `);
});

it("exports these names of the audit log", () => {
  expect(Object.keys(auditLog).toSorted()).toEqual([
    "auditStatistics",
    "eraseAuditSubject",
    "exportAuditLog",
    "listAuditEntries",
    "pruneAuditEntries",
    "pushAuditLog",
    "vAuditKind",
    "vAuditOutcome",
    "verifyAuditLog",
  ]);
});

function isRegistered(value: unknown): boolean {
  return (
    typeof value === "function" &&
    ("isMutation" in value || "isQuery" in value || "isAction" in value)
  );
}
