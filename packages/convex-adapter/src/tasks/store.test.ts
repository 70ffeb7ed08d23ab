import { expect, it } from "vitest";
import type { Config } from "../config.ts";
import type { Who } from "../identity/who.ts";
import { createTaskStore } from "./store.ts";

const ID = "01234567-89ab-cdef-0123-456789abcdef";
const request = { id: 1, meta: undefined };

/** A store over a component that has no task, and the reasons that it counted. */
function storeOf(refusals: boolean) {
  const reasons: unknown[] = [];
  const component = {
    tasks: { cancel: "none", questions: "none", get: "none" },
    refusals: { count: "count" },
  };
  const config = { component, audit: { refusals, limits: {} } } as unknown as Config;
  const run = async (fn: unknown, args: { reason?: string }) => {
    if (fn === "count") reasons.push(args.reason);
    return null;
  };
  const identity = { subject: "ann", issuer: "https://a.test", tokenIdentifier: "a" };
  const caller = {
    principal: { kind: "user", identity, scopes: [] },
    context: { ctx: { runQuery: run, runMutation: run }, metadata: {} },
  } as unknown as Who;
  return { store: createTaskStore(config, { pollIntervalMs: 1 }), caller, reasons };
}

it.each([true, false])("counts what is asked of tasks that there are not: %s", async (refusals) => {
  const { store, caller, reasons } = storeOf(refusals);
  for (const taskId of [ID, "made up"]) {
    expect(await store.cancel(caller, taskId, request)).toBe(false);
    expect(await store.answer(caller, taskId, {}, request)).toBe(false);
    expect(await store.get(caller, taskId)).toBeUndefined();
  }
  expect(reasons).toEqual(refusals ? Array.from({ length: 6 }, () => "unknownTask") : []);
});
