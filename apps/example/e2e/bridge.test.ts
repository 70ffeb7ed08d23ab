import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Example } from "../server/serve.ts";
import { connect, flavours, open, untilSignIn } from "./support/agents.ts";
import { startExample } from "./support/app.ts";

let example: Example;

beforeAll(async () => {
  example = await startExample({ bridge: true });
});

afterAll(() => example.close());

const post = (path: string, form: Record<string, string>) =>
  fetch(`${example.app.url}/oauth/${path}`, { method: "POST", body: new URLSearchParams(form) });

it("has a provider that registers no clients", async () => {
  const { issuer } = example.provider;
  const discovered = await fetch(`${issuer}/.well-known/openid-configuration`);
  expect(await discovered.json()).not.toHaveProperty("registration_endpoint");
  expect((await fetch(`${issuer}/reg`, { method: "POST" })).status).toBe(404);
});

describe.each(flavours)("$name", (flavour) => {
  it("finds the bridge, registers, signs its user in, and calls a tool as them", async () => {
    const agent = await connect(flavour, example.endpoint, "alice");
    expect(agent.protocolVersion()).toBe(flavour.version);
    const { content } = await agent.call("whoami");
    // The provider's token, for Convex and the tool: the bridge is nobody's issuer.
    expect(JSON.parse(content[0]?.text ?? "")).toEqual({
      issuer: example.provider.issuer,
      scopes: ["invoices:read", "invoices:write"],
      subject: "alice",
    });
    await agent.close();
  });

  it("refreshes when its token has expired, until it is revoked", async () => {
    const { signIn, close } = await connect(flavour, example.endpoint, "bob");
    await close();
    const expire = () => {
      const tokens = signIn?.tokens();
      const expired = example.provider.issue("bob", { expiresIn: -60 });
      return expired.then((access_token) => {
        signIn?.setTokens({ ...tokens, access_token, token_type: "Bearer" });
        return tokens?.refresh_token ?? "";
      });
    };
    const first = await expire();
    const agent = await open(flavour, example.endpoint, signIn);
    expect((await agent.call("whoami")).isError).not.toBe(true);
    const second = signIn?.tokens()?.refresh_token ?? "";
    expect(second).not.toBe(first);
    expect(signIn?.count()).toBe(1);

    const client = (await signIn?.provider.clientInformation())?.client_id ?? "";
    expect((await post("revoke", { token: second, client_id: client })).status).toBe(200);
    await expire();
    await untilSignIn(agent.call("whoami"));
    expect(signIn?.count()).toBe(2);
    await agent.close();
  });
});

it("lets the app show its users what they have connected, and end it", async () => {
  const [flavour] = flavours;
  if (flavour === undefined) throw new Error("no client");
  const agent = await connect(flavour, example.endpoint, "carol");
  const as = (subject: string) => ({ identity: { subject, issuer: example.provider.issuer } });
  const list = async (subject: string) =>
    (await example.app.run("connections:list", {}, as(subject))) as {
      id: string;
      clientName: string;
      scopes: string[];
    }[];
  const [connection, ...others] = await list("carol");
  expect(others).toEqual([]);
  expect(connection).toMatchObject({ clientName: "End-to-end agent" });
  expect(connection?.scopes).toContain("invoices:read");

  const end = (subject: string) =>
    example.app.run("connections:end", { id: connection?.id ?? "" }, as(subject));
  expect(await end("alice")).toBe(false);
  expect(await end("carol")).toBe(true);
  expect(await list("carol")).toEqual([]);
  const refused = await post("token", {
    grant_type: "refresh_token",
    refresh_token: agent.signIn?.tokens()?.refresh_token ?? "",
    client_id: (await agent.signIn?.provider.clientInformation())?.client_id ?? "",
  });
  expect(await refused.json()).toMatchObject({ error: "invalid_grant" });
  await agent.close();
});
