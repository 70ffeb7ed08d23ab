import type { Caller } from "@convex-mcp/protocol";
import { describe, expect, it } from "vitest";
import type { Config } from "../config.ts";
import type { Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";
import { createEvents } from "./events.ts";

/** What the store hands to the component, as parts. */
async function partsOf(data: string): Promise<string[]> {
  const kept: string[] = [];
  const runMutation = async (_: unknown, { parts }: { parts: string[] }) =>
    void kept.push(...parts);
  const caller = {
    sessionId: "s",
    principal: { kind: "anonymous" },
    context: { ctx: { runMutation } },
  };
  const store = createEvents({ component: { streams: {} } } as unknown as Config, 1);
  await store.append(caller as unknown as Caller<RequestScope, Principal>, "stream", {
    sequence: 1,
    data,
    last: true,
  });
  return kept;
}

describe("createEvents", () => {
  it.each(["", "short", "x".repeat(256 * 1024), "y".repeat(600 * 1024)])(
    "keeps a message whole, in parts that fit",
    async (data) => {
      const parts = await partsOf(data);
      expect(parts.length).toBeGreaterThan(0);
      expect(parts.join("")).toBe(data);
      for (const part of parts) expect(part.length).toBeLessThanOrEqual(256 * 1024);
    },
  );

  it("splits no letter in two", async () => {
    const data = `x${"😀".repeat(300 * 1024)}`;
    const parts = await partsOf(data);
    expect(parts.join("")).toBe(data);
    for (const part of parts) expect(() => encodeURIComponent(part)).not.toThrow();
  });

  it("keeps of a message that is too long that it was", async () => {
    const result = { text: "x".repeat(3 * 1024 * 1024) };
    const parts = await partsOf(JSON.stringify({ jsonrpc: "2.0", id: 7, result }));
    expect(JSON.parse(parts.join(""))).toMatchObject({
      id: 7,
      error: { message: expect.stringContaining("not kept") },
    });
    const notification = { jsonrpc: "2.0", method: "notifications/message", params: result };
    expect(await partsOf(JSON.stringify(notification))).toEqual([""]);
  });
});
