import { describe, expect, it } from "vitest";

import {
  authorizeUrl,
  connected,
  createBrowser,
  createWorld,
  postForm,
  refreshWith,
  registerClient,
  ticketOf,
} from "./support/bridge.ts";
import { unsigned, UPSTREAM } from "./support/upstream.ts";

/** A browser on its way back from the provider. */
async function returning(answer: Record<string, string> = {}) {
  const world = createWorld();
  const { id } = await registerClient(world);
  const browser = createBrowser(world);
  const away = await browser.press(await ticketOf(await browser.send(await authorizeUrl(id))));
  const back = world.upstream.signIn(away.headers.get("location") ?? "", answer);
  return {
    world,
    finish: async () => new URL((await browser.send(back)).headers.get("location")!),
  };
}

describe("what the provider answers", () => {
  it("is refused without the ID token that openid asks for: a code of another sign-in could hide there", async () => {
    const { world, finish } = await returning();
    world.upstream.interventions.push(() =>
      Response.json({ access_token: "a", token_type: "Bearer" }),
    );
    const { searchParams } = await finish();
    expect(searchParams.get("error")).toBe("server_error");
    expect(searchParams.has("code")).toBe(false);
    expect(world.events).toMatchObject([{ cause: "the answer lacks an ID token" }]);
  });

  it("changes no user: a refresh without an ID token says nothing of whom it is for", async () => {
    const world = createWorld();
    const { id, refresh } = await connected(world);
    // Some providers name a user otherwise in the tokens of each API.
    const access = unsigned({ iss: UPSTREAM, sub: "ann at the API" });
    world.upstream.interventions.push(() =>
      Response.json({ access_token: access, token_type: "Bearer" }),
    );
    const { body } = await refreshWith(world, id, refresh);
    expect(body["access_token"]).toBe(access);
    const next = await refreshWith(world, id, String(body["refresh_token"]));
    expect(next.body["error"]).toBeUndefined();
  });

  it("is taken back when the sign-in was ended in the meantime", async () => {
    const world = createWorld({ refreshGraceSeconds: 0 });
    const { id, refresh } = await connected(world);
    const first = await refreshWith(world, id, refresh);
    const second = String(first.body["refresh_token"]);
    let replay: Promise<unknown> = Promise.resolve();
    world.upstream.interventions.push(() => {
      // An older token comes while the provider is asked.
      replay = refreshWith(world, id, refresh);
      const body = { access_token: "a", token_type: "Bearer", refresh_token: "newest" };
      return Response.json(body);
    });
    world.upstream.pause.until = () => replay;
    expect((await refreshWith(world, id, second)).body["error"]).toBe("invalid_grant");
    expect(world.upstream.revoked).toContain("newest");
  });

  it.each([
    ["line\nbreak \u001b[31m", "another error"],
    ["x".repeat(65), "another error"],
    ["invalid_scope", "invalid_scope"],
  ])("is logged only as far as it is an error code: %j", async (error, cause) => {
    const { world, finish } = await returning({ code: "", error });
    expect((await finish()).searchParams.get("error")).toBe("server_error");
    expect(world.events).toMatchObject([{ endpoint: "callback", cause }]);
  });

  it("is nothing to mend where the user said no", async () => {
    const { world, finish } = await returning({ code: "", error: "access_denied" });
    await finish();
    expect(world.events).toMatchObject([{ endpoint: "callback", error: "access_denied" }]);
    expect(world.events[0]).not.toHaveProperty("cause");
  });
});

describe("a bridge with a key", () => {
  const withKey = (clientAssertion: () => Promise<string>) => {
    const world = createWorld({ upstream: { clientSecret: undefined, clientAssertion } });
    const answer = { access_token: "a", token_type: "Bearer", refresh_token: "r" };
    const idToken = (nonce: string) =>
      unsigned({ iss: UPSTREAM, aud: "bridge", sub: "ann", exp: 2e9, nonce });
    const finish = async () => {
      const { id } = await registerClient(world);
      const browser = createBrowser(world);
      const page = await browser.send(await authorizeUrl(id));
      const away = (await browser.press(await ticketOf(page))).headers.get("location") ?? "";
      const nonce = new URL(away).searchParams.get("nonce") ?? "";
      world.upstream.interventions.push(() =>
        Response.json({ ...answer, id_token: idToken(nonce) }),
      );
      const back = await browser.send(world.upstream.signIn(away));
      return new URL(back.headers.get("location") ?? "").searchParams;
    };
    return { world, finish };
  };

  it("sends its proof, and no secret (RFC 7523 section 2.2)", async () => {
    const { world, finish } = withKey(async () => "proof");
    expect((await finish()).has("code")).toBe(true);
    const [{ form, authorization } = { form: new URLSearchParams(), authorization: "" }] =
      world.upstream.asked;
    expect(authorization).toBeNull();
    expect(form.get("client_id")).toBe("bridge");
    expect(form.get("client_assertion")).toBe("proof");
    expect(form.get("client_assertion_type")).toBe(
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    );
    expect(form.has("client_secret")).toBe(false);
  });

  it("asks nothing without it, and says what went wrong to its log alone", async () => {
    const { world, finish } = withKey(() => Promise.reject(new Error("no key d=secret")));
    const back = await finish();
    expect(back.get("error")).toBe("server_error");
    expect(back.toString()).not.toContain("secret");
    expect(world.upstream.asked).toEqual([]);
    expect(world.events).toMatchObject([{ cause: new Error("no key d=secret") }]);
  });
});

describe("what clients are told of their tokens", () => {
  it("is that a refresh token which is none is revoked (RFC 7009 section 2.2)", async () => {
    const world = createWorld();
    const { id } = await registerClient(world);
    const form = { client_id: id, token: "none of ours" };
    expect((await postForm(world, "/revoke", form)).status).toBe(400);
    const hinted = await postForm(world, "/revoke", { ...form, token_type_hint: "refresh_token" });
    expect(hinted.status).toBe(200);
  });

  it.each(["client_assertion", "client_assertion_type"])(
    "is that %s is not understood, whatever comes with it",
    async (name) => {
      const world = createWorld();
      const { id, refresh } = await connected(world);
      const form = { grant_type: "refresh_token", client_id: id, refresh_token: refresh };
      const { status, body } = await postForm(world, "/token", { ...form, [name]: "x" });
      expect([status, body["error"]]).toEqual([401, "invalid_client"]);
      expect((await refreshWith(world, id, refresh)).status).toBe(200);
    },
  );

  it("can be read by scripts of other sites, headers included", async () => {
    const { headers } = await postForm(createWorld(), "/token", {});
    expect(headers.get("access-control-expose-headers")).toBe("retry-after, www-authenticate");
  });
});
