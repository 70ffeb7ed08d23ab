import { makeFunctionReference } from "convex/server";
import { v } from "convex/values";
import { describe, expect, it } from "vitest";
import { vMcpCall } from "../component/handle.ts";
import { createPromptCatalog, describePrompt } from "./catalog.ts";
import { defineMcpPrompt } from "./define.ts";
import type { McpPrompt } from "./prompt.ts";

const fn = makeFunctionReference<"query", Record<string, never>, string>("letters:dunning");
/** As of code without types. */
const define = defineMcpPrompt as unknown as (options: object) => McpPrompt;
const prompt = (options: object = {}) =>
  define({ name: "letter", description: "A letter.", fn, args: {}, ...options });

describe("createPromptCatalog", () => {
  it("keeps the prompts by name, in the order they were declared", () => {
    const prompts = ["b", "a", "constructor"].map((name) => prompt({ name }));
    const catalog = createPromptCatalog(prompts);
    expect([...catalog.keys()]).toEqual(["b", "a", "constructor"]);
  });

  it.each<[string, McpPrompt, string]>([
    ["a name that clients refuse", prompt({ name: "a letter" }), '"a letter" has a name that'],
    ["no description", prompt({ description: "" }), "has no description"],
    ["no function", prompt({ fn: undefined }), "its `fn` is undefined; was the query renamed"],
    ["no arguments", prompt({ args: undefined }), "has no `args`"],
    ["no validator", prompt({ args: { a: "string" } }), 'an argument "a" with no validator'],
    ["an argument that Convex refuses", prompt({ args: { $a: v.string() } }), '"$a", which Convex'],
    ["a number", prompt({ args: { a: v.number() } }), 'an argument "a" that is no string'],
    [
      "a handle that nothing fills in",
      prompt({ fn: undefined, messages: () => "", args: { mcp: v.optional(vMcpCall) } }),
      'an argument "mcp" that is no string',
    ],
    ["a list", prompt({ args: { a: v.array(v.string()) } }), "that is no string"],
    ["suggestions for nothing", prompt({ complete: { a: fn } }), 'has a `complete` for "a"'],
    [
      "suggestions without a function",
      prompt({ args: { a: v.string() }, complete: { a: undefined } }),
      "its `complete.a` is undefined",
    ],
    ["wrong scopes", prompt({ metadata: { scopes: [""] } }), "has wrong `metadata.scopes`"],
  ])("refuses %s", (_what, wrong, message) => {
    const create = () => createPromptCatalog([wrong]);
    expect(create).toThrow(TypeError);
    expect(create).toThrow(message);
    expect(create).toThrow(/^Prompt "/);
  });

  it("refuses two of one name", () => {
    const create = () => createPromptCatalog([prompt(), prompt()]);
    expect(create).toThrow('Prompt "letter" is declared twice.');
  });
});

it("describePrompt shows what clients are to see, and nothing else", () => {
  const shown = {
    name: "letter",
    title: "T",
    description: "A letter.",
    icons: [],
    _meta: { a: 1 },
  };
  const one = prompt({
    ...shown,
    args: { customer: v.string(), constructor: v.optional(v.literal("x")) },
    describe: { customer: "Who." },
    complete: { customer: fn },
    metadata: { public: true },
  });
  expect(describePrompt(one)).toEqual({
    ...shown,
    arguments: [
      { name: "customer", description: "Who.", required: true },
      { name: "constructor", description: undefined, required: false },
    ],
  });
});
