import { v } from "convex/values";
import {
  defineMcpAction,
  defineMcpMutation,
  defineMcpPrompt,
  defineMcpQuery,
  defineMcpResource,
  type McpApiKeys,
  mcpApiKeys,
  mcpChanges,
  McpGateway,
  type McpGatewayOptions,
  mcpPrompts,
  mcpResources,
  mcpStreaming,
  requireScopes,
  resolveTokens,
  vMcpCall,
} from "convex-mcp-gateway";
import { components, api, internal } from "./_generated/api.js";
import { vWho } from "./whoami.ts";

export const keys: McpApiKeys = mcpApiKeys(components.mcpGateway);

const mcp = v.optional(vMcpCall);

export const options: McpGatewayOptions = {
  serverInfo: { name: "keyed", version: "1.0.0" },
  tools: [
    defineMcpQuery({
      name: "from_query",
      description: "Who a query is told of.",
      fn: internal.whoami.fromQuery,
      args: { mcp },
      returns: vWho,
    }),
    defineMcpQuery({
      name: "from_fresh_query",
      description: "Who a plain query is told of.",
      fn: internal.whoami.fromQuery,
      args: { mcp },
      returns: vWho,
      consistency: "query",
    }),
    defineMcpMutation({
      name: "from_mutation",
      description: "Who a mutation is told of.",
      fn: internal.whoami.fromMutation,
      args: { mcp, label: v.string() },
      returns: vWho,
      metadata: { scopes: ["rows:write"] },
    }),
    defineMcpAction({
      name: "from_action",
      description: "Who an action is told of.",
      fn: internal.whoami.fromAction,
      args: { mcp },
      returns: vWho,
    }),
    defineMcpAction({
      name: "from_handler",
      description: "Who inline code is told of.",
      args: {},
      returns: v.union(v.string(), v.null()),
      handler: async (ctx) => (await ctx.auth.getUserIdentity())?.tokenIdentifier ?? null,
    }),
    defineMcpQuery({
      name: "from_public",
      description: "Who a public query is told of.",
      fn: api.whoami.fromPublic,
      args: { mcp },
    }),
  ],
  authorize: requireScopes(),
  oauth: { authorizationServers: ["https://issuer.test"] },
  resolveIdentity: resolveTokens(components.mcpGateway, keys.judge, ({ token, resource }) => {
    if (token === "down") {
      return { ok: false, error: "temporarily_unavailable", cause: new Error("no answer") };
    }
    if (token === "throw") throw new Error("a bug");
    if (token === "nobody") return { ok: true, subject: "" };
    if (!token.startsWith("opaque-")) return undefined;
    const subject = token.slice("opaque-".length);
    if (subject === "evil") return { ok: false, error: "invalid_token", description: "No." };
    const claims = {
      iss: "https://opaque.test",
      aud: resource,
      scope: "rows:write",
      plan: "paid",
      ...(subject === "brief" && { exp: Math.floor(Date.now() / 1_000) + 1 }),
    };
    return { ok: true, subject, claims };
  }),
  features: [
    mcpStreaming(),
    mcpChanges({ maxMs: 60_000 }),
    mcpResources([
      defineMcpResource({
        uri: "who://me",
        name: "me",
        fn: internal.whoami.fromQuery,
        args: { mcp },
      }),
      defineMcpResource({
        uriTemplate: "who://is/{name}",
        name: "is",
        fn: internal.whoami.isIt,
        args: { name: v.string(), mcp },
        complete: { name: internal.whoami.suggest },
      }),
    ]),
    mcpPrompts([
      defineMcpPrompt({
        name: "greet",
        description: "Greets who asks.",
        fn: internal.whoami.greet,
        args: { word: v.string(), mcp },
        complete: { word: internal.whoami.suggest },
      }),
    ]),
  ],
};

/** A gateway that knows API keys, and tokens `opaque-NAME` of an issuer of its own. */
export const keyed: McpGateway = new McpGateway(components.mcpGateway, options);

export const { dispatch } = keyed.functions();
