import { describe, expect, it } from "vitest";

import {
  authorizeUrl,
  createBrowser,
  createWorld,
  FORM,
  ISSUER,
  postForm,
  REDIRECT,
  RESOURCE,
  redeemCode,
  refreshWith,
  registerClient,
  signIn,
  ticketOf,
  VERIFIER,
} from "./support/bridge.ts";

/** A client that has a code. */
async function withCode(world = createWorld()) {
  const { id } = await registerClient(world);
  const code = (await signIn(world, id)).searchParams.get("code") ?? "";
  return { world, id, code };
}

describe("a code", () => {
  it("is redeemed by a client of OAuth 2.1, which sends no redirect_uri", async () => {
    const { world, id, code } = await withCode();
    expect((await redeemCode(world, id, code, { redirect_uri: undefined })).status).toBe(200);
  });

  it("is not redeemed with another redirect_uri, which does not burn it", async () => {
    const { world, id, code } = await withCode();
    for (const redirect_uri of [`${REDIRECT}/`, REDIRECT.toUpperCase(), "https://evil.example"]) {
      const { status, body } = await redeemCode(world, id, code, { redirect_uri });
      expect([status, body["error"]]).toEqual([400, "invalid_grant"]);
    }
    expect((await redeemCode(world, id, code)).status).toBe(200);
  });
});

describe("`resource` at the token endpoint", () => {
  const redeemFor = async (...resources: readonly string[]) => {
    const { world, id, code } = await withCode();
    const form = new URLSearchParams({ client_id: id, code, code_verifier: VERIFIER });
    form.set("grant_type", "authorization_code");
    for (const resource of resources) form.append("resource", resource);
    const headers = { "content-type": FORM };
    const body = form.toString();
    const response = await world.send(
      new Request(`${ISSUER}/token`, { method: "POST", headers, body }),
    );
    return [response.status, ((await response.json()) as { error?: string }).error];
  };

  it("may be there more than once (RFC 8707 section 2), and names no other", async () => {
    expect(await redeemFor(RESOURCE, RESOURCE)).toEqual([200, undefined]);
    expect(await redeemFor("")).toEqual([200, undefined]);
    expect(await redeemFor(RESOURCE, "https://other.example.com")).toEqual([400, "invalid_target"]);
    expect(await redeemFor("https://other.example.com")).toEqual([400, "invalid_target"]);
  });
});

describe("a refresh", () => {
  it("may name every scope that the token response named, and no other", async () => {
    const world = createWorld({ upstream: { extraScopes: [] } });
    const scope = "notes:read notes:write profile";
    world.upstream.interventions.push(() =>
      Response.json({ access_token: "a", token_type: "Bearer", refresh_token: "r", scope }),
    );
    const { id, code } = await withCode(world);
    const { body } = await redeemCode(world, id, code);
    expect(body["scope"]).toBe(scope);
    const refresh = String(body["refresh_token"]);
    expect((await refreshWith(world, id, refresh, "admin")).body["error"]).toBe("invalid_scope");
    world.upstream.interventions.push(() =>
      Response.json({ access_token: "b", token_type: "Bearer" }),
    );
    expect((await refreshWith(world, id, refresh, scope)).body).toMatchObject({ scope });
  });

  it("may name what is asked of the provider each time", async () => {
    const { world, id, code } = await withCode();
    const { body } = await redeemCode(world, id, code);
    const scope = "notes:read openid offline_access";
    expect((await refreshWith(world, id, String(body["refresh_token"]), scope)).status).toBe(200);
  });
});

