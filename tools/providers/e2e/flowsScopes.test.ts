import { verifies } from "@convex-mcp/spec";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type Agent,
  connect,
  type Flavour,
  flavours,
  open,
  untilSignIn,
} from "../src/flows/agents.ts";
import { type FlowsApp, startFlows } from "../src/flows/app.ts";
import { type Issuer, startIssuer } from "../src/flows/issuer.ts";
import { watchWire, type Wire } from "../src/flows/wire.ts";
import { createSignIn, type SignIn } from "../src/signin.ts";

// The SDKs and oidc-provider speak of what a test does on purpose.
vi.spyOn(console, "warn").mockImplementation(() => {});
vi.spyOn(console, "info").mockImplementation(() => {});

let issuer: Issuer;
let app: FlowsApp;
let agent: Agent;
let signIn: SignIn;
let wire: Wire;

beforeAll(async () => {
  issuer = await startIssuer();
  app = await startFlows(issuer.issuer);
});
beforeEach(() => {
  issuer.rules.grants = (asked) => asked;
});
afterEach(() => agent.close());
afterAll(async () => {
  await app?.close();
  await issuer?.close();
});

/** A user who was asked for the first scope alone. */
async function begin(flavour: Flavour): Promise<void> {
  signIn = createSignIn(undefined);
  wire = watchWire(app.endpoint());
  agent = await connect(flavour, app.endpoint(), signIn, { fetch: wire.fetch });
  expect(signIn.tokens()?.scope).toBe("notes:read");
  if (flavour.sdk === "v1") await withoutRefresh();
}

/** What SDK v1 redeems before anything else, though it widens nothing (RFC 6749 section 6): then it asks nobody for more. */
async function withoutRefresh(): Promise<void> {
  issuer.reset();
  await expect(add("nothing")).rejects.toThrow("Server returned 403 after trying upscoping");
  expect(issuer.asked.map(({ grant }) => grant)).toEqual(["refresh_token"]);
  expect(signIn.opened()).toBe(1);
  const { refresh_token: _, ...tokens } = signIn.tokens() ?? { access_token: "", token_type: "" };
  signIn.setTokens(tokens);
  await agent.call("read");
}

const add = (text: string) => agent.call("add", { text });
const notes = async () => (await agent.call("read")).structuredContent?.["notes"] as string[];
const calls = () => wire.seen.filter(({ rpc }) => rpc === "tools/call");
const scopes = () => signIn.tokens()?.scope?.split(" ").toSorted();

describe.each(flavours)("$name, when a call needs more than its user granted", (flavour) => {
  it("asks for all that it needs, and goes on in its session", async () => {
    verifies("flow.step-up", "scope.challenge");
    await begin(flavour);
    const session = agent.sessionId();
    wire.reset();
    const text = `stepped up with ${flavour.name}`;

    await untilSignIn(add(text));
    const [refused, ...more] = calls();
    expect(refused?.status).toBe(403);
    expect(refused?.challenge).toContain('error="insufficient_scope"');
    expect(refused?.challenge).toMatch(/scope="(notes:write notes:read|notes:read notes:write)"/);
    expect(more).toEqual([]);
    expect(signIn.opened()).toBe(2);

    await agent.finish(signIn.callback());
    expect(scopes()).toEqual(["notes:read", "notes:write"]);
    await add(text);
    expect((await notes()).filter((note) => note === text)).toHaveLength(1);
    expect(agent.sessionId()).toBe(session);
    expect(signIn.opened()).toBe(2);
  });

  it("tells of a user who says no, and goes on with what they granted before", async () => {
    await begin(flavour);
    const session = agent.sessionId();
    issuer.rules.grants = () => [];
    await untilSignIn(add("refused"));
    expect(signIn.callback().get("error")).toBe("access_denied");
    await expect(agent.finish(signIn.callback())).rejects.toThrow("The user said no.");
    expect(await notes()).not.toContain("refused");
    expect(agent.sessionId()).toBe(session);
    expect(signIn.opened()).toBe(2);
  });

  it("goes round in no circle with a user who grants no more than before", async () => {
    await begin(flavour);
    issuer.rules.grants = (asked) => asked.filter((scope) => scope === "notes:read");
    await untilSignIn(add("withheld"));
    await agent.finish(signIn.callback());
    expect(scopes()).toEqual(["notes:read"]);
    wire.reset();
    // SDK v1 gives up; v2 asks once for each call of its app, and can leave that to its app.
    const again = add("withheld");
    await (flavour.sdk === "v1"
      ? expect(again).rejects.toThrow("Server returned 403 after trying upscoping")
      : untilSignIn(again));
    expect(calls().map(({ status }) => status)).toEqual([403]);
    expect(signIn.opened()).toBe(flavour.sdk === "v1" ? 2 : 3);
    expect(await notes()).not.toContain("withheld");
  });
});

describe.each(flavours.filter(({ sdk }) => sdk === "v2"))(
  "$name, when its app decides",
  (flavour) => {
    it("is told what is missing, in words, and opens nothing", async () => {
      await begin(flavour);
      await agent.close();
      agent = await open(flavour, app.endpoint(), signIn.provider, {
        onInsufficientScope: "throw",
      });
      await expect(add("asked first")).rejects.toMatchObject({
        requiredScope: expect.stringContaining("notes:write"),
        errorDescription: expect.stringContaining("notes:write"),
      });
      expect(signIn.opened()).toBe(1);
    });
  },
);
