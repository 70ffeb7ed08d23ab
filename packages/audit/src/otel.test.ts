import { describe, expect, it } from "vitest";
import type { AuditEntry } from "./entry.ts";
import { type OtlpAttribute, toOtlpLogs, toOtlpSpans } from "./otel.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

const entry: AuditEntry & { id: string } = {
  id: "k57a",
  at: 1_767_225_600_000.25,
  kind: "tool",
  tool: "invoices_list",
  outcome: "ok",
  subject: "ann",
  sessionId: "s1",
  requestId: '"req-7"',
  ip: "192.0.2.1",
  durationMs: 12.5,
  args: '{"status":"open"}',
  argsBytes: 17,
  traceparent: `00-${TRACE}-${SPAN}-01`,
};

type Changes = { readonly [Field in keyof AuditEntry]?: AuditEntry[Field] | undefined };
const changed = (changes: Changes) => ({ ...entry, ...changes }) as typeof entry;
const spanOf = (changes: Changes = {}, options = {}) =>
  toOtlpSpans([changed(changes)], options)
    .resourceSpans.at(0)!
    .scopeSpans.at(0)!
    .spans.at(0)!;
const recordOf = (changes: Changes = {}, options = {}) =>
  toOtlpLogs([changed(changes)], options)
    .resourceLogs.at(0)!
    .scopeLogs.at(0)!
    .logRecords.at(0)!;
const valuesOf = ({ attributes }: { attributes: readonly OtlpAttribute[] }) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

describe("toOtlpSpans", () => {
  it("makes a server span under the caller's", () => {
    expect(spanOf()).toMatchObject({
      traceId: TRACE,
      parentSpanId: SPAN,
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
      name: "tools/call invoices_list",
      kind: 2,
      startTimeUnixNano: "1767225600000250000",
      endTimeUnixNano: "1767225600012750000",
      status: { code: 0 },
    });
    expect(valuesOf(spanOf())).toMatchObject({
      "mcp.method.name": "tools/call",
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "invoices_list",
      "mcp.session.id": "s1",
      "jsonrpc.request.id": "req-7",
      "client.address": "192.0.2.1",
      "user.id": "ann",
      "convex_mcp.audit.args.size": "17",
    });
  });

  it("gives an entry without a trace one of its own, the same each time", () => {
    const alone = spanOf({ traceparent: undefined });
    expect(alone.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(alone).not.toHaveProperty("parentSpanId");
    expect(spanOf({ traceparent: "garbled" })).toMatchObject({ traceId: alone.traceId });
  });

  it("sends arguments and results only when asked to", () => {
    expect(valuesOf(spanOf())).not.toHaveProperty("gen_ai.tool.call.arguments");
    expect(JSON.stringify(spanOf())).not.toContain("open");
    expect(valuesOf(spanOf({}, { payloads: true }))).toMatchObject({
      "gen_ai.tool.call.arguments": entry.args,
    });
  });

  it.each([
    ["failed", "tool_error", 2],
    ["invalid", "tool_error", 2],
    ["denied", "denied", 2],
    ["lost", "lost", 2],
    ["interrupted", undefined, 0],
    ["replayed", undefined, 0],
    ["cancelled", undefined, 0],
  ] as const)("tells %s as %s", (outcome, type, code) => {
    const span = spanOf({ outcome });
    expect(valuesOf(span)["error.type"]).toBe(type);
    expect(span.status.code).toBe(code);
  });

  it.each([
    [{ kind: "resource", name: "recent" }, "resources/read"],
    [{ kind: "prompt", name: "letter" }, "prompts/get letter"],
    [{ kind: "session", name: "start" }, "initialize"],
    [{ kind: "list", name: "tools/list" }, "tools/list"],
    [{ kind: "task", name: "input", tool: "pay" }, "tasks/update pay"],
    [{ kind: "task", name: "cancel", tool: "pay" }, "tasks/cancel pay"],
    [{ kind: "cancellation" }, "notifications/cancelled"],
  ] as const)("names the span of %j", (what, name) => {
    expect(spanOf({ tool: undefined, ...what }).name).toBe(name);
  });

  it("has no span for what is no request", () => {
    for (const what of [
      { kind: "session", name: "end" },
      { kind: "auth", name: "badToken" },
      { kind: "task", name: "end", tool: "pay" },
    ] as const) {
      expect(spanOf({ tool: undefined, ...what })).toBeUndefined();
      expect(recordOf({ tool: undefined, ...what })).not.toHaveProperty("spanId");
    }
  });
});

describe("toOtlpLogs", () => {
  it("makes a record with the span of its entry", () => {
    expect(recordOf()).toMatchObject({
      timeUnixNano: "1767225600000250000",
      severityNumber: 9,
      body: { stringValue: "tools/call invoices_list: ok" },
      traceId: TRACE,
      spanId: spanOf().spanId,
    });
    expect(recordOf({ outcome: "failed" }).severityText).toBe("ERROR");
  });

  it("says whose records they are", () => {
    const logs = toOtlpLogs([entry], {
      serviceName: "invoices",
      resource: { "deployment.environment.name": "prod" },
    }).resourceLogs.at(0)!;
    expect(valuesOf(logs.resource)).toEqual({
      "service.name": "invoices",
      "deployment.environment.name": "prod",
    });
  });
});
