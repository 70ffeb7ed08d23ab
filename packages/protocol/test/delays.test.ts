/** Times that no timer takes are refused when a feature is made, as they would be over at once. */
import { describe, expect, it } from "vitest";
import {
  askByMail,
  memoryChanges,
  memoryEvents,
  memoryMailbox,
  resumption,
  serveChanges,
  streaming,
} from "../src/index.ts";

describe.each([Infinity, 2 ** 31, 0, -1, Number.NaN])("%d milliseconds", (ms) => {
  it.each<[string, () => unknown]>([
    ["keepAliveMs", () => streaming({ keepAliveMs: ms })],
    ["keepAliveMs", () => serveChanges({ feed: memoryChanges({ kinds: [] }), keepAliveMs: ms })],
    ["maxMs", () => serveChanges({ feed: memoryChanges({ kinds: [] }), maxMs: ms })],
    ["pollMs", () => resumption({ events: memoryEvents(), pollMs: ms })],
    ["maxMs", () => resumption({ events: memoryEvents(), maxMs: ms })],
    ["retryMs", () => resumption({ events: memoryEvents(), retryMs: ms })],
    ["timeoutMs", () => askByMail({ mailbox: memoryMailbox(), timeoutMs: ms })],
  ])("are no %s", (name, make) => {
    expect(make).toThrow(TypeError);
    expect(make).toThrow(`expected ${name} to be 1 to 2147483647 milliseconds, got ${ms}`);
  });
});
