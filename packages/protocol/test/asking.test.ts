// oxlint-disable typescript/no-explicit-any -- foreign JSON, as a test reads it
/** Tools that ask: one code for both eras. */
import { verifies } from "@convex-mcp/spec";
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
} from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, it } from "vitest";
import {
  askByMail,
  askInRounds,
  ClientFailure,
  memoryMailbox,
  memoryPrompts,
  servePrompts,
} from "../src/index.ts";
import { newest, post, read, rpc, type Person } from "./support/endpoint.ts";
import { live, messagesOf, open, secret, tool } from "./support/live.ts";
import { ask } from "./support/modern.ts";

const form = (name: string, type = "string") => ({
  message: `Your ${name}?`,
  requestedSchema: { type: "object", properties: { [name]: { type } }, required: [name] } as const,
});
const all = { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} };
const accept = (content: object) => ({ action: "accept", content });
const model = { role: "assistant", content: { type: "text", text: "Paris" }, model: "m" };

let runs = 0;
const one = tool("one", async (channel) => {
  runs += 1;
  const { action, content } = await channel.elicit({ key: "user_name", ...form("name") });
  return `${action} ${String(content?.name)}`;
});
const two = tool("two", async (channel) => {
  const first = await channel.elicit(form("first"));
  const second = await channel.elicit({
    ...form("second"),
    message: `After ${String(first.content?.first)}`,
  });
  return `${String(first.content?.first)} ${String(second.content?.second)}`;
});
const many = tool("many", async (channel) => {
  const [name, capital, roots] = await Promise.all([
    channel.elicit({ key: "name", ...form("name") }),
    channel.sample({
      key: "capital",
      messages: [{ role: "user", content: { type: "text", text: "?" } }],
      maxTokens: 9,
    }),
    channel.listRoots({ key: "roots" }),
  ]);
  return JSON.stringify([name.content, capital.content, roots]);
});
const visit = tool("visit", async (channel) => {
  const answer = await channel.elicit({
    mode: "url",
    message: "Pay",
    url: "https://example.com/pay",
  });
  return JSON.stringify(answer);
});
const failing = tool("failing", async (channel) => {
  try {
    await channel.elicit(form("name"));
  } catch (error) {
    if (error instanceof ClientFailure) return error.message;
    throw error;
  }
  return "answered";
});
const tools = [one, two, many, visit, failing];

const call = (name: string, id: number | string = 1) => ({
  ...rpc("tools/call", { name, arguments: { a: 1, b: { c: 2, d: [3] } } }),
  id,
});

/** Calls a tool in a session and answers what it asks. */
async function callWith(
  { handler }: ReturnType<typeof live>,
  headers: Record<string, string>,
  name: string,
  answers: ((request: any) => object)[],
) {
  const asked: any[] = [];
  const response = await handler(post(call(name), headers), "c");
  if (response.headers.get("content-type") === "application/json") {
    return { asked, last: JSON.parse(await response.text()) };
  }
  let last: any;
  for await (const message of messagesOf(response)) {
    last = message;
    if (!("method" in message) || !("id" in message)) continue;
    asked.push(message);
    const answer = answers[asked.length - 1]?.(message);
    if (!answer) continue;
    const sent = await handler(post({ jsonrpc: "2.0", id: message.id, ...answer }, headers), "c");
    expect([sent.status, await sent.text()]).toEqual([202, ""]);
  }
  return { asked, last };
}

