import { describe, expect, it } from "vitest";
import { createRequestScope, type RequestScope } from "./scope.ts";

const resource = { url: "https://example.com/mcp", metadataUrl: undefined };
const nothing = { ip: null, userAgent: null, requestId: null, authToken: null };
const scopeOf = (meta: unknown) =>
  createRequestScope({ meta } as unknown as RequestScope["ctx"], resource, undefined);

describe("the metadata of a request", () => {
  it("is the platform's", async () => {
    const known = { ...nothing, ip: "192.0.2.1" };
    const { metadata } = await scopeOf({ getRequestMetadata: async () => known });
    expect(metadata).toEqual(known);
  });

  it.each<[string, unknown]>([
    ["has no metadata", undefined],
    ["has another kind", {}],
    ["does not know the call", { getRequestMetadata: () => Promise.reject(new Error("no op")) }],
  ])("is empty on a backend that %s", async (_, meta) => {
    expect((await scopeOf(meta)).metadata).toEqual(nothing);
  });
});
