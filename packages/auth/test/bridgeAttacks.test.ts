import { verifies } from "@convex-mcp/spec";
import { describe, expect, it } from "vitest";

import { memoryBridgeStore } from "../src/bridge/memory.ts";
import { sha256 } from "../src/bridge/pkce.ts";
import {
  authorizeUrl,
  connected,
  createBrowser,
  createWorld,
  ISSUER,
  postForm,
  REDIRECT,
  redeemCode,
  refreshWith,
  registerClient,
  signIn,
  ticketOf,
  VERIFIER,
} from "./support/bridge.ts";
import { unsigned, UPSTREAM } from "./support/upstream.ts";

/** Consent given in a browser, up to the provider's sign-in page. */
async function atProvider(world = createWorld()) {
  const { id } = await registerClient(world);
  const browser = createBrowser(world);
  const page = await browser.send(await authorizeUrl(id));
  const away = await browser.press(await ticketOf(page));
  return { world, id, browser, location: away.headers.get("location") ?? "" };
}

describe("confused deputy", () => {
  it("never sends a browser to the provider before a person has agreed to this client", async () => {
    verifies("bridge.consent");
    const world = createWorld();
    const browser = createBrowser(world);
    for (const name of ["Known agent", "Evil agent"]) {
      const { id } = await registerClient(world, { client_name: name });
      for (const prompt of [undefined, "login", "consent"]) {
        const page = await browser.send(await authorizeUrl(id, { prompt }));
        expect(page.status).toBe(200);
        expect(page.headers.get("location")).toBeNull();
        const text = await page.text();
        expect(text).toContain(name);
        expect(text).toContain("not verified");
        expect(text).toContain(REDIRECT);
        expect(text).toContain("notes:read");
        expect(text).toContain("id.example.com");
      }
      // The user has a session at the provider and agrees to the first one; the second is asked again.
      await signIn(world, id, {}, browser);
    }
  });

  it("does not finish a sign-in in a browser that it was not started in", async () => {
    verifies("bridge.state");
    const { world, location, browser } = await atProvider();
    const back = world.upstream.signIn(location);
    const victim = createBrowser(world);
    expect((await victim.send(back)).status).toBe(400);
    await victim.send(await authorizeUrl((await registerClient(world)).id));
    expect((await victim.send(back)).status).toBe(400);
    // Whoever started it is not hurt by that.
    expect((await browser.send(back)).status).toBe(303);
  });

  it("finishes a sign-in once, and in time", async () => {
    verifies("bridge.state");
    const { world, location, browser } = await atProvider();
    expect((await browser.send(world.upstream.signIn(location))).status).toBe(303);
    expect((await browser.send(world.upstream.signIn(location))).status).toBe(400);

    const late = await atProvider();
    late.world.clock.now += 10 * 60_000;
    const back = late.world.upstream.signIn(late.location);
    expect((await late.browser.send(back)).status).toBe(400);
  });

  it("asks again for each client where consent is remembered, and in each browser", async () => {
    verifies("bridge.consent", "bridge.csrf");
    const world = createWorld({ rememberConsentSeconds: 3600 });
    const { id } = await registerClient(world);
    const browser = createBrowser(world);
    await signIn(world, id, { scope: "notes:read" }, browser);
    const status = async (clientId: string, changes = {}, who = browser) =>
      (await who.send(await authorizeUrl(clientId, { scope: "notes:read", ...changes }))).status;
    expect(await status(id)).toBe(303);
    expect(await status(id, { prompt: "none" })).toBe(303);
    expect(await status(id, { prompt: "consent" })).toBe(200);
    expect(await status(id, { scope: "notes:write" })).toBe(200);
    expect(await status((await registerClient(world)).id)).toBe(200);

    const stolen = createBrowser(world);
    await stolen.send(await authorizeUrl(id));
    const name = "__Host-mcp-bridge-consents";
    stolen.cookies.set(name, browser.cookies.get(name) ?? "none");
    expect(await status(id, {}, stolen)).toBe(200);

    world.clock.now += 3600_000;
    expect(await status(id)).toBe(200);
  });

  it("never remembers consent for what any program on the computer can receive", async () => {
    const world = createWorld({ rememberConsentSeconds: 3600 });
    const registered = ["http://127.0.0.1/callback", "https://localhost:5000/callback"];
    const { id } = await registerClient(world, { redirect_uris: registered });
    const browser = createBrowser(world);
    for (const redirect_uri of ["http://127.0.0.1:5000/callback", registered[1]]) {
      await signIn(world, id, { redirect_uri }, browser);
      const page = await browser.send(await authorizeUrl(id, { redirect_uri }));
      expect(page.status).toBe(200);
      expect(await page.text()).toContain("a program on this computer");
    }
  });
});

