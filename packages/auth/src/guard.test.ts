import { verifies } from "@convex-mcp/spec";
import { describe, expect, it, vi } from "vitest";

import { parseChallenges } from "./challenges.ts";
import { createGuard, type GuardOptions, type Refusal, type Verdict } from "./guard.ts";
import { createJwtVerifier } from "./jwt.ts";

const resource = "https://api.example/notes/";
const metadataUrl = "https://api.example/.well-known/oauth-protected-resource/notes/";

interface User {
  readonly ok: true;
  readonly scopes: readonly string[];
  readonly name: string;
}

async function ask(
  authorization: string | undefined,
  verdict: Verdict | User | (() => never),
  more: Partial<GuardOptions<Verdict | User>> = {},
) {
  const verify = vi.fn(async () => (typeof verdict === "function" ? verdict() : verdict));
  const refusals: Refusal[] = [];
  const guard = createGuard<Verdict | User>({
    verify,
    resource,
    onRefusal: (refusal) => refusals.push(refusal),
    ...more,
  });
  const headers = authorization === undefined ? {} : { authorization };
  const result = await guard(new Request("https://proxy.internal/notes", { headers }));
  if (result.ok) return { principal: result.principal, verify, refusals };
  const header = result.response.headers.get("www-authenticate");
  const challenges = header === null ? [] : parseChallenges(header);
  expect(challenges.length).toBeLessThanOrEqual(1);
  return {
    status: result.response.status,
    response: result.response,
    params: challenges[0] && Object.fromEntries(challenges[0].params),
    body: (await result.response.json()) as unknown,
    verify,
    refusals,
  };
}

const user: User = { ok: true, scopes: ["notes:read"], name: "Ada" };

describe("createGuard", () => {
  it("hands over what verify says of a good token", async () => {
    const { principal, verify } = await ask("Bearer good", user, { scopes: ["notes:read"] });
    expect(principal).toBe(user);
    expect(verify).toHaveBeenCalledWith("good", expect.any(Request));
  });

  it("answers 401 without an error code to a request without a token", async () => {
    const { status, params, body, verify } = await ask(undefined, user, { scopes: ["a", "b"] });
    expect(status).toBe(401);
    expect(params).toEqual({ resource_metadata: metadataUrl, scope: "a b" });
    expect(body).toEqual({ error_description: "This resource needs an access token." });
    expect(verify).not.toHaveBeenCalled();
  });

  it.each([
    ["Basic YTpi", 401, "invalid_token"],
    ["Bearer a\u00e9", 401, "invalid_token"],
    ["Bearer", 400, "invalid_request"],
    ["Bearer a, Bearer b", 400, "invalid_request"],
  ])("answers %j with %d, without asking verify", async (authorization, expected, error) => {
    const { status, params, verify } = await ask(authorization, user);
    expect(status).toBe(expected);
    expect(params).toMatchObject({ resource_metadata: metadataUrl, error });
    expect(verify).not.toHaveBeenCalled();
  });

  it("answers 401 to a token that verify refuses", async () => {
    const verdict = { ok: false, error: "invalid_token", description: "Too old." } as const;
    const { status, params, body, refusals, response } = await ask("Bearer old", verdict);
    expect(status).toBe(401);
    expect(params).toEqual({
      resource_metadata: metadataUrl,
      error: "invalid_token",
      error_description: "Too old.",
    });
    expect(body).toEqual({ error: "invalid_token", error_description: "Too old." });
    expect(refusals).toEqual([{ status: 401, description: "Too old.", cause: verdict }]);
    expect(response?.headers.get("cache-control")).toBe("no-store");
  });

  it("answers 403 with all the scopes that are needed", async () => {
    const scopes = ["notes:read", "notes:write"];
    const { status, params } = await ask("Bearer good", user, { scopes });
    expect(status).toBe(403);
    expect(params).toMatchObject({
      resource_metadata: metadataUrl,
      error: "insufficient_scope",
      scope: "notes:read notes:write",
    });
  });

  it("takes a verdict without scopes for one with none", async () => {
    expect((await ask("Bearer good", { ok: true }, { scopes: ["a"] })).status).toBe(403);
    expect((await ask("Bearer good", { ok: true })).principal).toEqual({ ok: true });
  });

  it("knows that a scope may stand for others", async () => {
    verifies("scope.hierarchy");
    const implies = { "notes:read": ["list"] };
    const { principal } = await ask("Bearer good", user, { scopes: ["list"], implies });
    expect(principal).toBe(user);
  });

  it("answers 503, and blames nobody, when the token could not be judged", async () => {
    const verdict = { ok: false, error: "temporarily_unavailable" } as const;
    const { status, response, params } = await ask("Bearer good", verdict);
    expect(status).toBe(503);
    expect(response?.headers.get("retry-after")).toBe("5");
    expect(params).toBeUndefined();
  });

  it("blames nobody for a verdict that it does not know", async () => {
    const verdict = { ok: false, error: "server_error" } as unknown as Verdict;
    expect((await ask("Bearer good", verdict)).status).toBe(503);
  });

  it("answers 503 when verify throws, and keeps the message for the report", async () => {
    const failure = new Error("secret database name");
    const { status, body, refusals } = await ask("Bearer good", () => {
      throw failure;
    });
    expect(status).toBe(503);
    expect(JSON.stringify(body)).not.toContain("secret");
    expect(refusals[0]?.cause).toBe(failure);
  });

  it("does not let a report that fails alter the answer", async () => {
    const onRefusal = () => {
      throw new Error("no disk");
    };
    expect((await ask(undefined, user, { onRefusal })).status).toBe(401);
  });

  it("tells resource from the option, never from the request", async () => {
    const { params } = await ask(undefined, user);
    expect(params?.["resource_metadata"]).toBe(metadataUrl);
  });

  it("fits the verifier of ./jwt", async () => {
    const verify = createJwtVerifier({
      issuer: "https://issuer.example",
      audience: resource,
      jwks: new URL("http://127.0.0.1:1/jwks"),
    });
    const guard = createGuard({ verify, resource });
    const headers = { authorization: "Bearer abc" };
    const result = await guard(new Request(resource, { headers }));
    if (result.ok) {
      const subject: string = result.principal.subject;
      expect.fail(subject);
    }
    expect(result.response.status).toBe(401);
  });

  it.each([
    ["verify", { verify: undefined }],
    ["resource", { resource: "http://api.example" }],
    ["scopes[0]", { scopes: ["a b"] }],
  ])("names the option that is wrong: %s", (option, wrong) => {
    const options = { verify: () => user, resource, ...wrong } as GuardOptions<User>;
    let message = "";
    try {
      createGuard(options);
    } catch (error) {
      message = error instanceof TypeError ? error.message : "";
    }
    expect(message.startsWith(`${option}: expected `)).toBe(true);
  });
});
