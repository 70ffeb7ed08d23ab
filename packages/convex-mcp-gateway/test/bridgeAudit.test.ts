import type { AuditEntry } from "@convex-mcp/audit";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  authorizeUrl,
  connected,
  createBrowser,
  ISSUER,
  postForm,
  REDIRECT,
  redeemCode,
  refreshWith,
  registerClient,
  RESOURCE,
  signIn,
  ticketOf,
} from "../../auth/test/support/bridge.ts";
import { UPSTREAM } from "../../auth/test/support/upstream.ts";
import { components } from "./app/_generated/api.js";
import { listAuditEntries } from "../src/auditLog.ts";
import { createWorld } from "./support/bridge.ts";
import { closeMinute } from "./support/refusals.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

type World = ReturnType<typeof createWorld>;

const DAY = 24 * 60 * 60_000;

const log = async ({ t }: World) =>
  (await t.run((ctx) => listAuditEntries(ctx, components.mcpGateway, {}))).entries.toReversed();
const said = async (world: World) =>
  (await log(world)).map(({ kind, name, outcome, subject }) =>
    [kind, name, outcome, subject].filter((it) => it !== undefined).join(" "),
  );

describe("the log of a bridge", () => {
  it("has who registered what, who agreed to it, and who signed in", async () => {
    const world = createWorld();
    const { id } = await registerClient(world);
    await signIn(world, id, { scope: "notes:read" });
    const agreed = {
      client: id,
      redirectUri: REDIRECT,
      resource: RESOURCE,
      scopes: ["notes:read"],
    };
    const entries = await log(world);
    const shared = { clientName: "Agent", ip: "192.0.2.1", outcome: "ok" };
    const user = { subject: "ann", issuer: UPSTREAM };
    expect(entries).toMatchObject([
      { ...shared, kind: "registration", name: "registered" },
      { ...shared, ...user, kind: "consent", name: "given" },
      { ...shared, ...user, kind: "auth", name: "signIn" },
    ]);
    const args = entries.map((entry: Pick<AuditEntry, "args">) => JSON.parse(entry.args ?? ""));
    expect(args).toEqual([{ client: id, redirectUris: [REDIRECT] }, agreed, agreed]);
  });

  it("tells a consent that was given from one that was remembered", async () => {
    const world = createWorld({ rememberConsentSeconds: 3600 });
    const { id } = await registerClient(world);
    const browser = createBrowser(world);
    await signIn(world, id, {}, browser);
    const away = await browser.send(await authorizeUrl(id));
    await browser.send(world.upstream.signIn(away.headers.get("location") ?? ""));
    expect(await said(world)).toEqual([
      "registration registered ok",
      "consent given ok ann",
      "auth signIn ok ann",
      "auth signIn ok ann",
    ]);
  });

  it.each([
    [
      "codeReplayed denied",
      async (world: World) => {
        const { id, code } = await connected(world);
        await redeemCode(world, id, code);
        await redeemCode(world, id, code);
      },
    ],
    [
      "refreshReused denied",
      async (world: World) => {
        const { id, refresh } = await connected(world);
        for (let count = 0; count < 3; count++) await refreshWith(world, id, refresh);
      },
    ],
    [
      "revoked ok",
      async (world: World) => {
        const { id, refresh } = await connected(world);
        const form = { client_id: id, token: refresh };
        for (let count = 0; count < 2; count++) await postForm(world, "/revoke", form);
      },
    ],
    [
      "refused denied",
      async (world: World) => {
        const { id, refresh } = await connected(world);
        world.upstream.interventions.push(() =>
          Response.json({ error: "invalid_grant" }, { status: 400 }),
        );
        await refreshWith(world, id, refresh);
      },
    ],
    [
      "revoked ok",
      async (world: World) => {
        const { bridge } = world;
        await connected(world);
        await world.t.run((ctx) => bridge.revokeBridgeGrants(ctx, { subject: "ann" }));
      },
    ],
    [
      "revoked ok",
      async (world: World) => {
        const { bridge } = world;
        await connected(world);
        const user = { subject: "ann" };
        const [grant] = await world.t.run((ctx) => bridge.listBridgeGrants(ctx, user));
        await world.t.run((ctx) => bridge.revokeBridgeGrant(ctx, { id: grant?.id ?? "", user }));
      },
    ],
  ])("has once that a sign-in ended: %s", async (what, happen) => {
    const world = createWorld({ refreshGraceSeconds: 0 });
    await happen(world);
    const [, given, done, end, ...others] = await log(world);
    expect(others).toEqual([]);
    const { kind, name, outcome, subject, issuer, clientName, args } = end ?? {};
    expect([kind, `${name} ${outcome}`]).toEqual(["auth", what]);
    expect({ subject, issuer, clientName, args }).toEqual({
      subject: "ann",
      issuer: UPSTREAM,
      clientName: "Agent",
      args: done?.args,
    });
    expect(given?.kind).toBe("consent");
  });

  it("has that a sign-in made way for a newer one, and whose it was", async () => {
    const world = createWorld({ grantsPerUser: 2 });
    const { id } = await registerClient(world);
    for (let count = 0; count < 4; count++) await signIn(world, id);
    const ends = (await log(world)).filter(({ name }) => name === "replaced");
    const end = { kind: "auth", outcome: "ok", subject: "ann", clientName: "Agent" };
    expect(ends).toMatchObject([end, end]);
    expect(ends[0]).not.toHaveProperty("ip");
  });

  it("has that a sign-in ran out, once", async () => {
    const world = createWorld();
    const { id } = await registerClient(world);
    await signIn(world, id);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + DAY });
    const { expiry } = components.mcpGateway as unknown as { expiry: { drain: never } };
    const table = { table: "bridgeGrants" } as never;
    for (const _ of [1, 2]) await world.t.run((ctx) => ctx.runMutation(expiry.drain, table));
    const ends = (await log(world)).filter(({ name }) => name === "expired");
    expect(ends).toMatchObject([{ kind: "auth", outcome: "ok", subject: "ann" }]);
  });

  it("has how many clients made way for a newer one", async () => {
    const world = createWorld({ registration: { perAddress: 2 } });
    for (let count = 0; count < 4; count++) await registerClient(world);
    const ends = (await log(world)).filter(({ name }) => name === "replaced");
    const end = { kind: "registration", outcome: "ok", count: 1 };
    expect(ends).toMatchObject([end, end]);
  });

  it("has no code, token or secret", async () => {
    const world = createWorld({}, [], { audit: { retentionMs: DAY, refusals: true } });
    const client = await registerClient(world, {
      token_endpoint_auth_method: "client_secret_post",
    });
    const code = (await signIn(world, client.id)).searchParams.get("code") ?? "";
    const proof = { client_secret: client.secret };
    const { body } = await redeemCode(world, client.id, code, proof);
    await redeemCode(world, client.id, code, proof);
    await refreshWith(world, client.id, String(body["refresh_token"]));
    await closeMinute(world);
    const text = JSON.stringify(await log(world));
    expect(text).toContain("codeReplayed");
    for (const secret of [code, client.secret, body["access_token"], body["refresh_token"]]) {
      expect(text).not.toContain(secret);
    }
    expect(text).not.toContain("upstream-");
  });

  it("has no secret that a client says of itself", async () => {
    const world = createWorld();
    const redirect = `${REDIRECT}?access_token=sEcReTqUeRy012345`;
    const { id } = await registerClient(world, {
      client_name: "Agent Bearer sEcReTnAmE0123456789",
      redirect_uris: [redirect],
    });
    await signIn(world, id, { redirect_uri: redirect });
    const entries = await log(world);
    expect(entries).toHaveLength(3);
    expect(JSON.stringify(entries)).toContain("[redacted]");
    expect(JSON.stringify(entries)).not.toContain("sEcReT");
  });

  it("is written with what it tells of: without the one there is not the other", async () => {
    const world = createWorld();
    await registerClient(world, { redirect_uris: ["http://evil.example"] });
    const limited = createWorld({ registration: { perAddressHourly: 1 } });
    for (let count = 0; count < 3; count++) await registerClient(limited);
    expect(await said(world)).toEqual([]);
    expect(await said(limited)).toEqual(["registration registered ok"]);
  });

  it("keeps entries as the gateway keeps its own", async () => {
    const audit = { retentionMs: 5 * DAY, keeping: { chain: true, keep: 7 } } as const;
    const world = createWorld({}, [], { audit });
    const { id, code } = await connected(world);
    const spent = Date.now();
    await redeemCode(world, id, code);
    const { entries } = await world.t.run((ctx) =>
      listAuditEntries(ctx, components.mcpGateway, {}),
    );
    expect(entries).toHaveLength(4);
    vi.useFakeTimers({ toFake: ["Date"], now: spent + 4 * DAY });
    const { retention } = components.mcpGateway as unknown as { retention: { drain: never } };
    await world.t.run((ctx) => ctx.runMutation(retention.drain, {}));
    expect(await log(world)).toHaveLength(4);
    vi.setSystemTime(spent + 6 * DAY);
    await world.t.run((ctx) => ctx.runMutation(retention.drain, {}));
    expect(await log(world)).toEqual([]);
  });
});