describe("CSRF on consent", () => {
  const setUp = async () => {
    const world = createWorld();
    const { id } = await registerClient(world);
    const browser = createBrowser(world);
    const ticket = await ticketOf(await browser.send(await authorizeUrl(id)));
    return { world, id, browser, ticket };
  };

  it("refuses a ticket of another browser", async () => {
    verifies("bridge.csrf");
    const { world, id, ticket } = await setUp();
    const victim = createBrowser(world);
    await victim.send(await authorizeUrl(id));
    expect((await victim.press(ticket)).status).toBe(400);
    expect((await createBrowser(world).press(ticket)).status).toBe(400);
  });

  it("refuses a second use, an old one and a made-up one", async () => {
    const { world, browser, ticket, id } = await setUp();
    expect((await browser.press(ticket)).status).toBe(303);
    expect((await browser.press(ticket)).status).toBe(400);
    expect((await browser.press("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).status).toBe(400);
    const old = await ticketOf(await browser.send(await authorizeUrl(id)));
    world.clock.now += 10 * 60_000;
    expect((await browser.press(old)).status).toBe(400);
  });

  it("refuses what another site sends", async () => {
    const { browser, ticket } = await setUp();
    const evil = { origin: "https://evil.example" };
    expect((await browser.press(ticket, "allow", evil)).status).toBe(400);
    for (const site of ["cross-site", "same-site", "none"]) {
      const headers = { "sec-fetch-site": site };
      expect((await browser.press(ticket, "allow", headers)).status).toBe(400);
    }
    // What browsers send from a page without a referrer.
    const own = { origin: "null", "sec-fetch-site": "same-origin" };
    expect((await browser.press(ticket, "allow", own)).status).toBe(303);
  });

  it("binds the browser by a cookie that no other host can set or read", async () => {
    verifies("bridge.csrf");
    const world = createWorld();
    const { id } = await registerClient(world);
    const page = await world.send(new Request(await authorizeUrl(id)));
    expect(page.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-mcp-bridge-browser=[\w-]{43}; Path=\/; Max-Age=1200; HttpOnly; SameSite=Lax; Secure$/,
      ),
    ]);
  });
});

describe("clickjacking and injection", () => {
  it("shows no page that can be framed, scripted, cached or followed back", async () => {
    verifies("bridge.consent");
    const world = createWorld();
    const { id } = await registerClient(world);
    const pages = [
      await world.send(new Request(await authorizeUrl(id))),
      await world.send(new Request(`${ISSUER}/authorize`)),
      await world.send(new Request(`${ISSUER}/callback`)),
      await world.send(new Request(`${ISSUER}/consent`, { method: "POST" })),
    ];
    for (const { headers } of pages) {
      const policy = headers.get("content-security-policy");
      expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/]{43}='; /);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("base-uri 'none'");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      // It would cut off web clients that wait for their pop-up to come back.
      expect(headers.get("cross-origin-opener-policy")).toBeNull();
    }
  });

  it("lets a name of another direction reorder nothing around it", async () => {
    const world = createWorld();
    const { id } = await registerClient(world, { client_name: "\u05d0 (verified)" });
    const text = await (await world.send(new Request(await authorizeUrl(id)))).text();
    expect(text).toContain("<h1><bdi>\u05d0 (verified)</bdi> wants to connect</h1>");
  });

  it("escapes what a client says of itself, and shows no characters that reorder text", async () => {
    const world = createWorld();
    const name = `"><script>alert('x')</script>&\u202Egpj.exe\u0000`;
    const { id } = await registerClient(world, {
      client_name: name,
      redirect_uris: ["https://agent.example.net/a'b"],
    });
    const url = await authorizeUrl(id, { redirect_uri: "https://agent.example.net/a'b" });
    const text = await (await world.send(new Request(url))).text();
    expect(text).toContain(
      "&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp; gpj.exe",
    );
    expect(text).not.toContain("<script");
    expect(text).not.toContain("\u202E");
    expect(text).not.toContain("a'b");
  });
});