describe("a refresh token that comes a second time", () => {
  const connect = async (options: Parameters<typeof createWorld>[0] = {}) => {
    const { world, id, code } = await withCode(createWorld(options));
    const refresh = String((await redeemCode(world, id, code)).body["refresh_token"]);
    return { world, id, refresh };
  };

  it("is answered as the first time for a minute: an answer was lost, or a client runs twice", async () => {
    const { world, id, refresh } = await connect();
    const first = await refreshWith(world, id, refresh);
    const asked = world.upstream.asked.length;
    world.clock.now += 59_000;
    const second = await refreshWith(world, id, refresh);
    expect(second.body).toEqual({ ...first.body, expires_in: 3541 });
    expect(world.upstream.asked.length).toBe(asked);
    const next = await refreshWith(world, id, String(second.body["refresh_token"]));
    expect(next.status).toBe(200);
  });

  it("waits for the first, where both come at once, and asks the provider once", async () => {
    const { world, id, refresh } = await connect();
    const before = world.upstream.asked.length;
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => refreshWith(world, id, refresh)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body["refresh_token"])).size).toBe(1);
    expect(world.upstream.asked.length).toBe(before + 1);
  });

  it("is sent away, and keeps its token, where the first takes long", async () => {
    const { world, id, refresh } = await connect();
    let finish = (): void => {};
    world.upstream.pause.until = () => new Promise<void>((resolve) => (finish = resolve));
    world.upstream.interventions.push(() =>
      Response.json({ access_token: "late", token_type: "Bearer" }),
    );
    const first = refreshWith(world, id, refresh);
    const { status, headers } = await refreshWith(world, id, refresh);
    expect([status, headers.get("retry-after")]).toEqual([503, "5"]);
    finish();
    expect((await first).body["access_token"]).toBe("late");
  });

  it("ends the sign-in after that, and at once where it is older", async () => {
    for (const wait of [0, 60_000]) {
      const { world, id, refresh } = await connect();
      const { body } = await refreshWith(world, id, refresh);
      let latest = String(body["refresh_token"]);
      if (wait === 0) latest = String((await refreshWith(world, id, latest)).body["refresh_token"]);
      world.clock.now += wait;
      expect((await refreshWith(world, id, refresh)).body["error"]).toBe("invalid_grant");
      expect((await refreshWith(world, id, latest)).body["error"]).toBe("invalid_grant");
      expect(world.upstream.revoked.length).toBe(1);
    }
  });

  it("ends it at once where the app is strict", async () => {
    const { world, id, refresh } = await connect({ refreshGraceSeconds: 0 });
    await refreshWith(world, id, refresh);
    expect((await refreshWith(world, id, refresh)).body["error"]).toBe("invalid_grant");
    expect(world.upstream.revoked.length).toBe(1);
  });

  it("gives nothing to another client", async () => {
    const { world, id, refresh } = await connect();
    const other = await registerClient(world);
    await refreshWith(world, id, refresh);
    const { body } = await refreshWith(world, other.id, refresh);
    expect(body).toEqual({ error: "invalid_grant", error_description: expect.any(String) });
  });

  it("revokes what it became", async () => {
    const { world, id, refresh } = await connect();
    const { body } = await refreshWith(world, id, refresh);
    const form = { client_id: id, token: refresh };
    expect((await postForm(world, "/revoke", form)).status).toBe(200);
    const latest = String(body["refresh_token"]);
    expect((await refreshWith(world, id, latest)).body["error"]).toBe("invalid_grant");
    expect(world.upstream.revoked).toEqual(["upstream-refresh-2"]);
  });
});

describe("scopes that there are not", () => {
  const askedBy = async (scope: string) => {
    const world = createWorld({ upstream: { extraScopes: ["openid"] } });
    const { id } = await registerClient(world);
    const browser = createBrowser(world);
    const page = await browser.send(await authorizeUrl(id, { scope }));
    const text = await page.clone().text();
    const shown = [...text.matchAll(/<li><code>([^<]*)/g)].map(([, name]) => name);
    const { headers } = await browser.press(await ticketOf(page));
    const asked = new URL(headers.get("location") ?? "").searchParams.get("scope");
    return { shown: shown.join(" "), asked };
  };

  it("are left out, for clients ask for what they know from elsewhere", async () => {
    const given = "notes:read openid";
    for (const scope of ["notes:read offline_access", "openid email profile notes:read"]) {
      const { shown, asked } = await askedBy(scope);
      expect(shown.split(" ").toSorted().join(" ")).toBe(given);
      expect(asked).toBe(shown);
    }
  });

  it("are all refused where nothing is left", async () => {
    const world = createWorld({ upstream: { extraScopes: [] } });
    const { id } = await registerClient(world);
    const page = await world.send(new Request(await authorizeUrl(id, { scope: "email admin" })));
    expect(page.status).toBe(400);
    expect(await page.text()).toContain("invalid_scope");
  });
});

describe("`state`", () => {
  it("comes back as it was, whatever letters it has", async () => {
    const world = createWorld();
    const { id } = await registerClient(world);
    for (const state of ["a b+c%20&=?#", "é\u{1f600}".repeat(1000), "x".repeat(4096)]) {
      expect((await signIn(world, id, { state })).searchParams.get("state")).toBe(state);
    }
  });

  it("is refused before anybody is asked for consent, where it could not come back", async () => {
    const world = createWorld();
    const { id } = await registerClient(world);
    for (const state of ["x".repeat(4097), "\u0001", "\u007f", "line\nbreak"]) {
      const page = await world.send(new Request(await authorizeUrl(id, { state })));
      expect(page.status).toBe(400);
      expect(await page.text()).toContain("Expected a state of at most 4096 characters");
    }
  });
});
