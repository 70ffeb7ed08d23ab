import { describe, expect, it } from "vitest";
import type { AuditEntry } from "./entry.ts";
import { jsonLinesSink, memorySink } from "./sink.ts";

const entry = (tool: string): AuditEntry => ({ at: 1, kind: "tool", tool, outcome: "ok" });

describe("memorySink", () => {
  it("keeps the newest, oldest first", () => {
    const sink = memorySink({ max: 3 });
    expect(sink.entries()).toEqual([]);
    for (const tool of ["a", "b", "c", "d", "e"]) sink.write(entry(tool));
    expect(sink.entries().map(({ tool }) => tool)).toEqual(["c", "d", "e"]);
  });

  it("hands out a list of its own", () => {
    const sink = memorySink();
    sink.write(entry("a"));
    const before = sink.entries();
    sink.write(entry("b"));
    expect(before).toHaveLength(1);
  });

  it("refuses a size that holds nothing", () => {
    expect(() => memorySink({ max: 0 })).toThrow(/max must be an integer of at least 1, got 0/);
  });
});

describe("jsonLinesSink", () => {
  it("writes one line an entry, within its limits", () => {
    const lines: string[] = [];
    const sink = jsonLinesSink((line) => lines.push(line));
    void sink.write({ ...entry("a\nb"), args: '{"x":1}' });
    void sink.write(entry("t".repeat(1000)));
    expect(lines).toHaveLength(2);
    expect(lines.join("")).not.toContain("\n");
    const [first = "", second = ""] = lines;
    expect(JSON.parse(first)).toEqual({ ...entry("a\nb"), args: '{"x":1}' });
    expect((JSON.parse(second) as AuditEntry).tool).toHaveLength(255);
  });

  it("leaves no letter that any reader takes for the end of a line", () => {
    const lines: string[] = [];
    const text = "a\r\n\u0085\u2028\u2029\v\fz";
    void jsonLinesSink((line) => lines.push(line)).write(entry(text));
    expect(lines.join("")).not.toMatch(/[\r\n\u0085\u2028\u2029\v\f]/);
    expect((JSON.parse(lines.join("")) as AuditEntry).tool).toBe(text);
  });
});