describe("replay of a code", () => {
  it("revokes what the code gave, here and at the provider", async () => {
    const world = createWorld();
    const { id, code, refresh } = await connected(world);
    expect((await redeemCode(world, id, code)).body["error"]).toBe("invalid_grant");
    expect(world.upstream.revoked).toEqual(["upstream-refresh-1"]);
    expect((await refreshWith(world, id, refresh)).body["error"]).toBe("invalid_grant");
  });

  it("gives nothing after a minute", async () => {
    const world = createWorld();
    const { id } = await registerClient(world);
    const code = (await signIn(world, id)).searchParams.get("code") ?? "";
    world.clock.now += 60_000;
    expect((await redeemCode(world, id, code)).body["error"]).toBe("invalid_grant");
  });

  it("gives nothing to another client, redirect, verifier or resource; a thief cannot burn it", async () => {
    const world = createWorld();
    const { id } = await registerClient(world);
    const other = await registerClient(world);
    const code = (await signIn(world, id)).searchParams.get("code") ?? "";
    const wrong = [
      { client_id: other.id },
      { redirect_uri: `${REDIRECT}/` },
      { code_verifier: "x".repeat(43) },
      { code: `${code}A` },
    ];
    for (const change of wrong) {
      const { status, body } = await redeemCode(world, id, code, change);
      expect([status, body["error"]]).toEqual([400, "invalid_grant"]);
    }
    expect((await redeemCode(world, id, code, { code_verifier: "short" })).body["error"]).toBe(
      "invalid_request",
    );
    expect((await redeemCode(world, id, code)).status).toBe(200);

    const next = (await signIn(world, id)).searchParams.get("code") ?? "";
    const elsewhere = { resource: "https://other.example.com/mcp" };
    expect((await redeemCode(world, id, next, elsewhere)).body["error"]).toBe("invalid_target");
    expect((await redeemCode(world, id, next)).body["error"]).toBe("invalid_grant");
  });

  it("redeems once when asked twice at the same time", async () => {
    const world = createWorld();
    const { id } = await registerClient(world);
    const code = (await signIn(world, id)).searchParams.get("code") ?? "";
    const both = await Promise.all([redeemCode(world, id, code), redeemCode(world, id, code)]);
    expect(both.map(({ status }) => `${status}`).toSorted()).toEqual(["200", "400"]);
  });
});

