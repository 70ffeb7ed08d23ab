import { auth as authV2 } from "@modelcontextprotocol/client";
import { auth as authV1 } from "@modelcontextprotocol/sdk/client/auth.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAgent } from "../../auth/e2e/support/agent.ts";
import type { ListedAuditEntry } from "../src/index.ts";
import { type App, call, startApp } from "./support/app.ts";
import { DOCUMENT, type Provider, REDIRECT, startProvider } from "./support/provider.ts";

let provider: Provider;
let app: App;
let issuer: string;

beforeAll(async () => {
  provider = await startProvider();
  app = await startApp({ TEST_UPSTREAM: provider.issuer });
  issuer = `${app.embedded.url}/bridged/oauth`;
  provider.setToken(await app.token("ann", { scope: "rows:read" }));
});

afterAll(async () => {
  await app?.embedded.close();
  await provider?.close();
});

const post = (path: string, form: Record<string, string>, headers = {}) =>
  fetch(issuer + path, {
    method: "POST",
    body: new URLSearchParams(form),
    headers,
    redirect: "manual",
  });
const callAs = async (token: string | undefined) => {
  const path = "/bridged/mcp";
  const response = await app.send(call("subject"), { path, ...(token ? { token } : {}) });
  return (await response.json()) as { result?: { content: { text: string }[] } };
};

describe.each([
  ["v1", authV1],
  ["v2", authV2],
])("the official client %s", (_name, auth) => {
  it.each([
    ["registers", undefined],
    ["is known by its metadata document", DOCUMENT],
  ])("%s, and gets the provider's token", async (_how, document) => {
    const agent = createAgent(REDIRECT, document);
    const serverUrl = `${app.embedded.url}/bridged/mcp`;
    expect(await auth(agent.provider, { serverUrl })).toBe("REDIRECT");
    const back = agent.state.back?.searchParams;
    const answer = { authorizationCode: back?.get("code") ?? "", iss: back?.get("iss") ?? "" };
    expect(await auth(agent.provider, { serverUrl, ...answer })).toBe("AUTHORIZED");
    if (document !== undefined) expect(agent.state.client?.client_id).toBe(document);
    const { result } = await callAs(agent.state.tokens?.access_token);
    expect(result?.content).toMatchObject([{ text: "ann" }]);
    expect(await auth(agent.provider, { serverUrl })).toBe("AUTHORIZED");
  });
});

/** What a request called, in any order. */
async function callsOf<T>(request: () => Promise<T>): Promise<[T, string[]]> {
  app.embedded.resetCalls();
  const answer = await request();
  return [answer, app.embedded.calls().map(({ name }) => name)];
}

const VERIFIER = "v".repeat(43);

async function authorizeUrl(client: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(VERIFIER));
  const parameters = {
    response_type: "code",
    client_id: client,
    redirect_uri: REDIRECT,
    code_challenge: Buffer.from(digest).toString("base64url"),
    code_challenge_method: "S256",
  };
  return `${issuer}/authorize?${new URLSearchParams(parameters)}`;
}

/** Follows one sign-in by hand, and says what each request of it called. */
async function walk(client: string) {
  const url = await authorizeUrl(client);
  const [page, authorize] = await callsOf(() => fetch(url));
  const cookie = page.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const [, request = ""] = /name="request" value="([^"]+)"/.exec(await page.text()) ?? [];
  const agreed = { request, decision: "allow" };
  const [away, consent] = await callsOf(() => post("/consent", agreed, { cookie }));
  const there = await fetch(away.headers.get("location") ?? "", { redirect: "manual" });
  const back = there.headers.get("location") ?? "";
  const headers = { cookie };
  const [done, callback] = await callsOf(() => fetch(back, { headers, redirect: "manual" }));
  const code = new URL(done.headers.get("location") ?? "").searchParams.get("code") ?? "";
  const form = { client_id: client, redirect_uri: REDIRECT, code_verifier: VERIFIER, code };
  const [given, token] = await callsOf(() =>
    post("/token", { grant_type: "authorization_code", ...form }),
  );
  const { refresh_token: first } = (await given.json()) as { refresh_token: string };
  const [renewed, refresh] = await callsOf(() =>
    post("/token", { grant_type: "refresh_token", client_id: client, refresh_token: first }),
  );
  const { refresh_token: second } = (await renewed.json()) as { refresh_token: string };
  const [, revoke] = await callsOf(() => post("/revoke", { client_id: client, token: second }));
  return { authorize, consent, callback, token, refresh, revoke };
}

