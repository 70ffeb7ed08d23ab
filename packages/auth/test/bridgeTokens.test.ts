import { describe, expect, it } from "vitest";

import {
  authorizeUrl,
  createWorld,
  FORM,
  ISSUER,
  REDIRECT,
  RESOURCE,
  redeemCode,
  refreshWith,
  registerClient,
  signIn,
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