describe("replay of a refresh token", () => {
  it("ends the whole family", async () => {
    const world = createWorld({ refreshGraceSeconds: 0 });
    const { id, refresh } = await connected(world);
    const renewed = await refreshWith(world, id, refresh);
    expect(renewed.status).toBe(200);
    const replayed = await refreshWith(world, id, refresh);
    expect([replayed.status, replayed.body["error"]]).toEqual([400, "invalid_grant"]);
    const newest = await refreshWith(world, id, String(renewed.body["refresh_token"]));
    expect(newest.body["error"]).toBe("invalid_grant");
    expect(world.upstream.revoked).toEqual(["upstream-refresh-2"]);
    expect(world.events[0]?.description).toContain("used twice");
  });

  it("gives nothing to another client, and leaves the token good for its own", async () => {
    const world = createWorld();
    const { id, refresh } = await connected(world);
    const other = await registerClient(world);
    expect((await refreshWith(world, other.id, refresh)).body["error"]).toBe("invalid_grant");
    expect((await refreshWith(world, id, refresh)).status).toBe(200);
  });

  it("gives no wider scope", async () => {
    const world = createWorld();
    const { id } = await registerClient(world);
    const code = (await signIn(world, id, { scope: "notes:read" })).searchParams.get("code") ?? "";
    const { body } = await redeemCode(world, id, code);
    const wider = await refreshWith(world, id, String(body["refresh_token"]), "notes:write");
    expect(wider.body["error"]).toBe("invalid_scope");
    expect(world.upstream.asked.at(-1)?.form.get("grant_type")).toBe("authorization_code");
  });

  it("lets one of two requests through, and asks the provider once", async () => {
    const world = createWorld({ refreshGraceSeconds: 0 });
    const { id, refresh } = await connected(world);
    const before = world.upstream.asked.length;
    const both = await Promise.all([
      refreshWith(world, id, refresh),
      refreshWith(world, id, refresh),
    ]);
    expect(both.map(({ status }) => `${status}`).toSorted()).toEqual(["200", "503"]);
    expect(world.upstream.asked.length).toBe(before + 1);
  });

  it("ends when the provider answers for another user", async () => {
    const world = createWorld();
    const { id, refresh } = await connected(world);
    const exp = world.clock.now / 1000 + 60;
    const claims = { iss: UPSTREAM, aud: "bridge", sub: "eve", exp };
    world.upstream.interventions.push(() =>
      Response.json({ access_token: "a", token_type: "Bearer", id_token: unsigned(claims) }),
    );
    expect((await refreshWith(world, id, refresh)).body["error"]).toBe("invalid_grant");
    expect((await refreshWith(world, id, refresh)).body["error"]).toBe("invalid_grant");
  });

  it("stays good when the provider cannot be asked, and ends when the provider says so", async () => {
    const world = createWorld();
    const { id, refresh } = await connected(world);
    const failures = [
      () => new Response("bad gateway", { status: 502 }),
      () => Response.json({ error: "invalid_client" }, { status: 401 }),
      () => {
        throw new TypeError("fetch failed: 10.0.0.7");
      },
    ];
    for (const failure of failures) {
      world.upstream.interventions.push(failure);
      const { status, headers, body } = await refreshWith(world, id, refresh);
      expect([status, body["error"]]).toEqual([503, "temporarily_unavailable"]);
      expect(headers.get("retry-after")).toBe("5");
      expect(JSON.stringify(body)).not.toContain("10.0.0.7");
    }
    world.upstream.interventions.push(() =>
      Response.json({ error: "invalid_grant" }, { status: 400 }),
    );
    expect((await refreshWith(world, id, refresh)).body["error"]).toBe("invalid_grant");
    expect((await refreshWith(world, id, refresh)).body["error"]).toBe("invalid_grant");
  });
});

describe("mix-up", () => {
  it("refuses an answer of another issuer, or of none where the provider sends it", async () => {
    const { world, location, browser } = await atProvider();
    const mixed = world.upstream.signIn(location, { iss: "https://evil.example" });
    expect((await browser.send(mixed)).status).toBe(400);
    expect(world.upstream.asked).toEqual([]);
    expect((await browser.send(world.upstream.signIn(location, { iss: "" }))).status).toBe(303);

    const strict = await atProvider(createWorld({ upstream: { requireIss: true } }));
    const silent = strict.world.upstream.signIn(strict.location, { iss: "" });
    expect((await strict.browser.send(silent)).status).toBe(400);
  });

  it("refuses an ID token of another sign-in, client, issuer or time", async () => {
    const claims = { iss: UPSTREAM, aud: "bridge", sub: "ann", exp: 1_900_000_000 };
    const wrong = [
      { nonce: "of another sign-in" },
      { aud: "another" },
      { iss: "https://evil.example" },
      { exp: 1_700_000_000 },
    ];
    for (const change of wrong) {
      const { world, location, browser } = await atProvider();
      const nonce = new URL(location).searchParams.get("nonce");
      const id_token = unsigned({ ...claims, nonce, ...change });
      const answer = { access_token: "a", token_type: "Bearer", id_token };
      const back = world.upstream.signIn(location);
      world.upstream.interventions.push(() => Response.json(answer));
      const done = new URL((await browser.send(back)).headers.get("location") ?? "");
      expect(done.searchParams.get("error")).toBe("server_error");
      expect(done.searchParams.has("code")).toBe(false);
    }
  });
});

