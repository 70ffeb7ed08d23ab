import { v } from "convex/values";
import {
  defineMcpMutation,
  defineMcpResource,
  mcpChanges,
  McpGateway,
  type McpGatewayOptions,
  mcpResources,
} from "convex-mcp-gateway";
import { api, components, internal } from "./_generated/api.js";

const resources = mcpResources([
  defineMcpResource({ uri: "news://board", name: "board", fn: api.news.board }),
  defineMcpResource({
    uri: "news://staff",
    name: "staff",
    fn: api.news.board,
    metadata: { scopes: ["staff"] },
  }),
  defineMcpResource({
    uriTemplate: "mine://{name}",
    name: "mine",
    fn: api.papers.mine,
    args: { name: v.string() },
  }),
  defineMcpResource({
    uriTemplate: "rows://{id}",
    name: "row",
    fn: api.papers.row,
    args: { id: v.id("rows") },
  }),
]);

const options: McpGatewayOptions = {
  serverInfo: { name: "watching", version: "1.0.0" },
  tools: [
    defineMcpMutation({
      name: "post",
      description: "Posts to the board, and says so.",
      fn: api.news.post,
      args: { label: v.string(), fail: v.boolean() },
    }),
  ],
  // Who is banned, is so from one moment to the next.
  loadContext: (ctx, identity) =>
    ctx.runQuery(internal.news.isBanned, { subject: identity?.subject ?? "" }),
  authorize: (_ctx, { identity, toolMetadata, scopes, loaded }) =>
    identity !== null &&
    loaded === false &&
    (toolMetadata.scopes ?? []).every((scope) => scopes.includes(scope)),
};

/** Tells the clients of all revisions. */
export const watching: McpGateway = new McpGateway(components.mcpGateway, {
  ...options,
  features: [resources, mcpChanges({ getStream: true })],
});

/** Tells those of 2026-07-28 alone, of the board alone, for a few seconds, on two streams. */
export const brief: McpGateway = new McpGateway(components.mcpGateway, {
  ...options,
  features: [resources, mcpChanges({ kinds: ["resource"], maxMs: 4_000, maxStreams: 2 })],
});

export const { dispatch } = watching.functions();
