import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { bridge } from "./mcpSignIn.ts";

/** The clients that the signed-in user has connected through the bridge: what a page of settings would show. */
export const list = query({
  args: {},
  returns: v.array(
    v.object({ id: v.string(), clientName: v.string(), scopes: v.array(v.string()) }),
  ),
  handler: async (ctx) => {
    const user = await ctx.auth.getUserIdentity();
    if (user === null || bridge === undefined) return [];
    const grants = await bridge.listBridgeGrants(ctx, user);
    return grants.map(({ id, clientName = "An app that is gone", scopes = [] }) => ({
      id,
      clientName,
      scopes: [...scopes],
    }));
  },
});

/** Disconnects one of them. */
export const end = mutation({
  args: { id: v.string() },
  returns: v.boolean(),
  handler: async (ctx, { id }) => {
    const user = await ctx.auth.getUserIdentity();
    if (user === null || bridge === undefined) return false;
    return bridge.revokeBridgeGrant(ctx, { id, user });
  },
});