describe("redirect tricks", () => {
  const register = async (uris: readonly string[]) => {
    const world = createWorld();
    const { id } = await registerClient(world, { redirect_uris: uris });
    const ask = async (redirect_uri: string) => {
      const response = await world.send(new Request(await authorizeUrl(id, { redirect_uri })));
      return { status: response.status, location: response.headers.get("location"), response };
    };
    return { world, id, ask };
  };

  it.each([
    "https://agent.example.net/callback/",
    "https://agent.example.net/callback?x=1",
    "https://agent.example.net/callback?",
    "https://agent.example.net/callback#x",
    "https://agent.example.net/Callback",
    "https://AGENT.example.net/callback",
    "https://agent.example.net./callback",
    "https://agent.example.net:443/callback",
    "https://agent.example.net:8443/callback",
    "http://agent.example.net/callback",
    "https://agent.example.net/x/../callback",
    "https://agent.example.net/%63allback",
    "https://agent.example.net\\callback",
    "https://agent.example.net@evil.example/callback",
    "https://user@agent.example.net/callback",
    "https://evil.example/callback",
    "https://agent.example.net.evil.example/callback",
    "https://agent.example.net/callback ",
    "//agent.example.net/callback",
    "javascript:alert(1)",
  ])("answers nothing to %s", async (uri) => {
    verifies("bridge.redirect-exact");
    const { ask } = await register([REDIRECT]);
    const { status, location, response } = await ask(uri);
    expect([status, location]).toEqual([400, null]);
    expect(await response.text()).not.toContain("<a ");
  });

  it("lets a native app listen on any port, at the same path of the same loopback host", async () => {
    verifies("bridge.redirect-exact");
    const { ask } = await register(["http://127.0.0.1:1/cb", "http://localhost/cb"]);
    expect((await ask("http://127.0.0.1:53281/cb")).status).toBe(200);
    expect((await ask("http://localhost:53281/cb")).status).toBe(200);
    expect((await ask("http://[::1]:53281/cb")).status).toBe(400);
    expect((await ask("http://127.0.0.1:53281/other")).status).toBe(400);
    expect((await ask("http://127.0.0.1:53281@evil.example/cb")).status).toBe(400);
    expect((await ask("http://127.0.0.1.evil.example/cb")).status).toBe(400);
    expect((await ask("http://127.0.0.2:53281/cb")).status).toBe(400);
  });

  it("is no open redirector: an error goes to a stranger's site by a click only", async () => {
    const { world, id } = await register([REDIRECT]);
    const broken = await authorizeUrl(id, { scope: "no-such-scope" });
    const page = await world.send(new Request(broken));
    expect([page.status, page.headers.get("location")]).toEqual([400, null]);
    expect(await page.text()).toContain(`href="${REDIRECT}?error=invalid_scope`);

    const listed = createWorld({ registration: { allowedRedirects: [new URL(REDIRECT).origin] } });
    const known = await registerClient(listed);
    const silent = await authorizeUrl(known.id, { prompt: "none" });
    const answer = await listed.send(new Request(silent));
    const { searchParams } = new URL(answer.headers.get("location") ?? "");
    expect(Object.fromEntries(searchParams)).toMatchObject({
      error: "consent_required",
      state: "of the client",
      iss: ISSUER,
    });
  });

  it.each([
    [{ code_challenge: undefined }, "invalid_request"],
    [{ code_challenge: "short" }, "invalid_request"],
    [{ code_challenge_method: "plain" }, "invalid_request"],
    [{ code_challenge_method: undefined }, "invalid_request"],
    [{ response_type: "token" }, "unsupported_response_type"],
    [{ response_mode: "fragment" }, "invalid_request"],
    [{ resource: "https://other.example.com/mcp" }, "invalid_target"],
    [{ resource: "https://app.example.com/mcp/../admin" }, "invalid_target"],
    [{ scope: "admin" }, "invalid_scope"],
    [{ prompt: "none login" }, "invalid_request"],
    [{ prompt: "create" }, "invalid_request"],
    [{ request: "eyJ" }, "request_not_supported"],
    [{ request_uri: "https://evil.example" }, "request_uri_not_supported"],
  ])("refuses %j with %s", async (change, error) => {
    verifies("bridge.pkce");
    const { world, id } = await register(["http://localhost/cb"]);
    const url = await authorizeUrl(id, { redirect_uri: "http://localhost:7/cb", ...change });
    const response = await world.send(new Request(url));
    const { searchParams } = new URL(response.headers.get("location") ?? "");
    expect(searchParams.get("error")).toBe(error);
  });

  it("refuses parameters that come twice, and two resources", async () => {
    const { world, id } = await register(["http://localhost/cb"]);
    const url = await authorizeUrl(id, { redirect_uri: "http://localhost:7/cb" });
    for (const twice of ["&redirect_uri=https://evil.example", "&client_id=x", "&state=y"]) {
      expect((await world.send(new Request(url + twice))).status).toBe(400);
    }
    const two = await world.send(new Request(`${url}&resource=https://other.example.com`));
    expect(two.headers.get("location")).toContain("error=invalid_target");
  });
});

