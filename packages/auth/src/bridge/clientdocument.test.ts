import { verifies } from "@convex-mcp/spec";
import { describe, expect, it } from "vitest";

import {
  authorizeUrl,
  createWorld,
  redeemCode,
  signIn,
  REDIRECT,
} from "../../test/support/bridge.ts";
import { judgeDocument, judgeDocumentUrl, maxAgeSeconds } from "./clientdocument.ts";
import type { DocumentOptions } from "./options.ts";

const ID = "https://agent.example.net/client.json";
const DOCUMENT = { client_id: ID, client_name: "Agent", redirect_uris: [REDIRECT] };
const policy = { privateSchemes: [], allowed: undefined };

describe("judgeDocumentUrl", () => {
  it.each([ID, "https://agent.example.net/a/b", "https://example.com/client"])("accepts %s", (id) =>
    expect(judgeDocumentUrl(id, undefined).ok).toBe(true),
  );

  it.each([
    "http://agent.example.net/client.json",
    "https://agent.example.net/",
    "https://agent.example.net",
    "https://agent.example.net/client.json#x",
    "https://agent.example.net/client.json?x",
    "https://agent.example.net/a/../client.json",
    "https://agent.example.net/%2e/client.json",
    "https://user@agent.example.net/client.json",
    "https://agent.example.net@evil.example/client.json",
    "https://agent.example.net:8443/client.json",
    "https://agent.example.net:443/client.json",
    "https://AGENT.example.net/client.json",
    "https://agent.example.net./client.json",
    "https://agent.example.net\\client.json",
    " https://agent.example.net/client.json",
    `https://agent.example.net/${"a".repeat(500)}`,
    "https:",
    "https://",
    // Addresses, in the spellings that programs understand.
    "https://127.0.0.1/c",
    "https://127.1/c",
    "https://2130706433/c",
    "https://0x7f000001/c",
    "https://0x7f.0.0.1/c",
    "https://0177.0.0.1/c",
    "https://017700000001/c",
    "https://%31%32%37.0.0.1/c",
    "https://①②⑦.0.0.1/c",
    "https://127。0。0。1/c",
    "https://127.0.0.1./c",
    "https://0/c",
    "https://10.0.0.1/c",
    "https://172.16.0.1/c",
    "https://192.168.0.1/c",
    "https://169.254.169.254/latest/meta-data",
    "https://100.100.100.200/c",
    "https://224.0.0.1/c",
    "https://8.8.8.8/c",
    "https://[::1]/c",
    "https://[::]/c",
    "https://[::ffff:127.0.0.1]/c",
    "https://[::ffff:7f00:1]/c",
    "https://[0:0:0:0:0:0:0:1]/c",
    "https://[fd00:ec2::254]/c",
    "https://[fe80::1]/c",
    "https://[2606:4700::1111]/c",
    "https://localhost/c",
    "https://LOCALHOST/c",
    "https://app.localhost/c",
    "https://metadata.google.internal/c",
    "https://metadata/c",
    "https://printer.local/c",
  ])("refuses %s", (id) => {
    expect(judgeDocumentUrl(id, undefined)).toMatchObject({ ok: false, error: "invalid_client" });
  });

  it("keeps to the hosts that are listed", () => {
    expect(judgeDocumentUrl(ID, ["agent.example.net"]).ok).toBe(true);
    expect(judgeDocumentUrl(ID, ["example.net"]).ok).toBe(false);
  });
});

describe("judgeDocument", () => {
  it("gives a public client", () => {
    expect(judgeDocument(DOCUMENT, ID, policy)).toEqual({
      ok: true,
      value: {
        id: ID,
        kind: "document",
        name: "Agent",
        redirectUris: [REDIRECT],
        auth: { method: "none" },
      },
    });
  });

  it("gives one that would rather have a key and can do without, as ChatGPT's says", () => {
    const choices = { token_endpoint_auth_methods_supported: ["private_key_jwt", "none"] };
    const document = {
      ...DOCUMENT,
      token_endpoint_auth_method: "private_key_jwt",
      jwks_uri: "https://agent.example.com/jwks.json",
    };
    const judged = judgeDocument({ ...document, ...choices }, ID, policy);
    expect(judged).toMatchObject({ ok: true, value: { auth: { method: "none" } } });
    for (const others of [["private_key_jwt"], [], "none", { 0: "none" }]) {
      const choice = { token_endpoint_auth_methods_supported: others };
      expect(judgeDocument({ ...document, ...choice }, ID, policy).ok).toBe(false);
    }
  });

  it.each([
    null,
    [],
    {},
    { ...DOCUMENT, client_id: `${ID}/` },
    { ...DOCUMENT, client_id: undefined },
    { ...DOCUMENT, client_name: "" },
    { ...DOCUMENT, client_name: 7 },
    { ...DOCUMENT, redirect_uris: [] },
    { ...DOCUMENT, redirect_uris: REDIRECT },
    { ...DOCUMENT, redirect_uris: ["javascript:alert(1)"] },
    { ...DOCUMENT, redirect_uris: Array<string>(11).fill(REDIRECT) },
    { ...DOCUMENT, client_secret: "x" },
    { ...DOCUMENT, client_secret_expires_at: 0 },
    { ...DOCUMENT, token_endpoint_auth_method: "client_secret_post" },
    { ...DOCUMENT, token_endpoint_auth_method: "private_key_jwt" },
    {
      ...DOCUMENT,
      token_endpoint_auth_method: "private_key_jwt",
      token_endpoint_auth_methods_supported: ["private_key_jwt", "client_secret_post"],
    },
    { ...DOCUMENT, grant_types: ["client_credentials"] },
  ])("refuses %j", (document) => {
    expect(judgeDocument(document, ID, policy).ok).toBe(false);
  });
});

