import { memoryTasks } from "@convex-mcp/protocol";
import type {
  Caller,
  ClientCapabilities,
  FormQuestion,
  SamplingRequest,
} from "@convex-mcp/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { declares, readAnswer, toRequest } from "./questions.ts";

type Method = "elicit" | "sample" | "listRoots";

const everything = { elicitation: { form: {}, url: {} }, sampling: { tools: {} }, roots: {} };
const caller = { principal: "ann" } as unknown as Caller<undefined, string>;

/** What the protocol makes of an answer; `undefined` where it goes on asking, or cannot ask. */
async function ofProtocol(
  method: Method,
  params: object,
  answer: unknown,
  capabilities: ClientCapabilities = everything,
) {
  const tasks = memoryTasks<undefined, string>({ ownerOf: (person) => person });
  let read: unknown;
  const { taskId } = await tasks.start(
    caller,
    async (channel) => {
      read = await channel[method]({ ...params, key: "q" } as never);
      return { content: [] };
    },
    capabilities,
  );
  await settled();
  const { inputRequests } = (await tasks.get(caller, taskId)) ?? {};
  await tasks.answer(caller, taskId, { q: answer });
  await settled();
  return { request: inputRequests?.["q"], read };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

function ofOurs(
  method: Method,
  params: object,
  answer: unknown,
  capabilities: ClientCapabilities = everything,
) {
  const { needs, ...request } = toRequest({ method, key: "q", params });
  if (!declares(capabilities, needs)) return { request: undefined, read: undefined };
  const kept = JSON.stringify(request.params);
  return {
    request: { method: request.method, params: JSON.parse(kept) as object },
    read: readAnswer({ key: "q", method: request.method, params: kept }, answer),
  };
}

const choices = fc.constantFrom(
  {},
  { enum: ["a", "b"] },
  { oneOf: [{ const: "a", title: "A" }] },
  { anyOf: [{ const: "b" }, null] },
);
const field = fc.oneof(
  choices.map((choice) => ({ type: "string", ...choice })),
  fc.constantFrom({ type: "number" }, { type: "integer" }, { type: "boolean" }, { type: "array" }),
  choices.map((items) => ({ type: "array", items })),
);
const name = fc.constantFrom("a", "b", "constructor", "__proto__");
const value = fc.oneof(
  fc.constantFrom<unknown>("a", "b", "", 1, 1.5, true, null, [], {}),
  fc.array(fc.constantFrom<unknown>("a", "b", 1), { maxLength: 2 }),
);
const form: fc.Arbitrary<FormQuestion> = fc
  .record({
    properties: fc.dictionary(name, field, { maxKeys: 3 }),
    required: fc.array(name, { maxLength: 2 }),
  })
  .map((schema) => ({ message: "?", requestedSchema: { type: "object", ...schema } }));
const met = fc.oneof(
  fc.record({
    action: fc.constantFrom("accept", "decline", "cancel", "shrug"),
    content: fc.oneof(fc.dictionary(name, value, { maxKeys: 3 }), value),
  }),
  value,
);
const block = fc.constantFrom<unknown>({ type: "text", text: "x" }, { type: 1 }, {}, null, "x");
const sampled = fc.record(
  {
    role: fc.constantFrom("user", "assistant", "system"),
    model: fc.constantFrom<unknown>("m", 1),
    content: fc.oneof(block, fc.array(block, { maxLength: 2 })),
  },
  { requiredKeys: [] },
);
const listed = fc.record(
  {
    roots: fc.oneof(value, fc.array(fc.constantFrom<unknown>({ uri: "file:///" }, { uri: 1 }, 1))),
  },
  { requiredKeys: [] },
);

describe("questions and answers of a task are read as the protocol reads them", () => {
  const runs = { numRuns: 300 };

  it("forms", () =>
    fc.assert(
      fc.asyncProperty(form, met, async (question, answer) => {
        expect(ofOurs("elicit", question, answer)).toEqual(
          await ofProtocol("elicit", question, answer),
        );
      }),
      runs,
    ));

  it("pages", () =>
    fc.assert(
      fc.asyncProperty(met, async (answer) => {
        const question = { mode: "url", message: "Visit", url: "https://example.com" };
        expect(ofOurs("elicit", question, answer)).toEqual(
          await ofProtocol("elicit", question, answer),
        );
      }),
      runs,
    ));

  it("samples and roots", () =>
    fc.assert(
      fc.asyncProperty(fc.oneof(sampled, listed, value), async (answer) => {
        const request: SamplingRequest = { messages: [], maxTokens: 1, temperature: 0 };
        expect(ofOurs("sample", request, answer)).toEqual(
          await ofProtocol("sample", request, answer),
        );
        expect(ofOurs("listRoots", {}, answer)).toEqual(await ofProtocol("listRoots", {}, answer));
      }),
      runs,
    ));

  it.each<ClientCapabilities>([
    {},
    { elicitation: {} },
    { elicitation: { url: {} } },
    { elicitation: { form: {} } },
    { elicitation: 1, sampling: null, roots: [] } as unknown as ClientCapabilities,
    { sampling: {} },
    { sampling: { tools: {} } },
    { roots: {} },
  ])("to a client that declares %j", async (capabilities) => {
    const asked: [Method, object][] = [
      ["elicit", { message: "?", requestedSchema: { type: "object", properties: {} } }],
      ["elicit", { mode: "url", message: "?", url: "https://example.com" }],
      ["sample", { messages: [], maxTokens: 1 }],
      ["sample", { messages: [], maxTokens: 1, tools: [] }],
      ["listRoots", {}],
    ];
    for (const [method, params] of asked) {
      const ours = ofOurs(method, params, { action: "decline" }, capabilities);
      const theirs = await ofProtocol(method, params, { action: "decline" }, capabilities);
      expect(ours.request).toEqual(theirs.request);
    }
  });
});