describe("parameters that come twice", () => {
  it.each(["/token", "/revoke", "/consent"])("are refused by %s, equal or not", async (path) => {
    const world = createWorld();
    const { id, refresh } = await connected(world);
    const form = { grant_type: "refresh_token", client_id: id, refresh_token: refresh };
    for (const twice of ["client_id", "refresh_token", "grant_type", "anything"]) {
      const body = new URLSearchParams({ ...form, token: refresh, request: "x" });
      body.append(twice, form.client_id);
      body.append(twice, form.client_id);
      const response = await world.send(new Request(ISSUER + path, { method: "POST", body }));
      expect(response.status).toBe(400);
      expect(await response.text()).toContain("more than once");
    }
    expect((await refreshWith(world, id, refresh)).status).toBe(200);
  });

  it("end no sign-in when they come back from the provider", async () => {
    const { world, location, browser } = await atProvider();
    const back = world.upstream.signIn(location);
    expect((await browser.send(`${back}&code=another`)).status).toBe(400);
    expect(world.upstream.asked).toEqual([]);
    expect((await browser.send(back)).status).toBe(303);
  });
});

describe("open registration", () => {
  it("keeps what a stranger can register in bounds, and blocks nobody else", async () => {
    const world = createWorld({ registration: { perAddress: 3, total: 6 } });
    const isKnown = async (id: string) =>
      (await world.send(new Request(await authorizeUrl(id)))).status === 200;
    const honest = await registerClient(world, {}, "198.51.100.7");
    const flood: string[] = [];
    for (let count = 0; count < 50; count++) {
      const { status, id } = await registerClient(world, {}, `2001:db8:0:1::${count.toString(16)}`);
      expect(status).toBe(201);
      flood.push(id);
    }
    expect(await isKnown(honest.id)).toBe(true);
    expect(await Promise.all(flood.slice(-4).map(isKnown))).toEqual([false, true, true, true]);
  });

  it("evicts no client that somebody has signed in with", async () => {
    const world = createWorld({ registration: { perAddress: 1, total: 1 } });
    const { id } = await connected(world);
    for (let count = 0; count < 5; count++) await registerClient(world, {}, `192.0.2.${count}`);
    expect((await world.send(new Request(await authorizeUrl(id)))).status).toBe(200);
  });

  it("forgets what nobody signs in with, and tells the client to register anew", async () => {
    const world = createWorld({ registration: { unusedSeconds: 60 } });
    const { id } = await registerClient(world);
    world.clock.now += 60_000;
    const page = await world.send(new Request(await authorizeUrl(id)));
    expect(page.status).toBe(400);
    expect(await page.text()).toContain("connect again");
    const { status, body } = await refreshWith(world, id, "AAAA");
    expect([status, body["error"]]).toEqual([401, "invalid_client"]);
  });

  it("keeps sign-ins in progress in bounds, and evicts the stranger's own first", async () => {
    const world = createWorld({ pending: { perAddress: 2, total: 5 } });
    const { id } = await registerClient(world);
    const start = async (address: string) => {
      const request = new Request(await authorizeUrl(id));
      const page = await world.send(request);
      const [cookie = ""] = (page.headers.getSetCookie()[0] ?? "").split(";");
      const away = await world.send(
        new Request(`${ISSUER}/consent`, {
          method: "POST",
          headers: { cookie, "content-type": "application/x-www-form-urlencoded" },
          body: new URLSearchParams({ request: await ticketOf(page), decision: "allow" }),
        }),
        address,
      );
      const back = world.upstream.signIn(away.headers.get("location") ?? "");
      return () => world.send(new Request(back, { headers: { cookie } }));
    };
    const honest = await start("198.51.100.7");
    const flood = [];
    for (let count = 0; count < 20; count++) flood.push(await start("203.0.113.9"));
    expect((await flood[0]?.())?.status).toBe(400);
    // Whoever asks for a /48 gets one (RFC 6177), and has 65,536 networks.
    for (let count = 0; count < 20; count++) await start(`2001:db8:1:${count.toString(16)}::1`);
    expect((await honest()).status).toBe(303);
  });

  it("does not grow for visits: nothing is stored before consent", async () => {
    verifies("bridge.state");
    const world = createWorld();
    const { id } = await registerClient(world);
    world.calls.length = 0;
    await world.send(new Request(await authorizeUrl(id)));
    expect(world.calls).toEqual(["findClient"]);
  });
});

