import { verifies } from "@convex-mcp/spec";
import { auth as authV2 } from "@modelcontextprotocol/client";
import { auth as authV1 } from "@modelcontextprotocol/sdk/client/auth.js";
import { exportJWK, generateKeyPair } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createClientAssertion } from "../src/assertion.ts";
import { createAgent } from "./support/agent.ts";
import { DOCUMENT, REDIRECT, startWorld, type Proof } from "./support/world.ts";

const withSecret = async (): Promise<Proof> => {
  const secret = "of the bridge, at the provider";
  return { client: { client_secret: secret }, upstream: { clientSecret: secret } };
};

const withKey = async (): Promise<Proof> => {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const named = { alg: "ES256", kid: "of the bridge", use: "sig" };
  const key = { ...(await exportJWK(privateKey)), ...named };
  return {
    client: {
      token_endpoint_auth_method: "private_key_jwt",
      jwks: { keys: [{ ...(await exportJWK(publicKey)), ...named, kty: "EC" }] },
    },
    upstream: { clientAssertion: createClientAssertion({ privateKey: key }) },
  };
};

describe.each([
  ["a secret", withSecret],
  ["a key", withKey],
])("a bridge that proves itself with %s", (_proof, prove) => {
  let world: Awaited<ReturnType<typeof startWorld>>;

  beforeAll(async () => {
    world = await startWorld(await prove());
  });

  afterAll(() => world.close());

  describe.each([
    ["v1", authV1],
    ["v2", authV2],
  ])("the official client %s", (_name, auth) => {
    it("registers, signs in, refreshes and is revoked", async () => {
      const agent = createAgent(REDIRECT);
      await flow(auth, agent);
      expect(agent.state.client).toMatchObject({ client_name: "Official agent" });

      const before = agent.state.tokens;
      expect(await auth(agent.provider, { serverUrl: `${world.origin}/mcp` })).toBe("AUTHORIZED");
      expect(agent.state.tokens?.access_token).not.toBe(before?.access_token);
      expect(agent.state.tokens?.refresh_token).not.toBe(before?.refresh_token);
      expect(await hello(agent.state.tokens?.access_token)).toEqual({ hello: "ann" });

      const form = new URLSearchParams({
        client_id: agent.state.client?.client_id ?? "",
        token: agent.state.tokens?.refresh_token ?? "",
      });
      const revoked = await fetch(`${world.origin}/oauth/revoke`, { method: "POST", body: form });
      expect(revoked.status).toBe(200);
      // The refresh fails, so the client starts over and has its user sign in.
      delete agent.state.back;
      const tokens = agent.state.tokens;
      agent.provider.invalidateCredentials = () => void delete agent.state.tokens;
      expect(await auth(agent.provider, { serverUrl: `${world.origin}/mcp` })).toBe("REDIRECT");
      expect(agent.state.tokens).toBeUndefined();
      expect(agent.state.back).toBeDefined();
      expect(tokens).toBeDefined();
      expect(world.events).toEqual([expect.objectContaining({ error: "invalid_grant" })]);
      world.events.length = 0;
    });

    it("signs in with a client ID metadata document", async () => {
      verifies("flow.cimd");
      const agent = createAgent(REDIRECT, DOCUMENT);
      await flow(auth, agent);
      expect(agent.state.client).toMatchObject({ client_id: DOCUMENT });
      expect(await auth(agent.provider, { serverUrl: `${world.origin}/mcp` })).toBe("AUTHORIZED");
      expect(world.events).toEqual([]);
    });
  });

  async function flow(auth: typeof authV1, agent: ReturnType<typeof createAgent>): Promise<void> {
    const serverUrl = `${world.origin}/mcp`;
    expect(await auth(agent.provider, { serverUrl })).toBe("REDIRECT");
    const back = agent.state.back?.searchParams;
    expect(back?.get("state")).toBe("of the agent");
    // v1 does not look at iss; v2 refuses another issuer's.
    const answer = { authorizationCode: back?.get("code") ?? "", iss: back?.get("iss") ?? "" };
    expect(await auth(agent.provider, { serverUrl, ...answer })).toBe("AUTHORIZED");
    expect(await hello(agent.state.tokens?.access_token)).toEqual({ hello: "ann" });
  }

  async function hello(token: string | undefined): Promise<unknown> {
    const response = await fetch(`${world.origin}/mcp`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return response.json();
  }
});
