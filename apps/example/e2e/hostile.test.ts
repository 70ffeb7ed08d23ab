import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Example } from "../server/serve.ts";
import { startExample } from "./support/app.ts";
import {
  type Attempt,
  bytesOf,
  type Expected,
  PING,
  PONG,
  rpc,
  type Target,
} from "./support/hostile/attempt.ts";
import { bodies } from "./support/hostile/bodies.ts";
import { calls } from "./support/hostile/calls.ts";
import { requests } from "./support/hostile/heads.ts";
import { messages } from "./support/hostile/messages.ts";
import { sockets } from "./support/hostile/sockets.ts";
import { exchange, type RawReply } from "./support/raw.ts";
import { openSession } from "./support/sessions.ts";

const attempts = [...bodies, ...messages, ...calls, ...requests, ...sockets];

let example: Example;
let target: Target;
const logged: string[] = [];
const seen: RawReply[] = [];

beforeAll(async () => {
  example = await startExample({ log: (line) => void logged.push(line) });
  const token = await example.provider.issue("alice");
  const sessionId = await openSession(example.endpoint, token);
  target = { port: Number(new URL(example.endpoint).port), token, sessionId };
});

afterAll(() => example.close());

async function run({ steps, expected, head = false }: Attempt): Promise<readonly RawReply[]> {
  return exchange(target.port, steps(target), { replies: expected.length, head });
}

/** What must never reach a caller: stacks, paths, and the words of engines and parsers. */
const LEAKS = [
  /\bat .*:\d+:\d+/,
  /node_modules|node:|file:\/\/|\/work\/|\/tmp\/|\/home\/|\.[cm]?[jt]s\b/,
  /(?:Type|Syntax|Range|Reference)Error|Unexpected (?:token|end)|Cannot read|is not a function/,
  /undefined|\[object |convex-test|Server Error|Internal error/,
];

function headerOf({ headers }: RawReply, name: string): string | null {
  const values = headers.filter((header) => header[0] === name).map((header) => header[1]);
  return values.length === 0 ? null : values.join(", ");
}

/** The id of the message, whether there is one, and the text that is meant for a reader. */
function read({ code, isError }: Expected, body: string): { id: unknown; text: string } {
  if (code === undefined && isError === undefined) {
    const isMessage = body.startsWith("{");
    const id = isMessage ? (JSON.parse(body) as { id?: unknown }).id : undefined;
    return { id, text: body };
  }
  const message = JSON.parse(body) as {
    id?: unknown;
    error?: { code: number; message: string };
    result?: { isError?: boolean; content: { text: string }[] };
  };
  expect.soft(message).toHaveProperty("jsonrpc", "2.0");
  expect.soft([message.error?.code, message.result?.isError]).toEqual([code, isError]);
  const text = message.error?.message ?? message.result?.content[0]?.text ?? "";
  return { id: message.id === undefined && Object.hasOwn(message, "id") ? "?" : message.id, text };
}

function expectReply(reply: RawReply | undefined, expected: Expected): void {
  if (reply === undefined) throw new Error("the server closed the connection without an answer");
  const { status, id, says, type = "application/json", headers = {} } = expected;
  const [contentType, ...others] = ["content-type", ...Object.keys(headers)].map((name) =>
    headerOf(reply, name),
  );
  expect.soft([reply.status, contentType]).toEqual([status, type]);
  expect.soft(others).toEqual(Object.values(headers));
  if (contentType !== type) return;
  const { id: echoed, text } = read(expected, reply.body);
  expect.soft(echoed).toBe(id);
  expect.soft(text).toMatch(says);
}

describe("a hostile request is answered, and the next good one too", () => {
  it.each(attempts.map((attempt) => [attempt.name, attempt] as const))("%s", async (_, attempt) => {
    const replies = await run(attempt);
    seen.push(...replies);
    expect(replies).toHaveLength(attempt.expected.length);
    for (const [index, expected] of attempt.expected.entries()) {
      expectReply(replies[index], expected);
    }
    const [after] = await exchange(target.port, [bytesOf(target, { body: PING })]);
    expectReply(after, PONG);
  });
});

describe("all of them together", () => {
  it("leak no stack, path or internal message", () => {
    expect(seen.length).toBeGreaterThan(150);
    for (const { headers, body } of seen) {
      const text = `${headers.map((header) => header.join(": ")).join("\n")}\n${body}`;
      for (const leak of LEAKS) expect.soft(text).not.toMatch(leak);
    }
  });

  it("are no fault of the app: its log has what a tool threw, and nothing else", () => {
    const said = logged.map((entry) => entry.split("\n")[0]);
    expect(said).toEqual([
      "[invoices:create] Uncaught ConvexError: amountCents must be more than zero.",
    ]);
  });

  it("wrote nothing but what was asked: no notification ran a tool", async () => {
    const stats = rpc("tools/call", { name: "invoices_list", arguments: {} });
    const [reply] = await exchange(target.port, [bytesOf(target, { body: stats })]);
    expect(reply?.body).toContain("a\\\\u0000b");
    expect(reply?.body).not.toContain("NOBODY");
  });

  it("get the same answers 20 times over, many at once, in bounded memory", async () => {
    const rss: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      const lanes = Array.from({ length: 8 }, (_, lane) => lane);
      await Promise.all(
        lanes.map(async (lane) => {
          for (const attempt of attempts.filter((_, index) => index % lanes.length === lane)) {
            const statuses = (await run(attempt)).map(({ status }) => status);
            const expected = attempt.expected.map(({ status }) => status);
            expect.soft(statuses, attempt.name).toEqual(expected);
          }
        }),
      );
      rss.push(process.memoryUsage.rss());
    }
    // What is never let go would show in each round: 10 MB bodies, contexts, half-read requests. The troughs are
    // compared, since the peaks only tell how late a busy machine collects.
    const trough = (rounds: readonly number[]) => Math.min(...rounds);
    expect(trough(rss.slice(10))).toBeLessThan(trough(rss.slice(0, 10)) + 192 * 1024 * 1024);
    const [after] = await exchange(target.port, [bytesOf(target, { body: PING })]);
    expectReply(after, PONG);
  }, 300_000);
});
