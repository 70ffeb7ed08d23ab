import { verifies } from "@convex-mcp/spec";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Agent, connect, type Flavour, flavours, untilSignIn } from "../src/flows/agents.ts";
import { type FlowsApp, startFlows } from "../src/flows/app.ts";
import { endOf, onTheSecond, until } from "../src/flows/clock.ts";
import { type Issuer, startIssuer } from "../src/flows/issuer.ts";
import { watchWire, type Wire } from "../src/flows/wire.ts";
import { createSignIn, type SignIn } from "../src/signin.ts";

// The SDKs and oidc-provider speak of what a test does on purpose.
vi.spyOn(console, "warn").mockImplementation(() => {});
vi.spyOn(console, "info").mockImplementation(() => {});

/** Seconds. */
const BRIEF = 3;
const LONG = 60;

let issuer: Issuer;
let app: FlowsApp;
let agent: Agent;
let signIn: SignIn;
let wire: Wire;

beforeAll(async () => {
  issuer = await startIssuer();
  app = await startFlows(issuer.issuer);
});
afterEach(() => agent.close());
afterAll(async () => {
  await app?.close();
  await issuer?.close();
});

/** A user of a client, whose first token is brief, and all others are not. */
async function begin(flavour: Flavour, path?: string): Promise<void> {
  await onTheSecond();
  issuer.rules.ttl = BRIEF;
  signIn = createSignIn(undefined);
  wire = watchWire(app.endpoint(path));
  agent = await connect(flavour, app.endpoint(path), signIn, { fetch: wire.fetch });
  issuer.rules.ttl = LONG;
  wire.reset();
  issuer.reset();
}

const endOfToken = () => endOf(signIn.tokens());
const calls = () => wire.seen.filter(({ rpc }) => rpc === "tools/call");
const statuses = () => calls().map(({ status }) => status);
const grants = () => issuer.asked.map(({ grant, status }) => `${grant} ${status}`);

/** How many notes have a text. */
async function notes(text: string): Promise<number> {
  const { structuredContent } = await agent.call("read");
  const all = structuredContent?.["notes"] as string[] | undefined;
  return all?.filter((note) => note === text).length ?? 0;
}

describe.each(flavours)("$name, when its token ends in the middle of a session", (flavour) => {
  it("refreshes it and goes on: no call runs twice, and nobody signs in again", async () => {
    verifies("flow.refresh", "challenge.form");
    await begin(flavour);
    const session = agent.sessionId();
    const first = signIn.tokens();
    await agent.call("read");
    await until(endOfToken());
    wire.reset();

    const text = `refreshed for ${flavour.name}`;
    await agent.call("count", { to: 1, text });
    expect(statuses()).toEqual([401, 200]);
    const [refused] = calls();
    const metadata = `${app.embedded.url}/.well-known/oauth-protected-resource/mcp`;
    expect(refused?.challenge).toContain('error="invalid_token"');
    expect(refused?.challenge).toContain(`resource_metadata="${metadata}"`);
    expect(grants()).toEqual(["refresh_token 200"]);
    expect(signIn.tokens()?.refresh_token).not.toBe(first?.refresh_token);
    expect(signIn.opened()).toBe(1);
    expect(agent.sessionId()).toBe(session);
    expect(await notes(text)).toBe(1);
  });

  it("has its user sign in once where the refresh token was taken back, and goes on", async () => {
    await begin(flavour);
    const session = agent.sessionId();
    await issuer.revoke(signIn.tokens()?.refresh_token ?? "");
    await until(endOfToken());

    await untilSignIn(agent.call("read"));
    expect(statuses()).toEqual([401]);
    expect(grants()).toEqual(["refresh_token 400"]);
    expect(signIn.opened()).toBe(2);

    await agent.finish(signIn.callback());
    expect((await agent.call("read")).structuredContent).toMatchObject({ subject: "alice" });
    expect(statuses()).toEqual([401, 200]);
    expect(agent.sessionId()).toBe(session);
  });

  it("hears the end of a call that was running: it was allowed when it began", async () => {
    await begin(flavour);
    const end = endOfToken();
    const heard: number[] = [];
    const text = `counted for ${flavour.name}`;
    await agent.call("count", { to: 14, text }, { onprogress: () => void heard.push(Date.now()) });
    expect(Date.now()).toBeGreaterThan(end);
    expect(heard).toHaveLength(14);
    expect(heard.at(-1)).toBeGreaterThan(end);
    expect(statuses()).toEqual([200]);
    expect(await notes(text)).toBe(1);
    expect(signIn.opened()).toBe(1);
  });
});