/** As Convex bills them; the HTTP action is one more itself. */
describe("function calls", () => {
  it("of a sign-in are one or two for each request", async () => {
    const [registered, register] = await callsOf(() =>
      fetch(`${issuer}/register`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ redirect_uris: [REDIRECT], token_endpoint_auth_method: "none" }),
      }),
    );
    const { client_id: client } = (await registered.json()) as { client_id: string };
    expect({ register, ...(await walk(client)) }).toEqual({
      register: ["bridgeClients:save"],
      authorize: ["bridgeClients:find"],
      consent: ["bridgeSignIns:begin"],
      callback: ["bridgeSignIns:take", "bridgeGrants:add"],
      token: ["bridgeGrants:redeem"],
      refresh: ["bridgeGrants:claim", "bridgeGrants:settle"],
      revoke: ["bridgeGrants:claim", "bridgeGrants:settle"],
    });
  });

  it("of a document are one more until it is known", async () => {
    const url = await authorizeUrl("https://agent.example.com/other/client.json");
    const [, first] = await callsOf(() => fetch(url));
    expect(first).toEqual(["bridgeClients:findDocument", "bridgeClients:save"]);
    const [, second] = await callsOf(() => fetch(url));
    expect(second).toEqual(["bridgeClients:findDocument"]);
  });

  it.each([
    ["metadata", () => fetch(`${app.embedded.url}/.well-known/oauth-authorization-server`), []],
    ["a visit without a client", () => fetch(`${issuer}/authorize`), []],
    ["an unknown client", async () => fetch(await authorizeUrl("gone")), ["bridgeClients:find"]],
    ["a forged consent", () => post("/consent", { request: "x", decision: "allow" }), []],
    ["a forged state", () => fetch(`${issuer}/callback?code=x&state=y`), []],
    [
      "a forged refresh token",
      () => post("/token", { grant_type: "refresh_token", client_id: "x", refresh_token: "y" }),
      ["bridgeClients:find"],
    ],
    ["a form without a client", () => post("/token", { grant_type: "refresh_token" }), []],
    ["a forged token to revoke", () => post("/revoke", { client_id: "x", token: "y" }), []],
    ["a registration of nothing", () => post("/register", {}), []],
  ])("of %s", async (_what, request, calls) => {
    expect((await callsOf(request))[1]).toEqual(calls);
  });
});

it("leaves entries of what happened, which are sealed as all others are", async () => {
  const entriesOf = async (kind: string) =>
    JSON.parse(String(await app.embedded.run("log:others", { kind }))) as ListedAuditEntry[];
  const agent = createAgent(REDIRECT);
  const serverUrl = `${app.embedded.url}/bridged/mcp`;
  await authV2(agent.provider, { serverUrl });
  const back = agent.state.back?.searchParams;
  const answer = { authorizationCode: back?.get("code") ?? "", iss: back?.get("iss") ?? "" };
  await authV2(agent.provider, { serverUrl, ...answer });
  const { client_id = "" } = agent.state.client ?? {};
  const token = agent.state.tokens?.refresh_token ?? "";
  await post("/revoke", { client_id, token });
  const [registered] = await entriesOf("registration");
  expect(registered).toMatchObject({ name: "registered", clientName: "Official agent" });
  const shared = { subject: "ann", issuer: provider.issuer, clientName: "Official agent" };
  expect((await entriesOf("consent"))[0]).toMatchObject({ ...shared, name: "given" });
  const [revoked, signedIn] = await entriesOf("auth");
  expect(revoked).toMatchObject({ ...shared, name: "revoked", outcome: "ok", ip: "127.0.0.1" });
  expect(signedIn).toMatchObject({ ...shared, name: "signIn" });
  for (const entry of [registered, revoked, signedIn]) {
    expect(JSON.parse(entry?.args ?? "")).toMatchObject({ client: client_id });
  }
  await app.embedded.advance(10 * 60_000);
  expect(await app.embedded.run("log:verify", {})).toMatchObject({ problems: [] });
});

describe("the app's own functions", () => {
  it("show and end connections in the app's contexts, for their user alone", async () => {
    const agent = createAgent(REDIRECT);
    const serverUrl = `${app.embedded.url}/bridged/mcp`;
    await authV2(agent.provider, { serverUrl });
    const as = (subject: string, of = provider.issuer) => ({ identity: { subject, issuer: of } });
    const list = async (subject: string) =>
      (await app.embedded.run("bridged:connections", {}, as(subject))) as { id: string }[];
    expect(await list("bob")).toEqual([]);
    const [mine] = await list("ann");
    expect(mine).toMatchObject({ clientName: "Official agent", scopes: ["rows:read"] });
    const end = (subject: string) =>
      app.embedded.run("bridged:disconnect", { id: mine?.id ?? "" }, as(subject));
    expect(await end("bob")).toBe(false);
    expect(await end("ann")).toBe(true);
    expect((await list("ann")).map(({ id }) => id)).not.toContain(mine?.id);
  });

  it("are not needed for what expires: the component's crons delete it", async () => {
    const clients = async () => {
      const component = { component: "mcpGateway" };
      const page = await app.embedded.run("bridgeClients:list", { limit: 100 }, component);
      return (page as { clients: object[] }).clients.length;
    };
    expect(await clients()).toBeGreaterThan(0);
    await app.embedded.advance(366 * 24 * 60 * 60_000);
    expect(await clients()).toBe(0);
  });
});
