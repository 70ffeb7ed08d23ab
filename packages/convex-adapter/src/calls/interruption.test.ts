import { type Channel, InputRequired, MissingCapability } from "@convex-mcp/protocol";
import { describe, expect, it } from "vitest";
import { watchInterruptions } from "./interruption.ts";

const question = { message: "?", requestedSchema: { type: "object" } } as const;

function channelThat(elicit: Channel["elicit"]): Channel {
  return {
    signal: new AbortController().signal,
    listens: true,
    progress: () => undefined,
    log: () => undefined,
    capabilities: async () => ({ roots: {} }),
    elicit,
    sample: () => Promise.reject(new MissingCapability({ sampling: {} })),
    listRoots: async () => [],
    closeStream: () => undefined,
  };
}

const answered = async () => ({ action: "accept" }) as const;

describe("watchInterruptions", () => {
  it("hands through what is told, asked and answered", async () => {
    const given = channelThat(answered);
    const { channel, interruptionOf } = watchInterruptions(given);
    expect(await channel.elicit(question)).toEqual({ action: "accept" });
    expect(await channel.listRoots()).toEqual([]);
    expect(await channel.capabilities()).toEqual({ roots: {} });
    expect(channel.signal).toBe(given.signal);
    expect(interruptionOf(undefined)).toBeUndefined();
    expect(interruptionOf(new Error("other"))).toBeUndefined();
  });

  it("knows the question that the client is put, whatever became of the run", async () => {
    const asked = new InputRequired("asked");
    const { channel, interruptionOf } = watchInterruptions(
      channelThat(() => Promise.reject(asked)),
    );
    await expect(channel.elicit(question)).rejects.toBe(asked);
    expect(interruptionOf(undefined)).toBe(asked);
    expect(interruptionOf(new Error("because of it"))).toBe(asked);
  });

  it("takes a missing capability for an interruption only where the run ended by it", async () => {
    const { channel, interruptionOf } = watchInterruptions(channelThat(answered));
    const missing: unknown = await channel
      .sample({ messages: [], maxTokens: 1 })
      .catch((error: unknown) => error);
    expect(interruptionOf(undefined)).toBeUndefined();
    expect(interruptionOf(missing)).toBe(missing);
  });
});
