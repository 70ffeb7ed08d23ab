import { type Channel, InputRequired, MissingCapability } from "@convex-mcp/protocol";
import { ConvexError } from "convex/values";
import { describe, expect, it } from "vitest";
import { isInterruption, toCrossing, watchInterruptions } from "./interruption.ts";

const end = { outcome: "failed", durationMs: 5 } as const;
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
    expect(interruptionOf(undefined, end)).toBeUndefined();
    expect(interruptionOf(new Error("other"), end)).toBeUndefined();
  });

  it("knows the question that the client is put, whatever became of the run", async () => {
    const asked = new InputRequired("asked");
    const { channel, interruptionOf } = watchInterruptions(
      channelThat(() => Promise.reject(asked)),
    );
    await expect(channel.elicit(question)).rejects.toBe(asked);
    expect(interruptionOf(undefined, end)?.error).toBe(asked);
    expect(interruptionOf(new Error("because of it"), end)).toEqual({
      error: asked,
      end: { outcome: "interrupted", errorCode: "InputRequired", error: "asked", durationMs: 5 },
    });
  });

  it("takes a missing capability for an interruption only where the run ended by it", async () => {
    const { channel, interruptionOf } = watchInterruptions(channelThat(answered));
    const missing: unknown = await channel
      .sample({ messages: [], maxTokens: 1 })
      .catch((error: unknown) => error);
    expect(interruptionOf(undefined, end)).toBeUndefined();
    expect(interruptionOf(missing, end)?.error).toBe(missing);
  });
});

describe("an interruption that crosses from an action", () => {
  const { interruptionOf } = watchInterruptions(channelThat(answered));
  const crossing = (name: string) =>
    toCrossing({ name, message: "crossed", required: '{"elicitation":{}}' });

  it("is what it was before", () => {
    const asked = interruptionOf(crossing("InputRequired"), end)?.error;
    expect(asked).toBeInstanceOf(InputRequired);
    expect(asked?.message).toBe("crossed");
    const missing = interruptionOf(crossing("MissingCapability"), end)?.error;
    expect(missing).toBeInstanceOf(MissingCapability);
    expect(missing).toMatchObject({ required: { elicitation: {} } });
  });

  it("is told from an app's errors", () => {
    expect(isInterruption(crossing("InputRequired"))).toBe(true);
    expect(isInterruption(new InputRequired("here"))).toBe(true);
    for (const data of ["no", null, 1, { reason: "other" }, ["reason"]]) {
      expect(isInterruption(new ConvexError(data))).toBe(false);
      expect(interruptionOf(new ConvexError(data), end)).toBeUndefined();
    }
    expect(isInterruption(new Error("no"))).toBe(false);
  });
});
