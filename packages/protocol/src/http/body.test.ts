import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { readJsonBody } from "./body.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const limits = { decoder: new TextDecoder("utf-8", { fatal: true }), bodyBytes: 200, depth: 8 };
const post = (body: string | ReadableStream) =>
  new Request("https://a.test/mcp", { method: "POST", body, duplex: "half" } as RequestInit);

it("a body that does not end is waited for half a minute", async () => {
  const cancel = vi.fn();
  const start = (body: ReadableStreamDefaultController) => body.enqueue(Uint8Array.of(123));
  const read = readJsonBody(post(new ReadableStream({ start, cancel })), limits);
  await vi.advanceTimersByTimeAsync(29_999);
  expect(cancel).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(await read).toMatchObject({
    ok: false,
    refusal: { status: 408, message: expect.stringContaining("within 30 seconds") },
  });
  expect(cancel).toHaveBeenCalledOnce();
});

it("a body that ends leaves no timer", async () => {
  expect(await readJsonBody(post("{}"), limits)).toEqual({ ok: true, value: {} });
  expect(vi.getTimerCount()).toBe(0);
});

it("a body that does not end is nothing, though what came of it is JSON", async () => {
  const start = (body: ReadableStreamDefaultController) => body.enqueue(Uint8Array.of(123, 125));
  const read = readJsonBody(post(new ReadableStream({ start })), limits);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await read).toMatchObject({ ok: false, refusal: { status: 408 } });
});