describe("in a session", () => {
  it("a form is a request on the stream, and its answer another POST", async () => {
    const server = live(tools);
    const session = await open(server.handler, all);
    const { asked, last } = await callWith(server, session, "one", [
      () => ({ result: accept({ name: "Ada" }) }),
    ]);
    expect(asked[0]).toMatchObject({ jsonrpc: "2.0", method: "elicitation/create" });
    expect(asked[0].params).toEqual(form("name"));
    expect(last.result.content[0].text).toBe("accept Ada");
    expect(server.reported).toEqual([]);
  });

  it("questions come one after another, or at once", async () => {
    const server = live(tools);
    const session = await open(server.handler, all);
    const twice = await callWith(server, session, "two", [
      () => ({ result: accept({ first: "A" }) }),
      ({ params }) => ({ result: accept({ second: params.message }) }),
    ]);
    expect(twice.last.result.content[0].text).toBe("A After A");
    const byMethod = ({ method }: { method: string }) => {
      if (method === "roots/list") return { result: { roots: [{ uri: "file:///a" }] } };
      return { result: method === "sampling/createMessage" ? model : accept({ name: "Ada" }) };
    };
    const { last } = await callWith(server, session, "many", [byMethod, byMethod, byMethod]);
    expect(JSON.parse(last.result.content[0].text)).toEqual([
      { name: "Ada" },
      model.content,
      [{ uri: "file:///a" }],
    ]);
  });

  it("a page to visit has an id, and no content", async () => {
    const server = live(tools);
    const session = await open(server.handler, all);
    const { asked, last } = await callWith(server, session, "visit", [
      () => ({ result: accept({ x: 1 }) }),
    ]);
    expect(asked[0].params).toEqual({
      mode: "url",
      message: "Pay",
      url: "https://example.com/pay",
      elicitationId: asked[0].id,
    });
    expect(last.result.content[0].text).toBe('{"action":"accept"}');
  });

  it.each<[string, object, string]>([
    ["declined", { result: { action: "decline", content: { name: "x" } } }, "answered"],
    ["an error", { error: { code: -1, message: "User said no\n" } }, "User said no?"],
    ["accepted without content", { result: { action: "accept" } }, "is none"],
    ["of another type", { result: accept({ name: 1 }) }, "is none"],
    ["nonsense", { result: "yes" }, "is none"],
  ])("an answer may be %s", async (_, answer, text) => {
    verifies("elicitation.answers");
    const server = live(tools);
    const session = await open(server.handler, all);
    const { last } = await callWith(server, session, "failing", [() => answer]);
    expect(last.result.content[0].text).toContain(text);
  });

  it("only the session that was asked can answer", async () => {
    verifies("elicitation.session-bound");
    const server = live(tools);
    const session = await open(server.handler, all);
    const eve = await open(server.handler, all, { person: "eve" });
    const { last } = await callWith(server, session, "one", [
      ({ id }) => {
        const forged = { jsonrpc: "2.0", id, result: accept({ name: "Eve" }) };
        void server.handler(post(forged, eve), "c");
        void server.handler(post(forged, newest), "c");
        return { result: accept({ name: "Ada" }) };
      },
    ]);
    expect(last.result.content[0].text).toBe("accept Ada");
  });

  it("a question that is no JSON is expected by no mailbox", async () => {
    const opened: string[] = [];
    const mailbox = memoryMailbox<string, Person>();
    const openNoted: typeof mailbox.open = async (caller, id, expiresAt) => {
      opened.push(id);
      await mailbox.open(caller, id, expiresAt);
    };
    const odd = tool("odd", async (channel) => {
      await channel.sample({ messages: [], maxTokens: 1, seed: 5n });
      return "never";
    });
    const server = live([odd], { ask: [askByMail({ mailbox: { ...mailbox, open: openNoted } })] });
    const session = await open(server.handler, all);
    const { body } = await read(server.handler(post(call("odd"), session), "c"));
    expect([body.result.isError, opened]).toEqual([true, []]);
  });

  it("an answer that does not come ends the wait, and the client is told", async () => {
    const server = live(tools, {});
    const session = await open(server.handler, all);
    const response = await server.handler(post(call("failing"), session), "c");
    const messages: any[] = [];
    for await (const message of messagesOf(response)) messages.push(message);
    expect(messages[1]).toMatchObject({
      method: "notifications/cancelled",
      params: { requestId: messages[0].id },
    });
    expect(messages[2].result.content[0].text).toContain("did not answer");
    const late = { jsonrpc: "2.0", id: messages[0].id, result: accept({ name: "x" }) };
    expect((await server.handler(post(late, session), "c")).status).toBe(202);
  }, 10_000);

  it("a call that is cancelled meanwhile fails for that reason, and the question is taken back", async () => {
    const server = live(tools);
    const session = await open(server.handler, all);
    const response = await server.handler(post(call("one", 9), session), "c");
    const methods: string[] = [];
    for await (const { method } of messagesOf(response)) {
      methods.push(method);
      const cancelled = { method: "notifications/cancelled", params: { requestId: 9 } };
      await server.handler(post({ jsonrpc: "2.0", ...cancelled }, session), "c");
    }
    await expect
      .poll(() => server.reported.map(({ error }) => String(error)))
      .toEqual([
        expect.stringContaining("not answer elicitation/create before the request was cancelled"),
      ]);
    expect(methods[0]).toBe("elicitation/create");
  });

  it.each([
    ["one", {}],
    ["one", { elicitation: { url: {} } }],
    ["visit", { elicitation: {} }],
    ["many", { elicitation: {}, sampling: {} }],
  ])(
    "%s of a client that declares %j tells the model what is missing",
    async (name, capabilities) => {
      verifies("elicitation.modes");
      const server = live(tools);
      const session = await open(server.handler, capabilities);
      const { last } = await callWith(server, session, name, []);
      expect(last.result ?? last).toMatchObject({ isError: true });
      expect(last.result.content[0].text).toContain("declares the capability");
    },
    10_000,
  );

  it("elicitation: {} means forms", async () => {
    verifies("elicitation.modes", "elicitation.answers");
    const server = live(tools);
    const session = await open(server.handler, { elicitation: {} });
    const { last } = await callWith(server, session, "one", [
      () => ({ result: { action: "cancel" } }),
    ]);
    expect(last.result.content[0].text).toBe("cancel undefined");
  });
});

