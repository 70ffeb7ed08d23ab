import { describe, expect, it } from "vitest";
import { createKeyStore, parseDataUri } from "./keys.ts";

const set = { keys: [{ kty: "EC", kid: "é" }] };
const json = JSON.stringify(set);

describe("parseDataUri", () => {
  it.each([
    `data:application/json,${encodeURIComponent(json)}`,
    `data:application/jwk-set+json;charset=utf-8;base64,${Buffer.from(json).toString("base64")}`,
  ])("reads %s", (uri) => {
    expect(parseDataUri(uri)).toEqual(set);
  });

  it("refuses other media types", () => {
    expect(() => parseDataUri(`data:text/plain,${json}`)).toThrow(/application\/json/);
    expect(() => parseDataUri("nonsense")).toThrow(/application\/json/);
  });
});

describe("createKeyStore", () => {
  it("discovers once, but asks again after a failure", async () => {
    const asked: string[] = [];
    const store = createKeyStore((url) => {
      asked.push(new Request(url).url);
      const body = { issuer: "https://a.test", jwks_uri: "https://a.test/keys" };
      return Promise.resolve(asked.length === 1 ? Response.error() : Response.json(body));
    });
    await expect(store.discovered("https://a.test")).rejects.toThrow(/answered 0/);
    await store.discovered("https://a.test");
    await store.discovered("https://a.test");
    expect(asked).toHaveLength(2);
    expect(asked[0]).toBe("https://a.test/.well-known/openid-configuration");
  });

  it("refuses the discovery document of another issuer", async () => {
    const store = createKeyStore(() =>
      Promise.resolve(Response.json({ issuer: "https://b.test", jwks_uri: "https://b.test/k" })),
    );
    await expect(store.discovered("https://a.test")).rejects.toThrow(/not "https:\/\/a.test"/);
  });
});
