import { makeFunctionReference } from "convex/server";
import { describe, expect, it } from "vitest";
import { cacheFor, checkCache } from "./cache.ts";
import { mcpPrompts } from "./prompts/serve.ts";
import { defineMcpResource } from "./resources/define.ts";
import { mcpResources } from "./resources/serve.ts";

const stranger = { principal: { kind: "anonymous" } } as const;
const user = { principal: { kind: "user", identity: {} as never, scopes: [] } } as const;

describe("what a client may keep", () => {
  it("is nothing by default", () => {
    expect(cacheFor(undefined, stranger)).toEqual({});
    expect(cacheFor(undefined, user)).toEqual({ cacheScope: "private" });
  });

  it("is never public for a user", () => {
    const hint = { ttlMs: 5, cacheScope: "public" } as const;
    expect(cacheFor(hint, stranger)).toEqual(hint);
    expect(cacheFor(hint, user)).toEqual({ ttlMs: 5, cacheScope: "private" });
  });

  it.each([{}, { ttlMs: 0 }, { ttlMs: 60_000, cacheScope: "public" } as const])(
    "may be %j",
    (hint) => expect(() => checkCache("McpGateway", hint)).not.toThrow(),
  );

  it.each([
    { ttlMs: -1 },
    { ttlMs: 0.5 },
    { ttlMs: Number.NaN },
    { ttlMs: "1" as never },
    { cacheScope: "shared" as never },
  ])("is refused as %j, by name", (cache) => {
    expect(() => checkCache("McpGateway", cache)).toThrow("McpGateway has a wrong `cache`");
    expect(() => mcpPrompts([], { cache })).toThrow("mcpPrompts has a wrong `cache`");
    expect(() => mcpResources([], { cache })).toThrow("mcpResources has a wrong `cache`");
    const fn = makeFunctionReference<"query", Record<string, never>, string>("a:b");
    const resource = defineMcpResource({ uri: "a://b", name: "b", fn, cache });
    expect(() => mcpResources([resource])).toThrow('Resource "b" has a wrong `cache`');
  });
});