type Answers = Record<string, unknown>;

/** One round of a modern call. */
async function round(
  { handler }: Pick<ReturnType<typeof live>, "handler">,
  name: string,
  more: { inputResponses?: unknown; requestState?: unknown } = {},
  {
    capabilities = all,
    args = { a: 1, b: { c: 2, d: [3] } },
    person = "ada",
  }: { capabilities?: object; args?: object; person?: string } = {},
) {
  const headers = { authorization: `Bearer ${person}` };
  const { status, body } = await read(
    handler(
      ask(
        "tools/call",
        { name, arguments: args, ...more },
        { capabilities, headers, id: crypto.randomUUID() },
      ),
      "c",
    ),
  );
  return { status, error: body.error, result: body.result };
}

describe("in 2026-07-28", () => {
  it("the request is answered with the question, and comes again with the answer", async () => {
    verifies("mrtr.unknown-keys", "cache.hints", "result.type");
    const server = live(tools);
    runs = 0;
    const first = await round(server, "one");
    expect(first.result).toMatchObject({
      resultType: "input_required",
      inputRequests: { user_name: { method: "elicitation/create", params: form("name") } },
      requestState: expect.stringMatching(/^v1\.[\w-]+\.[\w-]+$/),
    });
    expect(first.result).not.toHaveProperty("ttlMs");
    const { requestState } = first.result;
    const inputResponses = { user_name: accept({ name: "Ada" }), unknown: 1 };
    const second = await round(server, "one", { inputResponses, requestState });
    expect(second.result).toMatchObject({
      resultType: "complete",
      content: [{ text: "accept Ada" }],
    });
    expect([runs, server.reported]).toEqual([2, []]);
  });

  it("later rounds know the answers of the earlier ones", async () => {
    const server = live(tools);
    const first = await round(server, "two");
    expect(Object.keys(first.result.inputRequests)).toEqual(["question-1"]);
    const second = await round(server, "two", {
      inputResponses: { "question-1": accept({ first: "A" }) },
      requestState: first.result.requestState,
    });
    expect(second.result.inputRequests["question-2"].params.message).toBe("After A");
    expect(second.result.requestState).not.toBe(first.result.requestState);
    const third = await round(server, "two", {
      inputResponses: { "question-2": accept({ second: "B" }) },
      requestState: second.result.requestState,
    });
    expect(third.result.content[0].text).toBe("A B");
  });

  it("an answer is one to the question that was asked, whatever has its name", async () => {
    let asked = "Delete the draft";
    const sure = tool("sure", async (channel) => {
      const first = await channel.elicit({ key: "sure", ...form("yes"), message: `${asked}?` });
      const again = await channel.elicit({ key: "again", ...form("yes") });
      return `${asked}: ${first.action}, ${again.action}`;
    });
    const server = live([sure]);
    const inputResponses = { sure: accept({ yes: "y" }), again: accept({ yes: "y" }) };
    // To nothing that was asked.
    const early = await round(server, "sure", { inputResponses });
    expect(early.result.inputRequests).toMatchObject({
      sure: { params: { message: "Delete the draft?" } },
    });
    asked = "Delete everything";
    const first = await round(server, "sure", {
      inputResponses,
      requestState: early.result.requestState,
    });
    expect(first.result.inputRequests).toMatchObject({
      sure: { params: { message: "Delete everything?" } },
    });
    const second = await round(server, "sure", {
      inputResponses,
      requestState: first.result.requestState,
    });
    expect(Object.keys(second.result.inputRequests)).toEqual(["again"]);
    // Kept from the round before, as an answer to another question.
    asked = "Delete the backups";
    const third = await round(server, "sure", {
      inputResponses: { again: accept({ yes: "y" }) },
      requestState: second.result.requestState,
    });
    expect(Object.keys(third.result.inputRequests)).toEqual(["sure"]);
    const done = await round(server, "sure", {
      inputResponses,
      requestState: third.result.requestState,
    });
    expect(done.result.inputRequests ?? done.result.content[0].text).toMatchObject({ again: {} });
  });

  it("questions asked at once make one round, and a part of the answers another", async () => {
    const server = live(tools);
    const first = await round(server, "many");
    expect(Object.keys(first.result.inputRequests).sort()).toEqual(["capital", "name", "roots"]);
    const some: Answers = { name: accept({ name: "Ada" }), capital: model };
    const second = await round(server, "many", {
      inputResponses: some,
      requestState: first.result.requestState,
    });
    expect(Object.keys(second.result.inputRequests)).toEqual(["roots"]);
    const rest: Answers = { roots: { roots: [] } };
    const third = await round(server, "many", {
      inputResponses: rest,
      requestState: second.result.requestState,
    });
    expect(third.result.content[0].text).toBe(JSON.stringify([{ name: "Ada" }, model.content, []]));
  });

  it("a page to visit has no id any more", async () => {
    const server = live(tools);
    const first = await round(server, "visit");
    expect(first.result.inputRequests["question-1"].params).toEqual({
      mode: "url",
      message: "Pay",
      url: "https://example.com/pay",
    });
  });

  it.each<unknown>([
    12345,
    null,
    "x",
    { action: "accept" },
    accept({ name: 5 }),
    { action: "maybe" },
  ])("asks again after the answer %j", async (answer) => {
    verifies("mrtr.bad-responses", "elicitation.answers");
    const server = live(tools);
    const { requestState } = (await round(server, "one")).result;
    const again = await round(server, "one", {
      inputResponses: { user_name: answer },
      requestState,
    });
    expect(again.result.resultType).toBe("input_required");
    expect(Object.keys(again.result.inputRequests)).toEqual(["user_name"]);
  });

  it.each([null, 5, "x", []])("refuses inputResponses that are %j", async (inputResponses) => {
    verifies("mrtr.bad-responses");
    const { status, error } = await round(live(tools), "one", { inputResponses });
    expect([status, error.code]).toEqual([200, -32602]);
  });

  it("a seal opens for its own request alone, once, and in time", async () => {
    verifies("mrtr.state-bound", "retry.once", "handle.user-bound");
    let time = 1000;
    const server = live(tools, { now: () => time });
    const inputResponses = { user_name: accept({ name: "Ada" }) };
    const fresh = async () => (await round(server, "one")).result.requestState as string;
    const refused = async (
      requestState: unknown,
      options = {},
      name = "one",
      responses: object | undefined = inputResponses,
    ) => {
      runs = 0;
      const { status, error } = await round(
        server,
        name,
        { ...(responses && { inputResponses: responses }), requestState },
        options,
      );
      expect([status, error?.code, runs]).toEqual([200, -32602, 0]);
    };
    const state = await fresh();
    await refused(`${state}-TAMPERED`);
    await refused(`${state.slice(0, -1)}${state.endsWith("A") ? "B" : "A"}`);
    await refused(state.replace(/^v1\.\w/, "v1.A"));
    await refused(state.replace("v1", "v2"));
    await refused("");
    await refused(7);
    await refused(null);
    await refused(state, { person: "eve" });
    await refused(state, { args: { a: 2 } });
    // The same members, as lists of names and values.
    const listed = [
      ["c", 2],
      ["d", [3]],
    ];
    await refused(state, { args: { a: 1, b: listed } });
    await refused(state, {}, "two");
    await refused(`${state}x`, {}, "one", undefined);
    const reordered = { b: { d: [3], c: 2 }, a: 1 };
    const used = await round(
      server,
      "one",
      { inputResponses, requestState: state },
      { args: reordered },
    );
    expect(used.result.resultType).toBe("complete");
    await refused(state);
    const late = await fresh();
    time += 600_000;
    await refused(late);
  });

  it("secrets can change: the first seals, all open", async () => {
    const asker = (...secrets: string[]) =>
      live(tools, { ask: [askInRounds({ secret: secrets, ownerOf: (p) => p })] });
    const newer = "another secret that nobody could guess";
    const { requestState } = (await round(asker(secret), "one")).result;
    const more = { inputResponses: { user_name: accept({ name: "A" }) }, requestState };
    expect((await round(asker(newer, secret), "one", more)).result.resultType).toBe("complete");
    expect((await round(asker(newer), "one", more)).error.code).toBe(-32602);
    expect(() => askInRounds({ secret: "short", ownerOf: () => undefined })).toThrow("at least 32");
  });

  it("a secret that has to be fetched is, where there is a round to seal or to open", async () => {
    let fetched = 0;
    const server = live([...tools, tool("quiet", () => "done")], {
      ask: [
        askInRounds({
          secret: async ({ principal }) => {
            fetched += 1;
            return principal === "ada" ? secret : "short";
          },
          ownerOf: (person) => person,
        }),
      ],
    });
    expect((await round(server, "quiet")).result.resultType).toBe("complete");
    expect(fetched).toBe(0);
    const { requestState } = (await round(server, "one")).result;
    expect(fetched).toBe(1);
    const more = { requestState, inputResponses: { user_name: accept({ name: "Ada" }) } };
    expect((await round(server, "one", more)).result.resultType).toBe("complete");
    expect(fetched).toBe(2);
  });

  it.each([
    ["one", {}, { elicitation: { form: {} } }],
    ["visit", { elicitation: {} }, { elicitation: { url: {} } }],
  ])(
    "%s of a client that declares %j is 400 -32021",
    async (name, capabilities, requiredCapabilities) => {
      verifies("envelope.capability-missing", "elicitation.modes");
      const { status, error } = await round(live(tools), name, {}, { capabilities });
      expect([status, error]).toMatchObject([
        400,
        { code: -32021, data: { requiredCapabilities } },
      ]);
    },
  );

  it("an interruption that a tool swallows asks all the same", async () => {
    const greedy = tool(
      "greedy",
      async (channel) =>
        await channel.elicit(form("name")).then(
          () => "asked",
          () => "swallowed",
        ),
    );
    const { result } = await round(live([greedy]), "greedy");
    expect(result.resultType).toBe("input_required");
  });

  it("prompts ask too", async () => {
    const prompt = servePrompts<string, string | undefined>(
      memoryPrompts({
        prompts: [
          {
            definition: { name: "p" },
            get: async (_, { request }) => {
              const { content } = await request.channel.elicit({
                key: "user_context",
                ...form("name"),
              });
              return {
                messages: [
                  { role: "user", content: { type: "text", text: String(content?.name) } },
                ],
              };
            },
          },
        ],
      }),
    );
    const { handler } = live([], { features: [prompt] });
    const first = await read(
      handler(ask("prompts/get", { name: "p" }, { capabilities: all }), "c"),
    );
    const { requestState } = first.body.result;
    const inputResponses = { user_context: accept({ name: "Ada" }) };
    const second = await read(
      handler(
        ask("prompts/get", { name: "p", inputResponses, requestState }, { capabilities: all }),
        "c",
      ),
    );
    expect(second.body.result).toMatchObject({
      resultType: "complete",
      messages: [{ content: { text: "Ada" } }],
    });
  });
});

