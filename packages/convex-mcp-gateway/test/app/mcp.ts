import { v } from "convex/values";
import {
  defineMcpAction,
  defineMcpMutation,
  defineMcpQuery,
  image,
  McpGateway,
  requireScopes,
  resourceLink,
  text,
} from "convex-mcp-gateway";
import { api, components } from "./_generated/api.js";
import { vEverything } from "./things.ts";

const everyone = { public: true };

export const mcp: McpGateway = new McpGateway(components.mcpGateway, {
  serverInfo: { name: "test", version: "1.0.0" },
  tools: [
    defineMcpQuery({
      name: "hello",
      description: "A plain string.",
      fn: api.things.hello,
      args: {},
      metadata: everyone,
    }),
    defineMcpQuery({
      name: "echo",
      description: "Every kind of value.",
      fn: api.things.echo,
      args: { value: vEverything },
      returns: vEverything,
      metadata: everyone,
    }),
    defineMcpQuery({
      name: "not_a_number",
      description: "A number that JSON does not have.",
      fn: api.things.notANumber,
      args: {},
      returns: v.number(),
      metadata: everyone,
    }),
    defineMcpQuery({
      name: "wide",
      description: "Gives more than it declares.",
      fn: api.things.wide,
      args: {},
      returns: v.object({ shown: v.number(), items: v.array(v.object({ shown: v.number() })) }),
      metadata: everyone,
    }),
    defineMcpQuery({
      name: "picture",
      description: "Several blocks.",
      fn: api.things.picture,
      args: {},
      returns: v.object({ data: v.bytes(), page: v.string() }),
      content: ({ data, page }) => [
        text("A picture:"),
        image(data, "image/png"),
        resourceLink({ uri: page, name: "page" }),
      ],
      metadata: everyone,
    }),
    defineMcpQuery({
      name: "subject",
      description: "Who the query sees.",
      fn: api.things.subject,
      args: {},
    }),
    defineMcpQuery({
      name: "count_fresh",
      description: "Rows, as of the latest commit.",
      fn: api.things.count,
      args: { label: v.string() },
      returns: v.number(),
      consistency: "query",
    }),
    defineMcpMutation({
      name: "add",
      description: "Adds a row.",
      fn: api.things.add,
      args: { label: v.string() },
      returns: v.id("rows"),
      audit: { args: "verbatim", result: "drop" },
    }),
    defineMcpMutation({
      name: "remove",
      description: "Removes a row.",
      fn: api.things.remove,
      args: { id: v.id("rows") },
      metadata: { scopes: ["rows:write"] },
    }),
    defineMcpMutation({
      name: "add_then_throw",
      description: "Adds a row and throws.",
      fn: api.things.addThenThrow,
      args: { label: v.string(), speak: v.boolean() },
    }),
    defineMcpMutation({
      name: "add_then_lie",
      description: "Adds a row and breaks its word.",
      fn: api.things.addThenLie,
      args: { label: v.string() },
      returns: v.number(),
    }),
    defineMcpAction({
      name: "relay",
      description: "An action that calls a mutation and a query.",
      fn: api.things.relay,
      args: { label: v.string() },
      returns: v.union(v.string(), v.null()),
    }),
    defineMcpAction({
      name: "explode",
      description: "Throws.",
      fn: api.things.explode,
      args: {},
    }),
    defineMcpAction({
      name: "hang",
      description: "Never ends.",
      fn: api.things.hang,
      args: {},
      deadlineMs: 60_000,
    }),
    defineMcpAction({
      name: "inline",
      description: "Code inside the HTTP action.",
      args: { label: v.string() },
      returns: v.object({ subject: v.string(), label: v.string() }),
      handler: async (ctx, { label }) => ({
        subject: (await ctx.auth.getUserIdentity())?.subject ?? "nobody",
        label,
      }),
    }),
    defineMcpQuery({
      name: "secret",
      description: "Denied to everybody.",
      fn: api.things.hello,
      args: {},
      metadata: { denied: true },
    }),
  ],
  authorize: async (ctx, request) =>
    request.toolMetadata["denied"] === true ? false : requireScopes()(ctx, request),
  oauth: { authorizationServers: ["https://issuer.test"] },
  anonymous: true,
  signInTool: true,
});

export const { dispatch } = mcp.functions();
