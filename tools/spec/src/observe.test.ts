import { describe, expect, it } from "vitest";
import { observe } from "./observe.ts";

const url = "http://localhost/mcp";
const result = { content: [{ type: "text", text: "t" }] };
const good = { jsonrpc: "2.0", id: 1, result };
const broken = { jsonrpc: "2.0", id: 1, result: { content: "t" } };
const call = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "t" } };
const november = { "mcp-protocol-version": "2025-11-25" };

const sse = { headers: { "content-type": "text/event-stream" } };
const json = (body: unknown, status = 200) => Response.json(body, { status });
const stream = (...messages: unknown[]) =>
  new Response(messages.map((each) => `id: 1\ndata: ${JSON.stringify(each)}\n\n`).join(""), {
    headers: { "content-type": "text/event-stream" },
  });

/** What there is to say against answers to requests, read as a test would. */
async function faultsOf(
  exchanges: readonly (readonly [body: unknown, answer: Response])[],
  { headers = november, onlyMessages = true }: { headers?: object; onlyMessages?: boolean } = {},
): Promise<readonly string[]> {
  const faults: string[] = [];
  const answers = exchanges.map(([, answer]) => answer);
  const answer = async (request: Request) => {
    await request.text();
    return answers.shift() ?? new Response();
  };
  const observed = observe(answer, { report: (fault) => faults.push(fault), onlyMessages });
  for (const [body] of exchanges) {
    const init =
      body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
    await (await observed(new Request(url, init as RequestInit))).text();
  }
  return faults;
}

describe("what is observed", () => {
  it.each<[string, unknown, () => Response, object?]>([
    ["a result of the wrong type", call, () => json(broken)],
    ["one on a stream", call, () => stream(broken)],
    ["a notification on a stream", call, () => stream({ jsonrpc: "2.0", method: "x" }, good)],
    ["a server's request that is none", call, () => stream({ ...call, id: "q" }, good)],
    ["an answer that nobody asked for", call, () => json({ ...good, id: 2 })],
    ["an answer with another type of id", call, () => json({ ...good, id: "1" })],
    ["an event that never ends", call, () => new Response("data: {}\r\n\r\n", sse)],
    ["no JSON", call, () => new Response("{", json({}))],
    ["an object that is no message", call, () => json({ ok: true })],
    ["a batch where there are none", [call], () => json([good])],
    ["an empty batch", [call], () => json([]), {}],
    ["a broken member of a batch", [call], () => json([broken]), {}],
    ["a body of 202", { ...call, id: undefined }, () => json({}, 202)],
    [
      "a session's result of a modern request",
      call,
      () => json(good),
      { "mcp-protocol-version": "2026-07-28" },
    ],
    [
      "a modern code in a session",
      call,
      () => json({ jsonrpc: "2.0", id: 1, error: { code: -32022, message: "m" } }, 400),
    ],
  ])("shows %s", async (_, body, answer, headers = november) => {
    const faults = await faultsOf([[body, answer()]], { headers });
    expect(faults).toHaveLength(1);
  });

  it("shows nothing where nothing is wrong", async () => {
    expect(await faultsOf([[call, json(good)]])).toEqual([]);
    expect(await faultsOf([[call, stream(good)]])).toEqual([]);
    expect(await faultsOf([[[call], json([good])]], { headers: {} })).toEqual([]);
    const unreadable = { jsonrpc: "2.0", error: { code: -32700, message: "m" } };
    expect(await faultsOf([["{", json(unreadable, 400)]])).toEqual([]);
  });

  it("knows the request that another stream answers", async () => {
    const later = () => [undefined, stream(broken)] as const;
    expect(await faultsOf([[call, stream()], later()])).toHaveLength(1);
    expect(await faultsOf([later()])).toHaveLength(1);
    expect(
      await faultsOf([
        [call, stream()],
        [undefined, stream(good)],
      ]),
    ).toEqual([]);
  });

  it("takes requests of one id apart by where they came, and where it can", async () => {
    const ping = { jsonrpc: "2.0", id: 1, method: "ping" };
    const pong = { jsonrpc: "2.0", id: 1, result: {} };
    expect(await faultsOf([[[call, ping], json([good, pong])]], { headers: {} })).toEqual([]);
    expect(
      await faultsOf([
        [call, stream()],
        [ping, json(pong)],
      ]),
    ).toEqual([]);
    expect(
      await faultsOf([
        [ping, stream()],
        [call, json(pong)],
      ]),
    ).toHaveLength(1);
  });

  it("follows the revision that initialize agreed on", async () => {
    const initialize = { ...call, method: "initialize" };
    const agreed = (protocolVersion: string, version?: string) => {
      const serverInfo = { name: "s", version };
      return json({
        jsonrpc: "2.0",
        id: 1,
        result: { protocolVersion, capabilities: {}, serverInfo },
      });
    };
    expect(await faultsOf([[initialize, agreed("2025-06-18", "1")]])).toEqual([]);
    expect((await faultsOf([[initialize, agreed("2025-06-18")]]))[0]).toContain("2025-06-18");
  });

  it("leaves what is not of the protocol alone, where both come", async () => {
    const page = json({ issuer: "https://a.example" });
    expect(await faultsOf([[undefined, page]], { onlyMessages: false })).toEqual([]);
    expect(await faultsOf([[call, json(broken)]], { onlyMessages: false })).toHaveLength(1);
  });
});

describe("observing", () => {
  it("needs nobody who reads, but for a stream", async () => {
    const faults: string[] = [];
    const report = (fault: string) => faults.push(fault);
    await observe(async () => json(broken), { report, onlyMessages: true })(new Request(url));
    expect(faults).toHaveLength(1);
  });

  it("neither reads ahead nor holds back, and lets go with the reader", async () => {
    let pulled = 0;
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          pulled += 1;
          controller.enqueue(new TextEncoder().encode(":\n\n"));
        },
        cancel: () => {
          cancelled = true;
        },
      },
      { highWaterMark: 0 },
    );
    const headers = { "content-type": "text/event-stream" };
    const observed = observe(async () => new Response(body, { headers }), {
      report: () => undefined,
      onlyMessages: true,
    });
    const reader = (await observed(new Request(url))).body!.getReader();
    expect(pulled).toBe(0);
    await reader.read();
    expect(pulled).toBe(1);
    await reader.cancel();
    expect(cancelled).toBe(true);
  });

  it("reads no request that the server did not", async () => {
    const request = new Request(url, { method: "POST", body: "{}" });
    const observed = observe(async () => new Response(null, { status: 413 }), {
      report: () => undefined,
      onlyMessages: true,
    });
    await observed(request);
    expect(request.bodyUsed).toBe(false);
  });
});
