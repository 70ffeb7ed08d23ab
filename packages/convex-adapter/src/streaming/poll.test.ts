import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pause, poll, PROMPT } from "./poll.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("poll", () => {
  it("looks soon, then each second", async () => {
    const looks: number[] = [];
    const start = Date.now();
    const found = poll(PROMPT, new AbortController().signal, async () => {
      looks.push(Date.now() - start);
      return looks.length === 6 ? "there" : undefined;
    });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await found).toBe("there");
    expect(looks.map(Math.round)).toEqual([250, 625, 1187, 2030, 3030, 4030]);
  });

  it("ends at once when nobody wants it any more, and looks no more", async () => {
    const end = new AbortController();
    let looks = 0;
    const found = poll(PROMPT, end.signal, async () => {
      looks += 1;
      return undefined;
    });
    await vi.advanceTimersByTimeAsync(300);
    end.abort();
    expect(await found).toBeUndefined();
    expect(looks).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
    expect(await poll(PROMPT, end.signal, async () => "never looked for")).toBeUndefined();
  });

  it("fails where a look fails", async () => {
    const found = poll(PROMPT, new AbortController().signal, () =>
      Promise.reject(new Error("no table")),
    );
    const failure = expect(found).rejects.toThrow("no table");
    await vi.advanceTimersByTimeAsync(250);
    await failure;
  });
});

it("pause leaves no timer behind", async () => {
  const end = new AbortController();
  const waiting = pause(60_000, end.signal);
  end.abort();
  await waiting;
  expect(vi.getTimerCount()).toBe(0);
});
