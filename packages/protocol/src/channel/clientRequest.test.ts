import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ClientCapabilities } from "../wire/questions.ts";
import { canBeAsked, readClientAnswer, toClientRequest } from "./clientRequest.ts";

const form = { message: "?", requestedSchema: { type: "object", properties: {} } };
const page = { mode: "url", message: "?", url: "https://example.com" };
const asked = {
  form: toClientRequest("elicit", form),
  page: toClientRequest("elicit", page),
  model: toClientRequest("sample", { key: "k", messages: [], maxTokens: 1 }),
  tools: toClientRequest("sample", { messages: [], maxTokens: 1, tools: [] }),
  roots: toClientRequest("listRoots", { key: "k" }),
};

it("a question carries what its client has to know, and no key of ours", () => {
  expect(asked.form.params).toEqual(form);
  expect(asked.page.params).toEqual(page);
  expect(asked.model.params).toEqual({ messages: [], maxTokens: 1 });
  expect(asked.roots).toMatchObject({ method: "roots/list", params: {} });
});

it.each<[unknown, (keyof typeof asked)[]]>([
  [{}, []],
  [{ elicitation: {} }, ["form"]],
  [{ elicitation: { url: {} } }, ["page"]],
  [{ elicitation: { form: {} } }, ["form"]],
  [{ elicitation: { form: {}, url: {} } }, ["form", "page"]],
  [{ elicitation: 1, sampling: null, roots: [] }, []],
  [{ sampling: {} }, ["model"]],
  [{ sampling: { tools: {} } }, ["model", "tools"]],
  [{ roots: {} }, ["roots"]],
])("a client that declares %j is asked %j", (capabilities, kinds) => {
  const askable = Object.entries(asked).filter(([, { needs }]) =>
    canBeAsked(capabilities as ClientCapabilities, needs),
  );
  expect(askable.map(([kind]) => kind)).toEqual(kinds);
});

describe("an answer", () => {
  const block = { type: "text", text: "x" };

  it.each<[keyof typeof asked, unknown, unknown]>([
    ["form", { action: "accept", content: {} }, { action: "accept", content: {} }],
    ["form", { action: "shrug" }, undefined],
    ["page", { action: "accept", content: { x: 1 } }, { action: "accept" }],
    ["model", { role: "system", model: "m", content: block }, undefined],
    ["model", { role: "user", model: 1, content: block }, undefined],
    ["model", { role: "user", model: "m", content: [block, { type: 1 }] }, undefined],
    ["model", { role: "user", model: "m" }, undefined],
    ["roots", { roots: [{ uri: "file:///a" }] }, [{ uri: "file:///a" }]],
    ["roots", { roots: [{ name: "a" }] }, undefined],
    ["roots", {}, undefined],
  ])("to a question of kind %s: %j", (kind, answer, read) => {
    expect(readClientAnswer(asked[kind], answer)).toEqual(read);
  });

  it("of a model is kept as it came", () => {
    const answer = { role: "assistant", model: "m", content: [block], stopReason: "endTurn" };
    expect(readClientAnswer(asked.model, answer)).toBe(answer);
  });

  it("may be anything at all", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.values(asked)), (answer, request) => {
        const isObject = typeof answer === "object" && answer !== null && !Array.isArray(answer);
        const read = readClientAnswer(request, answer);
        if (!isObject) expect(read).toBeUndefined();
      }),
    );
  });
});