describe("the official clients are asked, and answer", () => {
  const url = new URL("http://localhost:3000/mcp");
  const info = { name: "client", version: "0" };
  const fetchTo =
    (handler: ReturnType<typeof live>["handler"]) =>
    async (input: string | URL | Request, init?: RequestInit) => {
      const request = new Request(input, init);
      request.headers.set("authorization", "Bearer ada");
      return await handler(request, "c");
    };
  const expected = JSON.stringify([{ name: "Ada" }, model.content, [{ uri: "file:///a" }]]);
  const roots = async () => ({ roots: [{ uri: "file:///a" }] });
  const sample = async () => ({
    ...model,
    role: "assistant" as const,
    content: { type: "text" as const, text: "Paris" },
  });
  const fill = async () => ({ action: "accept" as const, content: { name: "Ada" } });

  it("v1", async () => {
    const { handler } = live(tools);
    const client = new ClientV1(info, {
      capabilities: { elicitation: {}, sampling: {}, roots: {} },
    });
    client.setRequestHandler(ElicitRequestSchema, fill);
    client.setRequestHandler(CreateMessageRequestSchema, sample);
    client.setRequestHandler(ListRootsRequestSchema, roots);
    await client.connect(new TransportV1(url, { fetch: fetchTo(handler) }));
    const result = await client.callTool({ name: "many" });
    expect(result.content).toEqual([{ type: "text", text: expected }]);
    await client.close();
  });

  it.each(["2025-06-18", "2025-11-25", "2026-07-28"])("v2 at %s", async (version) => {
    const { handler } = live(tools);
    const client = new ClientV2(info, {
      capabilities: { elicitation: {}, sampling: {}, roots: {} },
      ...(version === "2026-07-28"
        ? { versionNegotiation: { mode: { pin: version } } }
        : { supportedProtocolVersions: [version] }),
    });
    client.setRequestHandler("elicitation/create", fill);
    client.setRequestHandler("sampling/createMessage", sample);
    client.setRequestHandler("roots/list", roots);
    await client.connect(new TransportV2(url, { fetch: fetchTo(handler) }));
    const result = await client.callTool({ name: "many", arguments: {} });
    expect(result.content).toEqual([{ type: "text", text: expected }]);
    await client.close();
  });
});
