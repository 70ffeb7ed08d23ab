import { describe, expect, it } from "vitest";
import { errata } from "./errata.ts";
import { revisions, schemaOf, type Revision } from "./schemas.ts";
import { assertServerMessage, validateServerMessage } from "./validate.ts";

const response = (result: unknown, id: unknown = 1) => ({ jsonrpc: "2.0", id, result });
const error = (code: number, data?: unknown) => ({
  jsonrpc: "2.0",
  id: 1,
  error: { code, message: "m", ...(data === undefined ? {} : { data }) },
});
const text = { content: [{ type: "text", text: "t" }] };
const complete = { resultType: "complete" };
const cached = { ...complete, ttlMs: 0, cacheScope: "private" };
const call = { method: "tools/call" };
const list = { method: "tools/list" };
const task = { taskId: "t", status: "working", createdAt: "c", lastUpdatedAt: "l", ttlMs: null };

describe("a good message passes", () => {
  it.each<[Revision, unknown, { method: string }?]>([
    ...revisions.slice(0, 3).flatMap((revision): [Revision, unknown, { method: string }?][] => [
      [revision, response(text), call],
      [revision, response({ tools: [{ name: "a", inputSchema: { type: "object" } }] }), list],
      [revision, response({}), { method: "ping" }],
      [revision, response({}), { method: "logging/setLevel" }],
      [revision, response(text)],
      [revision, error(-32601)],
      [revision, { jsonrpc: "2.0", error: { code: -32000, message: "Sign in." } }],
      [revision, { jsonrpc: "2.0", id: "s", method: "roots/list" }],
      [revision, { jsonrpc: "2.0", method: "notifications/tools/list_changed" }],
    ]),
    ["2025-11-25", error(-32042, { elicitations: [] })],
    ["2026-07-28", response({ ...complete, ...text }), call],
    ["2026-07-28", response({ ...cached, tools: [] }), list],
    ["2026-07-28", response({ resultType: "input_required", requestState: "s" }), call],
    ["2026-07-28", response({ resultType: "task", ...task }), call],
    ["2026-07-28", response({ ...complete, ...task }), { method: "tasks/get" }],
    ["2026-07-28", response(complete), { method: "tasks/cancel" }],
    ["2026-07-28", error(-32021, { requiredCapabilities: { sampling: {} } })],
    ["2026-07-28", { jsonrpc: "2.0", method: "notifications/tasks", params: task }],
  ])("%s %j", (revision, message, request) => {
    expect(validateServerMessage(revision, message, request)).toBeUndefined();
  });
});

describe("a broken message does not", () => {
  it.each<[Revision, unknown, { method: string }?]>([
    ...revisions.flatMap((revision): [Revision, unknown, { method: string }?][] => [
      [revision, undefined],
      [revision, []],
      [revision, {}],
      [revision, { id: 1, result: {} }],
      [revision, response({ ...complete, ...text }, null), call],
      [revision, response({ ...complete, ...text }, 1.5), call],
      [revision, response({ ...complete, content: "t" }), call],
      [revision, response({ ...complete, content: [{ type: "text" }] }), call],
      [revision, response({ ...complete, content: [{ type: "video", data: "" }] }), call],
      [revision, response({ ...cached, tools: [{ name: "a" }] }), list],
      [revision, response({ ...cached, tools: [], nextCursor: null }), list],
      [revision, response({ ...cached, ...text }), list],
      [revision, response(complete), { method: "un/known" }],
      [revision, { jsonrpc: "2.0", id: 1, error: { code: "x", message: "m" } }],
      [revision, { jsonrpc: "2.0", id: 1, method: "tools/list" }],
      [revision, { jsonrpc: "2.0", method: "notifications/initialized" }],
      [revision, { jsonrpc: "2.0", method: "notifications/progress", params: { progress: 1 } }],
    ]),
    ["2025-03-26", response({ content: [{ type: "resource_link", uri: "a:b", name: "b" }] }), call],
    ["2025-06-18", error(-32020)],
    ["2025-11-25", error(-32021, { requiredCapabilities: {} })],
    ["2025-11-25", error(-32042)],
    ["2025-11-25", response({ ...text, structuredContent: [1] }), call],
    ["2026-07-28", response(text), call],
    ["2026-07-28", response({ ...complete, tools: [] }), list],
    ["2026-07-28", response({ resultType: "input_required" }), call],
    ["2026-07-28", response({ resultType: "input_required", requestState: "s" }), list],
    ["2026-07-28", response({ resultType: "task", taskId: "t" }), call],
    ["2026-07-28", response({ resultType: "partial", ...text }), call],
    ["2026-07-28", response({}), { method: "ping" }],
    ["2026-07-28", error(-32002)],
    ["2026-07-28", error(-32022, { supported: [] })],
    ["2026-07-28", { jsonrpc: "2.0", id: "s", method: "roots/list" }],
  ])("%s %j", (revision, message, request) => {
    expect(validateServerMessage(revision, message, request)).toEqual(expect.any(String));
  });
});

it("an answer of unknown revision is one of any", () => {
  expect(() => assertServerMessage([response(text), error(-32022, {})])).toThrow("-32022");
  expect(() => assertServerMessage([response(text), error(-32601)])).not.toThrow();
});

describe("errata", () => {
  it.each(errata.flatMap((each) => each.revisions.map((revision) => [revision, each] as const)))(
    "of %s name a definition that is there",
    (revision, { definition }) => {
      expect(Object.keys(schemaOf(revision).definitions)).toContain(definition);
    },
  );
});
