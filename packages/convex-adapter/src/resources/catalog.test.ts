import { makeFunctionReference } from "convex/server";
import { v } from "convex/values";
import { describe, expect, it } from "vitest";
import { createResourceCatalog } from "./catalog.ts";
import { defineMcpResource } from "./define.ts";
import type { McpResource } from "./resource.ts";

const fn = makeFunctionReference<"query", Record<string, never>, string>("things:read");
/** As of code without types. */
const wrong = defineMcpResource as unknown as (options: object) => McpResource;
const fixed = (options: object = {}) => wrong({ uri: "a://b", name: "thing", fn, ...options });
const family = (options: object = {}) =>
  wrong({ uriTemplate: "a://{id}", name: "thing", fn, args: { id: v.string() }, ...options });

describe("createResourceCatalog", () => {
  it("keeps both kinds in the order they were declared", () => {
    const { fixed: ones, families } = createResourceCatalog([
      family({ name: "1" }),
      fixed({ name: "2" }),
      fixed({ name: "3", uri: "invoices://a/b?c=%20#d" }),
      family({ name: "4", uriTemplate: "a:{+path}", args: { path: v.id("rows") } }),
    ]);
    expect([...ones.keys()]).toEqual(["a://b", "invoices://a/b?c=%20#d"]);
    expect([...families.keys()]).toEqual(["a://{id}", "a:{+path}"]);
  });

  it("shows what clients are to see, and nothing else", () => {
    const shown = { title: "T", description: "D", mimeType: "a/b", icons: [], annotations: {} };
    const hidden = { metadata: { scopes: ["x"] }, content: () => [] };
    const one = fixed({ ...shown, ...hidden, size: 3 });
    expect(one.definition).toEqual({ uri: "a://b", name: "thing", size: 3, ...shown });
    expect(family({ ...shown, ...hidden, complete: { id: fn } }).definition).toEqual({
      uriTemplate: "a://{id}",
      name: "thing",
      ...shown,
    });
  });

  it.each<[string, McpResource, string]>([
    ["no name", fixed({ name: undefined }), "undefined has no name"],
    ["an empty name", fixed({ name: " " }), '" " has no name'],
    ["no function", fixed({ fn: undefined }), "its `fn` is undefined; was the query renamed"],
    ["no URI", fixed({ uri: undefined }), "has a wrong `uri`"],
    ["a relative URI", fixed({ uri: "/a" }), 'an absolute one such as "invoices://recent"'],
    ["a URI with a space", fixed({ uri: "a:b c" }), "has a wrong `uri`"],
    ["a URI with half an escape", fixed({ uri: "a:%z" }), "has a wrong `uri`"],
    ["a URI that is not ASCII", fixed({ uri: "a:é" }), "has a wrong `uri`"],
    ["a URI that no client may ask for", fixed({ uri: `a:${"b".repeat(8191)}` }), "wrong `uri`"],
    ["a template as a URI", fixed({ uri: "a://{id}" }), "one with variables is a `uriTemplate`"],
    ["wrong scopes", fixed({ metadata: { scopes: "x" } }), "has wrong `metadata.scopes`"],
    ["a template of another type", family({ uriTemplate: 5 }), "has a wrong `uriTemplate`"],
    ["a template without variables", family({ uriTemplate: "a:b" }), "one without variables"],
    ["an unknown expression", family({ uriTemplate: "a:{#id}" }), "expected {var}, {+var}"],
    ["a loose brace", family({ uriTemplate: "a:{id" }), "every brace"],
    ["a template without a scheme", family({ uriTemplate: "{id}" }), 'such as "invoices://{id}"'],
    ["a variable as the scheme", family({ uriTemplate: "{id}:b" }), 'such as "invoices://{id}"'],
    ["no arguments", family({ args: undefined }), "has no `args`"],
    ["a variable without an argument", family({ args: {} }), "no argument for the variable {id}"],
    [
      "an argument without a variable",
      family({ args: { id: v.string(), page: v.string() } }),
      'an argument "page", which is no variable',
    ],
    ["no validator", family({ args: { id: "string" } }), 'an argument "id" with no validator'],
    [
      "an argument that no text can tell",
      family({ args: { id: v.array(v.string()) } }),
      'an argument "id" that a URI cannot tell',
    ],
    [
      "suggestions for an unknown variable",
      family({ complete: { page: fn } }),
      'has a `complete` for "page"',
    ],
    [
      "suggestions without a function",
      family({ complete: { id: undefined } }),
      "its `complete.id` is undefined",
    ],
  ])("refuses %s", (_what, resource, message) => {
    const create = () => createResourceCatalog([resource]);
    expect(create).toThrow(TypeError);
    expect(create).toThrow(message);
    expect(create).toThrow(/^Resource (?:"|undefined)/);
  });

  it.each<[string, McpResource[], string]>([
    ["names", [fixed(), family()], 'Resource "thing" is declared twice.'],
    ["URIs", [fixed(), fixed({ name: "x" })], 'Resource "x" has the URI of another one: a://b.'],
    [
      "templates",
      [family(), family({ name: "x" })],
      'Resource "x" has the URI of another one: a://{id}.',
    ],
  ])("refuses two equal %s", (_what, resources, message) => {
    expect(() => createResourceCatalog(resources)).toThrow(message);
  });

  it("says which is missing altogether", () => {
    const create = () => createResourceCatalog([fixed(), undefined as unknown as McpResource]);
    expect(create).toThrow("Resource 2 of the list is undefined: expected what defineMcpResource");
  });
});
