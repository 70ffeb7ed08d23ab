import {
  defineMcpAction,
  defineMcpMutation,
  defineMcpQuery,
  mcpChanges,
  McpGateway,
  type McpGatewayOptions,
  mcpStreaming,
  requireScopes,
} from "convex-mcp-gateway";
import { v } from "convex/values";
import { api, components } from "./_generated/api";
import { ISSUERS } from "./mounts";
import { vRead } from "./notes";

const [issuer, nextIssuer] = ISSUERS;

const options = (authorizationServer: string): McpGatewayOptions => ({
  serverInfo: { name: "flows", version: "1.0.0" },
  tools: [
    defineMcpQuery({
      name: "read",
      description: "Who asks, and the notes.",
      fn: api.notes.read,
      args: {},
      returns: vRead,
      metadata: { scopes: ["notes:read"] },
    }),
    defineMcpMutation({
      name: "add",
      description: "Adds a note.",
      fn: api.notes.add,
      args: { text: v.string() },
      metadata: { scopes: ["notes:write"] },
    }),
    defineMcpAction({
      name: "count",
      description: "Counts each quarter of a second, and adds a note in the end.",
      args: { to: v.number(), text: v.string() },
      handler: async (ctx, { to, text }, { progress }) => {
        for (let at = 1; at <= to; at += 1) {
          progress(at, to);
          await new Promise((resolve) => {
            setTimeout(resolve, 250);
          });
        }
        await ctx.runMutation(api.notes.add, { text });
        return `counted to ${to}`;
      },
      metadata: { scopes: ["notes:read"] },
    }),
  ],
  features: [mcpStreaming({ resumable: true })],
  authorize: requireScopes(),
  oauth: { authorizationServers: [authorizationServer], initialScopes: ["notes:read"] },
  audience: "resource",
});

export const mcp: McpGateway = new McpGateway(components.mcpGateway, options(issuer));

/** With streams of changes. */
export const live: McpGateway = new McpGateway(components.mcpGateway, {
  ...options(issuer),
  features: [mcpChanges({ kinds: ["tools"], getStream: true })],
});

/** As the app is deployed once its users have moved. */
export const moved: McpGateway = new McpGateway(components.mcpGateway, options(nextIssuer));

export const { dispatch } = mcp.functions();
