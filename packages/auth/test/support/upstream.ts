import type { Fetch } from "../../src/bridge/options.ts";
import { randomToken, sha256 } from "../../src/bridge/pkce.ts";

export const UPSTREAM = "https://id.example.com";

/** What the fake provider was asked at its endpoints. */
export interface Asked {
  readonly url: string;
  readonly form: URLSearchParams;
  readonly authorization: string | null;
}

/** A provider in memory, with one confidential client, PKCE, rotation of refresh tokens and `iss`. */
export function fakeUpstream(now: () => number) {
  const codes = new Map<string, URLSearchParams>();
  const refreshTokens = new Set<string>();
  const asked: Asked[] = [];
  const revoked: string[] = [];
  /** Answers instead of the provider, once for each. */
  const interventions: (() => Response)[] = [];
  /** What an answer waits for. */
  const pause: { until: () => Promise<unknown> } = { until: async () => undefined };
  let issued = 0;

  const give = (granted: URLSearchParams | undefined) => {
    issued += 1;
    const refresh = `upstream-refresh-${issued}`;
    refreshTokens.add(refresh);
    const claims = {
      iss: UPSTREAM,
      aud: "bridge",
      sub: "ann",
      exp: Math.floor(now() / 1000) + 3600,
      ...(granted?.get("nonce") ? { nonce: granted.get("nonce") } : {}),
    };
    return Response.json({
      access_token: `upstream-access-${issued}`,
      token_type: "Bearer",
      expires_in: 3600,
      refresh_token: refresh,
      id_token: unsigned(claims),
    });
  };

  const token = async (form: URLSearchParams) => {
    const refresh = form.get("refresh_token") ?? "";
    if (form.get("grant_type") === "refresh_token") {
      return refreshTokens.delete(refresh) ? give(undefined) : failure("invalid_grant");
    }
    const granted = codes.get(form.get("code") ?? "");
    codes.delete(form.get("code") ?? "");
    const challenge = await sha256(form.get("code_verifier") ?? "");
    const isRight =
      granted?.get("code_challenge") === challenge &&
      granted.get("redirect_uri") === form.get("redirect_uri");
    return isRight ? give(granted) : failure("invalid_grant");
  };

  const fetch: Fetch = async (url, init) => {
    const form = new URLSearchParams(typeof init.body === "string" ? init.body : "");
    const authorization = new Headers(init.headers).get("authorization");
    asked.push({ url, form, authorization });
    const intervention = interventions.shift();
    if (intervention !== undefined) {
      const answer = intervention();
      await pause.until();
      return answer;
    }
    if (authorization !== `Basic ${btoa("bridge:upstream+secret")}`) {
      return failure("invalid_client", 401);
    }
    if (url === `${UPSTREAM}/token`) return token(form);
    if (url !== `${UPSTREAM}/revoke`) return new Response(null, { status: 404 });
    revoked.push(form.get("token") ?? "");
    return new Response(null, { status: 200 });
  };

  /** The user signs in: where the provider sends the browser back to. */
  const signIn = (location: string, answer: Record<string, string> = {}) => {
    const granted = new URL(location).searchParams;
    const code = randomToken();
    codes.set(code, granted);
    const back = new URL(granted.get("redirect_uri") ?? "");
    const parameters = { code, state: granted.get("state") ?? "", iss: UPSTREAM, ...answer };
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== "") back.searchParams.set(name, value);
    }
    return back.href;
  };
  return { fetch, signIn, asked, revoked, interventions, pause };
}

export function unsigned(claims: object): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${encode({ alg: "none" })}.${encode(claims)}.`;
}

function failure(error: string, status = 400): Response {
  return Response.json({ error }, { status });
}
