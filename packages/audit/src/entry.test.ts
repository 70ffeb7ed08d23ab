import { describe, expect, it } from "vitest";
import { ENTRY_LIMITS, fitEntry, outcomeAt, type AuditEntry, type EntryLimits } from "./entry.ts";

const entry: AuditEntry = { at: 1000, kind: "tool", tool: "invoices_list", outcome: "ok" };

describe("fitEntry", () => {
  it("leaves an entry that fits as it is", () => {
    const full: AuditEntry = {
      ...entry,
      subject: "s",
      argsBytes: 2,
      args: "{}",
      durationMs: 0,
      cut: false,
    };
    expect(fitEntry(full)).toEqual(full);
    expect(Object.keys(fitEntry(entry)).sort()).toEqual(["at", "kind", "outcome", "tool"]);
  });

  it("bounds every text, and says so", () => {
    const texts = Object.keys(ENTRY_LIMITS) as (keyof EntryLimits)[];
    const long = Object.fromEntries(texts.map((field) => [field, "é\ud800".repeat(200_000)]));
    const fitted = fitEntry({ ...entry, ...long });
    for (const field of texts) {
      expect(fitted[field]!.length).toBeLessThanOrEqual(ENTRY_LIMITS[field]);
      expect(/\p{Surrogate}/u.test(fitted[field]!)).toBe(false);
    }
    expect(fitted.cut).toBe(true);
    expect(fitted.tool).toMatch(/^é.*…\[\+\d+ chars\]$/);
    expect(JSON.parse(fitted.args!)).toBe("[cut: 400000 chars]");
    expect(new TextEncoder().encode(JSON.stringify(fitted)).length).toBeLessThan(512 * 1024);
  });

  it("replaces a lone surrogate, which no store takes", () => {
    expect(fitEntry({ ...entry, tool: "a\ud800b😀" }).tool).toBe("a\ufffdb😀");
    expect(fitEntry({ ...entry, tool: "a\ud800b" }).cut).toBeUndefined();
  });

  it("takes other limits, field by field", () => {
    const fitted = fitEntry(
      { ...entry, error: "x".repeat(100), ip: "1".repeat(64) },
      { error: 50 },
    );
    expect(fitted.error).toHaveLength(49);
    expect(fitted.ip).toHaveLength(64);
  });

  it("drops what an entry does not have", () => {
    const odd = { ...entry, extra: { $x: 1 }, ip: 7, durationMs: "1", userAgent: undefined };
    expect(fitEntry(odd as unknown as AuditEntry)).toEqual(entry);
  });
});

describe("outcomeAt", () => {
  const running = { at: 1000, outcome: "running" } as const;

  it("reads lost from the deadline on", () => {
    expect(outcomeAt(running, 1999, 2000)).toBe("running");
    expect(outcomeAt(running, 2000, 2000)).toBe("lost");
  });

  it("gives an action eleven minutes when no deadline is given", () => {
    expect(outcomeAt(running, 660_999)).toBe("running");
    expect(outcomeAt(running, 661_000)).toBe("lost");
  });

  it("changes no other outcome", () => {
    expect(outcomeAt({ at: 0, outcome: "ok" }, 1e15, 1)).toBe("ok");
  });
});