describe.each(flavours.filter(({ version }) => version === "2025-11-25"))(
  "$name, on the streams of a session",
  (flavour) => {
    it("hears of changes until its token ends, refreshes it, and has missed nothing", async () => {
      verifies("listen.token-expiry");
      await begin(flavour, "/live/mcp");
      const end = endOfToken();
      const streams = () => wire.seen.filter(({ method }) => method === "GET");
      await expect.poll(() => streams().length).toBe(1);
      await app.embedded.run("notes:publish");
      await expect.poll(() => agent.heard(), { timeout: 2_000 }).toBe(1);

      await expect.poll(() => streams()[0]?.endedAt, { timeout: 4_000 }).toBeDefined();
      expect((streams()[0]?.endedAt ?? 0) - end).toBeLessThan(800);
      // Of what the client has no stream to hear.
      await app.embedded.run("notes:publish");
      await expect.poll(() => streams().length, { timeout: 4_000 }).toBe(3);
      expect(streams().map(({ status }) => status)).toEqual([200, 401, 200]);
      await expect.poll(() => agent.heard(), { timeout: 3_000 }).toBe(2);
      expect(grants()).toEqual(["refresh_token 200"]);
      expect(signIn.opened()).toBe(1);
    });

    it("fetches the rest of a call whose stream broke, with a fresh token", async () => {
      await begin(flavour);
      const text = `broken for ${flavour.name}`;
      let eventId = "";
      const heard: number[] = [];
      const called = agent.call(
        "count",
        { to: 16, text },
        {
          onprogress: ({ progress }) => void heard.push(progress),
          onresumptiontoken: (id) => void (eventId = id),
        },
      );
      await until(endOfToken());
      wire.cut();
      const streams = () =>
        wire.seen.filter(({ method, lastEventId }) => method === "GET" && lastEventId);
      if (flavour.sdk === "v1") {
        // It forgets with the 401 what it came for, and its app has to say it again.
        await expect.poll(() => grants(), { timeout: 4_000 }).toEqual(["refresh_token 200"]);
        await agent.resume(eventId);
      }
      expect(await called).toMatchObject({ content: [{ text: "counted to 16" }] });
      expect(streams().map(({ status }) => status)).toEqual([401, 200]);
      expect(heard).toEqual(Array.from({ length: 16 }, (_, at) => at + 1));
      expect(statuses()).toEqual([200]);
      expect(await notes(text)).toBe(1);
      expect(signIn.opened()).toBe(1);
    });
  },
);

describe.each(flavours.filter(({ version }) => version === "2026-07-28"))(
  "$name, on what it listens to",
  (flavour) => {
    it("is told that it is over when its token ends, and listens again with a fresh one", async () => {
      verifies("listen.token-expiry", "listen.graceful");
      await begin(flavour, "/live/mcp");
      const end = endOfToken();
      const { closed } = await agent.listen();
      await app.embedded.run("notes:publish");
      await expect.poll(() => agent.heard(), { timeout: 2_000 }).toBe(1);
      expect(await closed).toBe("graceful");
      expect(Math.abs(Date.now() - end)).toBeLessThan(800);

      await app.embedded.run("notes:publish");
      await agent.listen();
      await expect.poll(() => agent.heard(), { timeout: 3_000 }).toBe(2);
      const listened = wire.seen.filter(({ rpc }) => rpc === "subscriptions/listen");
      expect(listened.map(({ status }) => status)).toEqual([200, 401, 200]);
      expect(grants()).toEqual(["refresh_token 200"]);
      expect(signIn.opened()).toBe(1);
    });
  },
);
