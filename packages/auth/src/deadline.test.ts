import { describe, expect, it, vi } from "vitest";

import { inTime } from "./deadline.ts";

describe("inTime", () => {
  it("gives what was done in time, and its failure", async () => {
    expect(await inTime(1000, async () => 7)).toBe(7);
    const failed = inTime(1000, () => Promise.reject(new Error("no")));
    await expect(failed).rejects.toThrow("no");
  });

  it("waits no longer, also for what knows no signal", async () => {
    const work = vi.fn<(signal: AbortSignal) => Promise<never>>(() => new Promise(() => {}));
    await expect(inTime(5, work)).rejects.toThrow(/time/);
    expect(work.mock.calls[0]?.[0].aborted).toBe(true);
  });

  it("leaves no failure unhandled when both come", async () => {
    const both = inTime(5, async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      throw new Error("later");
    });
    await expect(both).rejects.toThrow(/time/);
    await new Promise((resolve) => setTimeout(resolve, 30));
  });
});
