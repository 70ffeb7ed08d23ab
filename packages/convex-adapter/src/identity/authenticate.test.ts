import { describe, expect, it, vi } from "vitest";
import { type Audience, authenticate, type AuthenticationPolicy } from "./authenticate.ts";
import { resolveTokens, type TokenJudge } from "./resolve.ts";
import type { RequestScope } from "./scope.ts";

const URL_OF_US = "https://example.com/mcp";
const ANN = { subject: "ann", issuer: "https://i.test", tokenIdentifier: "https://i.test|ann" };
const metadata = { ip: null, userAgent: null, requestId: null };
const jwt = (claims: object) => `e30.${btoa(JSON.stringify(claims)).replaceAll("=", "")}.x`;

/** A request as the platform hands it on: whom it knows by its token, whose claims are these. */
function ask(
  given: {
    readonly header?: string | null;
    readonly claims?: object | null;
    readonly user?: typeof ANN | null | "bad";
  },
  policy: Partial<AuthenticationPolicy> = {},
) {
  const { header = "Bearer token", claims = {}, user = ANN } = given;
  const getUserIdentity = async () => {
    if (user === "bad") throw new Error("Could not verify OIDC token claim.");
    return user;
  };
  const scope = {
    ctx: { auth: { getUserIdentity } },
    resource: { url: URL_OF_US, metadataUrl: undefined },
    metadata: { ...metadata, authToken: claims === null ? null : jwt(claims) },
  } as unknown as RequestScope;
  const headers = header === null ? {} : { Authorization: header };
  return authenticate(new Request(URL_OF_US, { headers }), scope, {
    anonymous: false,
    audience: "platform",
    resolveIdentity: undefined,
    ...policy,
  });
}

const statusOf = async (outcome: ReturnType<typeof ask>) => {
  const answer = await outcome;
  return answer.ok ? answer.principal.kind : answer.refusal.status;
};

describe("a token that the platform knows", () => {
  const list = ["a", "b"];
  const clientIds = ["app"];
  // An environment variable that is not set.
  const unset = [undefined] as unknown as string[];
  it.each<[Audience, object | null, string | number]>([
    ["platform", null, "user"],
    ["resource", { aud: URL_OF_US }, "user"],
    ["resource", { aud: ["other", `${URL_OF_US}/`] }, "user"],
    ["resource", { aud: "https://example.com/other" }, 401],
    ["resource", {}, 401],
    ["resource", null, 401],
    [list, { aud: ["x", "b"] }, "user"],
    [list, { aud: "c" }, 401],
    [list, null, 401],
    [[], { aud: "a" }, 401],
    [unset, {}, 401],
    [{ clientIds }, { client_id: "app" }, "user"],
    [{ clientIds }, { client_id: "other", aud: "app" }, 401],
    [{ clientIds }, { client_id: ["app"] }, 401],
    [{ clientIds }, {}, 401],
    [{ clientIds }, null, 401],
    [{ clientIds: unset }, {}, 401],
  ])("for %j with %j: %s", async (audience, claims, expected) => {
    expect(await statusOf(ask({ claims }, { audience }))).toBe(expected);
  });
});

describe("a caller whom the platform does not know", () => {
  it.each<[string, string | number, Parameters<typeof ask>[0]]>([
    ["without a token", "anonymous", { header: null, user: null }],
    ["with a bad token", 401, { user: "bad" }],
    ["with a token that it says nothing of", 401, { user: null }],
    ["with another scheme", 401, { header: "Basic dTpw", user: null }],
    ["with two tokens", 400, { header: "Bearer a, Bearer b", user: null }],
    ["with an empty header", 400, { header: "", user: null }],
  ])("%s, where strangers may come: %s", async (_, expected, given) => {
    expect(await statusOf(ask(given, { anonymous: true }))).toBe(expected);
  });

  it("and brings no token is asked to sign in", async () => {
    expect(await statusOf(ask({ header: null, user: null }))).toBe(401);
  });
});

describe("users of judges", () => {
  const component = { secrets: {} } as Parameters<typeof resolveTokens>[0];
  const ownerOf = async (...judges: TokenJudge[]) => {
    const answer = await ask(
      { user: "bad" },
      { resolveIdentity: resolveTokens(component, ...judges) },
    );
    return (
      answer.ok && answer.principal.kind === "user" && answer.principal.identity.tokenIdentifier
    );
  };
  const bob: TokenJudge = () => ({ ok: true, subject: "bob" });

  it("that name no issuer are not each other's", async () => {
    expect(await ownerOf(bob)).toBe("resolved:judge-1:bob");
    expect(await ownerOf(() => undefined, bob)).toBe("resolved:judge-2:bob");
  });

  it.each<[string, unknown, number]>([
    ["nothing", null, 503],
    ["a yes", true, 401],
    ["another word for yes", { ok: "false", subject: "bob" }, 401],
    ["no reason", { ok: false }, 401],
    ["no subject", { ok: true }, 401],
    ["a subject that is no text", { ok: true, subject: 7 }, 401],
    // Whose `includes` would find a part of a name.
    ["scopes that are a text", { ok: true, subject: "bob", scopes: "unread write" }, 503],
    ["an end that is no time", { ok: true, subject: "bob", expiresAt: "soon" }, 503],
    ["an end that is no number", { ok: true, subject: "bob", expiresAt: Number.NaN }, 503],
  ])("are none where a judge says %s", async (_what, verdict, status) => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const judge = (() => verdict) as unknown as TokenJudge;
    const policy = { anonymous: true, resolveIdentity: resolveTokens(component, judge) };
    expect(await statusOf(ask({ user: "bad" }, policy))).toBe(status);
    expect(log).toHaveBeenCalledTimes(status === 503 ? 1 : 0);
    log.mockRestore();
  });

  it("have no name that another issuer and subject make", async () => {
    const owners = await Promise.all(
      [
        ["a:b", "c"],
        ["a", "b:c"],
        ["a%3Ab", "c"],
        ["a|b", "c"],
        ["", "a:b:c"],
      ].map(([issuer = "", subject = ""]) => ownerOf(() => ({ ok: true, issuer, subject }))),
    );
    expect(new Set(owners).size).toBe(owners.length);
    expect(owners.join()).not.toContain("|");
  });
});