describe("a client with a document", () => {
  const createDocumentWorld = (answer: () => Response, options: DocumentOptions = {}) => {
    const fetched: RequestInit[] = [];
    const fetch: DocumentOptions["fetch"] = async (_url, init) => {
      fetched.push(init);
      return answer();
    };
    return { world: createWorld({ documents: { fetch, ...options } }), fetched };
  };

  it("signs in, with its host on the consent page, and is fetched once", async () => {
    verifies("bridge.cimd-fetch");
    const { world, fetched } = createDocumentWorld(() => Response.json(DOCUMENT));
    const page = await world.send(new Request(await authorizeUrl(ID)));
    expect(await page.text()).toContain("<strong>agent.example.net</strong>");
    const code = (await signIn(world, ID)).searchParams.get("code") ?? "";
    expect((await redeemCode(world, ID, code)).status).toBe(200);
    expect(fetched.length).toBe(1);
    expect(fetched[0]).toMatchObject({ redirect: "manual", credentials: "omit" });
    world.clock.now += 300_000;
    await world.send(new Request(await authorizeUrl(ID)));
    expect(fetched.length).toBe(2);
  });

  it.each([
    [
      "a redirect",
      () => new Response(null, { status: 302, headers: { location: "https://10.0.0.1/" } }),
    ],
    ["an error", () => Response.json(DOCUMENT, { status: 500 })],
    [
      "where a fetch was led",
      () => Object.defineProperty(Response.json(DOCUMENT), "redirected", { value: true }),
    ],
    [
      "HTML",
      () => new Response(JSON.stringify(DOCUMENT), { headers: { "content-type": "text/html" } }),
    ],
    ["no JSON", () => new Response("{", { headers: { "content-type": "application/json" } })],
    ["too much", () => Response.json({ ...DOCUMENT, padding: "x".repeat(10_240) })],
    ["another client", () => Response.json({ ...DOCUMENT, client_id: "https://b.example/c" })],
    [
      "a network error",
      () => {
        throw new Error("connect ECONNREFUSED 10.0.0.1:443");
      },
    ],
  ])("is not taken from %s", async (_what, answer) => {
    verifies("bridge.cimd-fetch");
    const { world } = createDocumentWorld(answer);
    const response = await world.send(new Request(await authorizeUrl(ID)));
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain("10.0.0.1");
    expect(world.calls).toEqual(["findDocument"]);
  });

  it("is not fetched from a name that leads into a private network", async () => {
    verifies("bridge.cimd-fetch");
    for (const addresses of [["10.0.0.1"], ["8.8.8.8", "::ffff:127.0.0.1"], []]) {
      const resolve = async () => addresses;
      const { world, fetched } = createDocumentWorld(() => Response.json(DOCUMENT), { resolve });
      expect((await world.send(new Request(await authorizeUrl(ID)))).status).toBe(400);
      expect(fetched).toEqual([]);
    }
    const resolve = async () => ["8.8.8.8", "2606:4700::1111"];
    const { world } = createDocumentWorld(() => Response.json(DOCUMENT), { resolve });
    expect((await world.send(new Request(await authorizeUrl(ID)))).status).toBe(200);
  });

  it("is unknown where documents are turned off", async () => {
    const { world, fetched } = createDocumentWorld(() => Response.json(DOCUMENT), {
      enabled: false,
    });
    expect((await world.send(new Request(await authorizeUrl(ID)))).status).toBe(400);
    expect(fetched).toEqual([]);
  });

  it("is not kept where its host forbids it", async () => {
    const { world, fetched } = createDocumentWorld(() =>
      Response.json(DOCUMENT, { headers: { "cache-control": "no-store" } }),
    );
    await world.send(new Request(await authorizeUrl(ID)));
    await world.send(new Request(await authorizeUrl(ID)));
    expect(fetched.length).toBe(2);
    expect(world.calls).not.toContain("saveClient");
  });
});

describe("maxAgeSeconds", () => {
  it.each([
    [{}, 300],
    [{ "cache-control": "max-age=60" }, 60],
    [{ "cache-control": "public, Max-Age=60" }, 60],
    [{ "cache-control": "max-age=60", age: "50" }, 10],
    [{ "cache-control": "max-age=60", age: "70" }, 0],
    [{ "cache-control": "max-age=99999999" }, 86_400],
    [{ "cache-control": "no-cache, max-age=60" }, 0],
    [{ "cache-control": "no-store" }, 0],
    [{ "cache-control": "max-age=-1" }, 300],
    [{ "cache-control": "x-max-age=60" }, 300],
  ])("%j is %i", (headers, seconds) => {
    expect(maxAgeSeconds(new Headers(headers as Record<string, string>))).toBe(seconds);
  });
});
