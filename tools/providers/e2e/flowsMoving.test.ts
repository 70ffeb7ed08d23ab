import { verifies } from "@convex-mcp/spec";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type Agent, connect, flavours, open, untilSignIn } from "../src/flows/agents.ts";
import { type FlowsApp, startFlows } from "../src/flows/app.ts";
import { endOf, onTheSecond, until } from "../src/flows/clock.ts";
import { clients } from "../src/flows/clients.ts";
import { type Issuer, startIssuer } from "../src/flows/issuer.ts";
import { withSecret } from "../src/flows/robots.ts";
import { createSignIn } from "../src/signin.ts";

// The SDKs and oidc-provider speak of what a test does on purpose.
vi.spyOn(console, "warn").mockImplementation(() => {});
vi.spyOn(console, "info").mockImplementation(() => {});

let first: Issuer;
let next: Issuer;
let app: FlowsApp;
let agent: Agent | undefined;

beforeAll(async () => {
  [first, next] = await Promise.all([startIssuer(clients), startIssuer(clients)]);
  app = await startFlows(first.issuer, next.issuer);
});
beforeEach(async () => {
  await move("first");
  first.reset();
  next.reset();
});
afterEach(async () => {
  await agent?.close();
  agent = undefined;
});
afterAll(async () => {
  await app?.close();
  await Promise.all([first?.close(), next?.close()]);
});

const endpoint = () => app.endpoint("/moving/mcp");
const move = (to: "first" | "next") => app.embedded.run("notes:move", { to });
const who = async () => (await agent?.call("read"))?.structuredContent;

describe.each(flavours)("$name, when the server moves to another issuer", (flavour) => {
  it("keeps its token while it lasts, then registers and signs in there", async () => {
    verifies("flow.migration");
    await onTheSecond();
    first.rules.ttl = 3;
    const signIn = createSignIn(undefined);
    agent = await connect(flavour, endpoint(), signIn);
    expect(await who()).toMatchObject({ issuer: first.issuer, subject: "alice" });
    const session = agent.sessionId();
    const old = signIn.tokens();
    const registered = next.registered();
    first.reset();

    await move("next");
    expect(await who()).toMatchObject({ issuer: first.issuer });
    await until(endOf(old));
    await untilSignIn(agent.call("read"));
    expect(next.registered()).toBe(registered + 1);
    expect(signIn.opened()).toBe(2);
    expect(signIn.callback().get("iss")).toBe(next.issuer);

    await agent.finish(signIn.callback());
    expect(first.asked, "what the first issuer gave is asked of nobody").toEqual([]);
    expect(next.asked.map(({ grant }) => grant)).toEqual(["authorization_code"]);
    expect(next.asked[0]?.sent).not.toContain(old?.refresh_token);
    if (session !== undefined) {
      // Somebody else for the server, as an issuer tells of its own users alone.
      await expect(agent.call("read")).rejects.toThrow("Session not found");
      agent = await open(flavour, endpoint(), signIn.provider);
      expect(agent.sessionId()).not.toBe(session);
    }
    expect(await who()).toMatchObject({ issuer: next.issuer, subject: "alice" });
  });

  it("does not tell the next issuer of a client that was registered at the first", async () => {
    verifies("flow.migration");
    first.rules.ttl = 60;
    const signIn = createSignIn({ client_id: "public-client", issuer: first.issuer });
    agent = await connect(flavour, endpoint(), signIn);
    await move("next");
    signIn.setTokens(undefined);
    const moved = agent.call("read");
    await expect(moved).rejects.toThrow(first.issuer);
    await expect(moved).rejects.toThrow(next.issuer);
    const robot = open(flavour, endpoint(), withSecret(flavour.sdk, first.issuer));
    await expect(robot).rejects.toThrow(first.issuer);
    expect(next.asked).toEqual([]);
    expect(signIn.opened()).toBe(1);
  });
});
