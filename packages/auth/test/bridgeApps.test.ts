import { describe, expect, it } from "vitest";

import { REGISTERING, WITH_DOCUMENT } from "./support/apps.ts";
import { createWorld, redeemCode, refreshWith, registerClient, signIn } from "./support/bridge.ts";

describe("an app that people use signs them in", () => {
  it.each(REGISTERING)("$name, by registration", async ({ metadata, redirect }) => {
    const world = createWorld();
    const client = await registerClient(world, metadata);
    expect(client.status).toBe(201);
    const back = await signIn(world, client.id, { redirect_uri: redirect });
    expect(back.href.startsWith(`${redirect}?code=`)).toBe(true);
    const tokens = await redeemCode(world, client.id, back.searchParams.get("code") ?? "", {
      redirect_uri: redirect,
      client_secret: client.secret,
    });
    expect(tokens).toMatchObject({ status: 200, body: { access_token: "upstream-access-1" } });
  });

  it("one that asks for scopes of other servers too, and is told what it got", async () => {
    const world = createWorld();
    const { id } = await registerClient(world);
    const back = await signIn(world, id, { scope: "profile notes:read email offline_access" });
    const { body } = await redeemCode(world, id, back.searchParams.get("code") ?? "");
    expect(body["scope"]).toBe("notes:read offline_access");
  });

  it.each(WITH_DOCUMENT)("$name, by its document", async ({ metadata, redirect }) => {
    const { client_id: id = "" } = metadata;
    const world = createWorld({ documents: { fetch: async () => Response.json(metadata) } });
    const back = await signIn(world, id, { redirect_uri: redirect });
    expect(back.href.startsWith(`${redirect}?code=`)).toBe(true);
    const tokens = await redeemCode(world, id, back.searchParams.get("code") ?? "", {
      redirect_uri: redirect,
    });
    expect(tokens.status).toBe(200);
    const renewed = await refreshWith(world, id, String(tokens.body["refresh_token"]));
    expect(renewed.status).toBe(200);
  });
});
