import { v } from "convex/values";
import {
  defineMcpQuery,
  type McpBridge,
  mcpBridge,
  McpGateway,
  requireScopes,
} from "convex-mcp-gateway";
import { api, components } from "./_generated/api.js";
import { mutation, query } from "./_generated/server.js";

declare const process: { env: Record<string, string | undefined> };

const upstream = process.env.TEST_UPSTREAM ?? "https://id.example.com";

export const bridge: McpBridge = mcpBridge(components.mcpGateway, {
  path: "/bridged/oauth",
  secrets: ["a secret of the fixture, 32 characters or more"],
  upstream: {
    issuer: upstream,
    authorizationEndpoint: `${upstream}/authorize`,
    tokenEndpoint: `${upstream}/token`,
    revocationEndpoint: `${upstream}/revoke`,
    clientId: "bridge",
    clientSecret: "upstream secret",
    scopes: ["rows:read"],
    extraScopes: ["openid"],
  },
  // Of the tests: no document is on loopback, where their server is.
  documents: { fetch: (url, init) => fetch(upstream + new URL(url).pathname, init) },
});

/** A gateway whose provider cannot register clients. */
export const bridged: McpGateway = new McpGateway(components.mcpGateway, {
  serverInfo: { name: "bridged", version: "1.0.0" },
  tools: [
    defineMcpQuery({
      name: "subject",
      description: "Who the query sees.",
      fn: api.things.subject,
      args: {},
      metadata: { scopes: ["rows:read"] },
    }),
  ],
  authorize: requireScopes(),
  oauth: { bridge },
});
export const { dispatch } = bridged.functions();

/** What the caller has connected. */
export const connections = query({
  args: {},
  returns: v.array(
    v.object({
      id: v.string(),
      clientName: v.optional(v.string()),
      scopes: v.optional(v.array(v.string())),
    }),
  ),
  handler: async (ctx) => {
    const user = await ctx.auth.getUserIdentity();
    if (user === null) return [];
    const grants = await bridge.listBridgeGrants(ctx, user);
    return grants.map(({ id, clientName, scopes }) => ({
      id,
      ...(clientName === undefined ? {} : { clientName }),
      ...(scopes === undefined ? {} : { scopes: [...scopes] }),
    }));
  },
});

/** Ends a connection of the caller. */
export const disconnect = mutation({
  args: { id: v.string() },
  returns: v.boolean(),
  handler: async (ctx, { id }) => {
    const user = await ctx.auth.getUserIdentity();
    return user !== null && bridge.revokeBridgeGrant(ctx, { id, user });
  },
});
