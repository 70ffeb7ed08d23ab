import { verifies } from "@convex-mcp/spec";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Agent, connect, flavours, open } from "../src/flows/agents.ts";
import { type FlowsApp, startFlows } from "../src/flows/app.ts";
import { endOf, onTheSecond, until } from "../src/flows/clock.ts";
import { CLIENT_SECRET, clients } from "../src/flows/clients.ts";
import { type Company, startCompany } from "../src/flows/company.ts";
import { type Issuer, startIssuer } from "../src/flows/issuer.ts";
import { ofCompany, withKey, withSecret } from "../src/flows/robots.ts";
import { createSignIn } from "../src/signin.ts";

// The SDKs and oidc-provider speak of what a test does on purpose.
vi.spyOn(console, "warn").mockImplementation(() => {});
vi.spyOn(console, "info").mockImplementation(() => {});

let issuer: Issuer;
let company: Company;
let app: FlowsApp;
let agent: Agent | undefined;

beforeAll(async () => {
  issuer = await startIssuer(clients);
  company = await startCompany(issuer, "company-agent");
  app = await startFlows(issuer.issuer);
});
afterEach(async () => {
  await agent?.close();
  agent = undefined;
});
afterAll(async () => {
  await app?.close();
  await company?.close();
  await issuer?.close();
});

const who = async () => (await agent?.call("read"))?.structuredContent?.["subject"];

describe.each(flavours)("$name signs in", (flavour) => {
  it.each([
    { client_id: "public-client" },
    { client_id: "confidential-client", client_secret: CLIENT_SECRET },
  ])("with a client that was registered beforehand, $client_id", async (known) => {
    verifies("flow.preregistered");
    const before = issuer.registered();
    agent = await connect(flavour, app.endpoint(), createSignIn(known));
    expect(await who()).toBe("alice");
    expect(issuer.registered()).toBe(before);
  });

  it.each([
    ["secret", withSecret],
    ["key", withKey],
  ] as const)("as itself, with a %s, and anew when its token ends", async (kind, robot) => {
    verifies("flow.client-credentials");
    await onTheSecond();
    issuer.rules.ttl = 2;
    const provider = robot(flavour.sdk, issuer.issuer);
    agent = await open(flavour, app.endpoint(), provider);
    issuer.rules.ttl = 60;
    const session = agent.sessionId();
    expect(await who()).toBe(`robot-with-${kind}`);
    issuer.reset();
    await until(endOf(await provider.tokens()));
    expect(await who()).toBe(`robot-with-${kind}`);
    expect(issuer.asked.map(({ grant }) => grant)).toEqual(["client_credentials"]);
    expect(agent.sessionId()).toBe(session);
  });

  it("for an employee of a company, whose assertion is good once and is no token itself", async () => {
    verifies("flow.client-credentials", "token.verification");
    issuer.reset();
    const provider = ofCompany(flavour.sdk, issuer.issuer, company, await company.idToken("emma"));
    agent = await open(flavour, app.endpoint(), provider);
    expect(await who()).toBe("emma");

    const [sent, authorization] = JSON.parse(issuer.asked[0]?.sent ?? "") as [
      Record<string, string>,
      string,
    ];
    const bearer = await fetch(app.endpoint(), {
      method: "POST",
      headers: { Authorization: `Bearer ${sent["assertion"]}` },
    });
    expect(bearer.status).toBe(401);
    const again = await fetch(`${issuer.issuer}/token`, {
      method: "POST",
      headers: { Authorization: authorization },
      body: new URLSearchParams(sent),
    });
    expect([again.status, await again.json()]).toMatchObject([400, { error: "invalid_grant" }]);
  });
});