describe("client authentication", () => {
  const confidential = async (method: string) => {
    const world = createWorld();
    const client = await registerClient(world, { token_endpoint_auth_method: method });
    const code = (await signIn(world, client.id)).searchParams.get("code") ?? "";
    return { world, client, code, secret: client.secret ?? "" };
  };

  it("takes the registered way with the right secret, and no other", async () => {
    const post = await confidential("client_secret_post");
    const wrong = await redeemCode(post.world, post.client.id, post.code, { client_secret: "no" });
    expect([wrong.status, wrong.body["error"]]).toEqual([401, "invalid_client"]);
    expect(post.world.upstream.revoked).toEqual(["upstream-refresh-1"]);

    const none = await confidential("client_secret_post");
    expect((await redeemCode(none.world, none.client.id, none.code)).status).toBe(401);

    const right = await confidential("client_secret_post");
    const given = { client_secret: right.secret };
    expect((await redeemCode(right.world, right.client.id, right.code, given)).status).toBe(200);
  });

  it("reads Basic credentials, and answers a wrong secret with a challenge", async () => {
    for (const [suffix, status] of [
      ["", 200],
      ["x", 401],
    ] as const) {
      const { world, client, code, secret } = await confidential("client_secret_basic");
      const { headers, ...answer } = await postForm(
        world,
        "/token",
        {
          grant_type: "authorization_code",
          code,
          redirect_uri: REDIRECT,
          code_verifier: VERIFIER,
        },
        { authorization: `Basic ${btoa(`${client.id}:${secret}${suffix}`)}` },
      );
      expect(answer.status).toBe(status);
      expect(headers.get("www-authenticate")).toBe(status === 200 ? null : 'Basic realm="token"');
    }
  });

  it.each([
    [{}, { authorization: "Bearer x" }, 401, "invalid_client"],
    [{}, { authorization: "Basic ???" }, 401, "invalid_client"],
    [{}, { authorization: `Basic ${btoa("nobody")}` }, 401, "invalid_client"],
    [{}, { authorization: `Basic ${btoa("a%zz:b")}` }, 401, "invalid_client"],
    [{ client_secret: "x" }, { authorization: `Basic ${btoa("a:b")}` }, 400, "invalid_request"],
    [{ client_id: "b" }, { authorization: `Basic ${btoa("a:b")}` }, 400, "invalid_request"],
    [{}, {}, 401, "invalid_client"],
    [{ client_id: "a" }, {}, 400, "invalid_request"],
    [{ client_id: "a", grant_type: "password" }, {}, 400, "unsupported_grant_type"],
    [{ client_id: "a", grant_type: "refresh_token" }, {}, 400, "invalid_request"],
    [{ client_id: "a", grant_type: "authorization_code" }, {}, 400, "invalid_request"],
  ])("answers %j %j with %i %s", async (form, headers, status, error) => {
    const answer = await postForm(createWorld(), "/token", form, headers);
    expect([answer.status, answer.body["error"]]).toEqual([status, error]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it("revokes for the client that holds the token, and no other", async () => {
    const world = createWorld();
    const { id, refresh, access } = await connected(world);
    const other = await registerClient(world);
    const stranger = await postForm(world, "/revoke", { client_id: other.id, token: refresh });
    expect(stranger.status).toBe(200);
    expect(world.upstream.revoked).toEqual([]);
    const foreign = await postForm(world, "/revoke", { client_id: id, token: access });
    expect(foreign.body["error"]).toBe("unsupported_token_type");
    expect((await refreshWith(world, id, refresh)).status).toBe(200);
  });
});

describe("secrets at rest and on the wire", () => {
  it("stores no token, code or secret that could be used", async () => {
    const store = memoryBridgeStore();
    const written: unknown[] = [];
    const spy = new Proxy(store, {
      get:
        (target, name: keyof typeof store) =>
        (...args: unknown[]) => {
          written.push(args);
          return (target[name] as (...all: unknown[]) => unknown)(...args);
        },
    });
    const world = createWorld({ store: spy });
    const client = await registerClient(world, {
      token_endpoint_auth_method: "client_secret_post",
    });
    const code = (await signIn(world, client.id)).searchParams.get("code") ?? "";
    const given = { client_secret: client.secret };
    const { body } = await redeemCode(world, client.id, code, given);
    const text = JSON.stringify(written);
    for (const secret of [client.secret, code, body["refresh_token"], body["access_token"]]) {
      expect(text).not.toContain(secret);
    }
    expect(text).not.toContain("upstream-");
    expect(text).not.toContain("192.0.2.1");
    expect(text).toContain(await sha256(client.secret ?? ""));
  });

  it("goes on with tokens of the last secret when a new one is put in front", async () => {
    const store = memoryBridgeStore();
    const [old, fresh] = ["o".repeat(32), "n".repeat(32)];
    const { id, refresh } = await connected(createWorld({ store, secrets: [old] }));
    const rotated = createWorld({ store, secrets: [fresh, old] });
    rotated.upstream.interventions.push(() =>
      Response.json({ access_token: "a2", token_type: "Bearer" }),
    );
    const renewed = await refreshWith(rotated, id, refresh);
    expect(renewed.status).toBe(200);
    const dropped = createWorld({ store, secrets: [fresh] });
    dropped.upstream.interventions.push(() =>
      Response.json({ access_token: "a3", token_type: "Bearer" }),
    );
    const next = await refreshWith(dropped, id, String(renewed.body["refresh_token"]));
    expect(next.body["access_token"]).toBe("a3");
  });
});
