import * as fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { follow } from "../page/console/live.ts";
import { httpSource, NotAllowedError } from "../page/console/source.ts";
import { indented, visible } from "../page/console/text.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("JSON in the console", () => {
  it("has a line for each member, and says what was said", () => {
    expect(indented('{"a":9007199254740993,"b":[1,{}],"b":-0.0,"c":"{,:\\"}"}')).toBe(
      `{
  "a": 9007199254740993,
  "b": [
    1,
    {}
  ],
  "b": -0.0,
  "c": "{,:\\"}"
}`,
    );
  });

  it("reads as the same value, whatever it is", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(JSON.parse(indented(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it("that is none stays as it is, but for what cannot be seen", () => {
    expect(indented('{"a":\u202e')).toBe('{"a":\\u202e');
  });

  it("grows by its lines only, however deep somebody nests", () => {
    const depth = 30_000;
    const text = indented(`${"[".repeat(depth)}1${"]".repeat(depth)}`);
    expect(text.length).toBeLessThan(depth * 100);
  });
});

describe("foreign text", () => {
  it.each([
    ["a\u202eb\u200bc\u0000", "a\\u202eb\\u200bc\\u0000"],
    ["\ud800", "\\ud800"],
    ["\u{e0041}", "\\udb40\\udc41"],
    ["two\nlines", "two\nlines"],
    ["Zoë 日本 עברית ❤\ufe0f", "Zoë 日本 עברית ❤\ufe0f"],
  ])("%j reads %j", (text, seen) => {
    expect(visible(text)).toBe(seen);
  });
});

describe("following the log", () => {
  function stubDocument() {
    const page = Object.assign(new EventTarget(), { hidden: false });
    vi.stubGlobal("document", page);
    return (hidden: boolean) => {
      page.hidden = hidden;
      page.dispatchEvent(new Event("visibilitychange"));
    };
  }

  it("looks less often while there is nothing, and not at all hidden, paused or at its end", async () => {
    vi.useFakeTimers();
    const setHidden = stubDocument();
    const end = new AbortController();
    let looks = 0;
    const following = follow(async () => {
      looks += 1;
      return false;
    }, end.signal);
    const within = async (ms: number, act: () => void = () => undefined) => {
      const before = looks;
      act();
      await vi.advanceTimersByTimeAsync(ms);
      return looks - before;
    };
    expect(await within(60_000)).toBeLessThanOrEqual(9);
    expect(await within(60_000)).toBe(6);
    expect(await within(600_000, () => setHidden(true))).toBe(0);
    expect(await within(1000, () => setHidden(false))).toBe(1);
    following.pause();
    setHidden(true);
    expect(await within(600_000, () => setHidden(false))).toBe(0);
    expect(await within(1000, () => following.soon())).toBe(1);
    end.abort();
    expect(await within(600_000, () => following.soon())).toBe(0);
  });
});

describe("the console's requests", () => {
  const { signal } = new AbortController();

  it("have no argument in their URL, and the app's headers", async () => {
    const asked: unknown[] = [];
    vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
      asked.push(url, init.method, init.body, new Headers(init.headers).get("authorization"));
      return Response.json({ entries: [] });
    });
    const source = httpSource("http://localhost:1/audit", { authorization: "Bearer t" });
    expect(await source("list", { session: "s" }, signal)).toEqual({ entries: [] });
    expect(asked).toEqual(["http://localhost:1/audit/list", "POST", '{"session":"s"}', "Bearer t"]);
  });

  it.each([
    [403, { error: "Only an admin." }, "Only an admin."],
    [403, "no JSON", "You may not read this log."],
    [401, {}, "Your sign-in is no longer valid. Sign in again."],
  ])("that are refused with %i say so and are the last", async (status, body, message) => {
    vi.stubGlobal("fetch", async () => Response.json(body, { status }));
    const refused = httpSource("http://localhost:1/audit", {})("list", {}, signal);
    await expect(refused).rejects.toThrow(NotAllowedError);
    await expect(refused).rejects.toThrow(message);
  });
});