describe("what strangers are refused", () => {
  const provoke = async (world: World) => {
    for (let count = 0; count < 130; count++) await registerClient(world, { redirect_uris: [] });
    const { id } = await registerClient(world);
    const browser = createBrowser(world);
    const page = await browser.send(await authorizeUrl(id));
    await browser.press(await ticketOf(page), "deny");
    await browser.send(`${ISSUER}/authorize`);
    await browser.send(`${ISSUER}/callback?state=x`);
    await postForm(world, "/token", { client_id: "x" });
  };

  it("is counted where the app wants that, by the minute and the reason, and never floods the log", async () => {
    const world = createWorld({}, [], { audit: { retentionMs: DAY, refusals: true } });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2027, 0, 1) });
    await provoke(world);
    expect(await said(world)).toEqual(["registration registered ok"]);
    await closeMinute(world);
    const counted = (await log(world)).map(({ kind, name, outcome, count, cut }) => ({
      what: `${kind} ${name} ${outcome}`,
      count,
      cut,
    }));
    expect(counted.slice(1).toSorted((a, b) => a.what.localeCompare(b.what))).toEqual([
      { what: "auth callback: invalid_request denied", count: 1 },
      { what: "auth token: invalid_request denied", count: 1 },
      { what: "consent authorize: invalid_request denied", count: 1 },
      { what: "consent consent: access_denied denied", count: 1 },
      { what: "registration register: invalid_redirect_uri denied", count: 100, cut: true },
    ]);
  });

  it("is counted: a sign-in under way that made way for a newer one", async () => {
    const audit = { retentionMs: DAY, refusals: true };
    const world = createWorld({ pending: { perAddress: 2 } }, [], { audit });
    const { id } = await registerClient(world);
    for (let count = 0; count < 5; count++) {
      const browser = createBrowser(world);
      await browser.press(await ticketOf(await browser.send(await authorizeUrl(id))));
    }
    await closeMinute(world);
    expect((await log(world)).filter(({ count }) => count !== undefined)).toMatchObject([
      { kind: "auth", name: "signIn: displaced", outcome: "denied", count: 3 },
    ]);
  });

  it("costs nothing and leaves no trace otherwise", async () => {
    const world = createWorld();
    await provoke(world);
    await closeMinute(world);
    expect(await said(world)).toEqual(["registration registered ok"]);
  });

  it("is not in the deployment's log, nor is what the user did not want", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    const world = createWorld({
      documents: { fetch: () => Promise.reject(new Error("no such host")) },
    });
    const browser = createBrowser(world);
    await browser.send(await authorizeUrl("https://agent.example.net/client.json"));
    const { id } = await registerClient(world);
    const away = await browser.press(await ticketOf(await browser.send(await authorizeUrl(id))));
    const refused = { code: "", error: "access_denied" };
    await browser.send(world.upstream.signIn(away.headers.get("location") ?? "", refused));
    expect(log).not.toHaveBeenCalled();
  });
});
