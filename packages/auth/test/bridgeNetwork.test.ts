import { verifies } from "@convex-mcp/spec";
import { describe, expect, it } from "vitest";
import type { Fetch } from "../src/bridge/options.ts";
import {
  authorizeUrl,
  connected,
  createBrowser,
  createWorld,
  redeemCode,
  refreshWith,
  registerClient,
  signIn,
  ticketOf,
} from "./support/bridge.ts";

/** A world that notes how the provider is asked, and may answer in its place. */
function createNotedWorld() {
  const inits: RequestInit[] = [];
  const answers: Response[] = [];
  const provider = createWorld();
  const fetch: Fetch = async (url, init) => {
    inits.push(init);
    return answers.shift() ?? provider.upstream.fetch(url, init);
  };
  const world = { ...createWorld({ fetch, now: () => provider.clock.now }) };
  return { world: { ...world, upstream: provider.upstream }, inits, answers };
}

const elsewhere = () =>
  new Response(null, { status: 307, headers: { location: "https://10.0.0.1/token" } });

describe("the provider's answer", () => {
  it("leads neither code nor secret to another server", async () => {
    const { world, inits, answers } = createNotedWorld();
    const { id } = await registerClient(world);
    answers.push(elsewhere());
    const failed = await signIn(world, id);
    expect(failed.searchParams.get("error")).toBe("server_error");
    expect(failed.searchParams.get("code")).toBeNull();
    expect(inits).toHaveLength(1);

    const { id: other, refresh } = await connected(world);
    answers.push(elsewhere());
    expect((await refreshWith(world, other, refresh)).status).toBe(503);
    expect(inits.map(({ redirect }) => redirect)).toEqual(["manual", "manual", "manual"]);
  });

  it("is read to a limit", async () => {
    const { world, answers } = createNotedWorld();
    const { id, refresh } = await connected(world);
    const tokens = { access_token: "a", token_type: "Bearer", expires_in: 60 };
    answers.push(Response.json({ ...tokens, padding: "x".repeat(131_072) }));
    expect((await refreshWith(world, id, refresh)).status).toBe(503);
    answers.push(Response.json(tokens));
    expect((await refreshWith(world, id, refresh)).body["access_token"]).toBe("a");
  });

  it("is not waited for for ever", async () => {
    const { world, inits } = createNotedWorld();
    await connected(world);
    expect(inits[0]?.signal).toBeInstanceOf(AbortSignal);
  });
});

describe("the consent page", () => {
  const warning = "goes to a program on this computer";

  it("warns of a client that any program on the computer may be", async () => {
    verifies("bridge.consent");
    const world = createWorld();
    const pageFor = async (redirect_uri: string) => {
      const { id } = await registerClient(world, { redirect_uris: [redirect_uri] });
      const page = await createBrowser(world).send(await authorizeUrl(id, { redirect_uri }));
      return page.text();
    };
    expect(await pageFor("http://127.0.0.1:4000/callback")).toContain(warning);
    expect(await pageFor("http://localhost/callback")).toContain(warning);
    const https = await pageFor("https://agent.example.net/callback");
    expect(https).toContain("agent.example.net");
    expect(https).not.toContain(warning);
  });
});

describe("what a stranger would have to guess", () => {
  it("is random, 256 bits of it, and never the same", async () => {
    verifies("bridge.state");
    const world = createWorld();
    const seen: string[] = [];
    for (let round = 0; round < 5; round++) {
      const { id } = await registerClient(world);
      const browser = createBrowser(world);
      const page = await browser.send(await authorizeUrl(id));
      const away = await browser.press(await ticketOf(page));
      const asked = new URL(away.headers.get("location") ?? "").searchParams;
      const back = world.upstream.signIn(away.headers.get("location") ?? "");
      const done = new URL((await browser.send(back)).headers.get("location") ?? "");
      const code = done.searchParams.get("code") ?? "";
      const { body } = await redeemCode(world, id, code);
      const names = ["state", "code_challenge", "nonce"].map((name) => asked.get(name) ?? "");
      seen.push(id, ...browser.cookies.values(), ...names, code, String(body["refresh_token"]));
    }
    expect(seen).toHaveLength(5 * 7);
    expect(new Set(seen).size).toBe(seen.length);
    for (const text of seen) expect(text).toMatch(/^[\w-]{43,}$/);
  });
});
