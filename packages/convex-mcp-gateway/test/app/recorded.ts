import { v } from "convex/values";
import {
  defineMcpAction,
  defineMcpMutation,
  defineMcpPrompt,
  defineMcpQuery,
  defineMcpResource,
  deny,
  McpGateway,
  mcpPrompts,
  mcpResources,
} from "convex-mcp-gateway";
import { api, components, internal } from "./_generated/api.js";
import { internalMutation, internalQuery } from "./_generated/server.js";

/** What a careless function puts into the text of its error. Nobody who reads the log may read the secrets. */
export const CARELESS = [
  "401 for Bearer sEcReTbEaReR0123456789",
  "postgres://admin:sEcReTuRl@db.example.com/app is down",
  'sent {"password":"sEcReTpAsSwOrD"}',
  "GET /?access_token=sEcReTqUeRy failed",
  "key sk_live_sEcReTkEy0123456789 was refused",
].join("; ");

const how = { how: v.string() };

/** Throws as carelessly as it is told to; or writes a row. */
export const work = internalMutation({
  args: how,
  handler: async (ctx, args) => {
    await ctx.db.insert("rows", { label: args.how });
    if (args.how === "throw") throw new Error(CARELESS);
    return args.how;
  },
});

export const look = internalQuery({
  args: how,
  handler: async (_ctx, args) => {
    if (args.how === "throw") throw new Error(CARELESS);
    return args.how;
  },
});

/** Suggests values as carelessly. */
export const suggest = internalQuery({
  args: { value: v.string(), context: v.optional(v.record(v.string(), v.string())) },
  handler: async (_ctx, { value }) => {
    if (value === "throw") throw new Error(CARELESS);
    return [`${value}!`];
  },
});

/** Everything of the audit log that is a choice. */
export const recorded: McpGateway = new McpGateway(components.mcpGateway, {
  serverInfo: { name: "recorded", version: "1.0.0" },
  tools: [
    defineMcpQuery({ name: "look", description: "Looks.", fn: internal.recorded.look, args: how }),
    defineMcpQuery({
      name: "look_now",
      description: "Looks at the latest commit.",
      fn: internal.recorded.look,
      args: how,
      consistency: "query",
    }),
    defineMcpMutation({
      name: "work",
      description: "Works.",
      fn: internal.recorded.work,
      args: how,
    }),
    defineMcpMutation({
      name: "lie",
      description: "Gives what it does not declare.",
      fn: internal.recorded.work,
      args: how,
      returns: v.literal("never"),
    } as never),
    defineMcpAction({
      name: "relay",
      description: "An action that writes a row.",
      fn: api.things.relay,
      args: { label: v.string() },
    }),
    defineMcpAction({
      name: "inline",
      description: "Code inside the HTTP action.",
      args: { ...how, password: v.optional(v.string()) },
      handler: async (ctx, args) => {
        if (args.how === "throw") throw new Error(CARELESS);
        await ctx.runMutation(internal.recorded.work, { how: args.how });
        return { done: args.how, token: "sEcReTrEsUlT" };
      },
    }),
  ],
  features: [
    mcpResources([
      defineMcpResource({
        uriTemplate: "looks://{how}",
        name: "looks",
        fn: internal.recorded.look,
        args: how,
      }),
    ]),
    mcpPrompts([
      defineMcpPrompt({
        name: "ask",
        description: "Asks.",
        fn: internal.recorded.look,
        args: how,
        complete: { how: internal.recorded.suggest },
      }),
      defineMcpPrompt({
        name: "unlock",
        description: "Unlocks.",
        args: { password: v.string() },
        messages: () => [],
        complete: { password: internal.recorded.suggest },
      }),
    ]),
  ],
  authorize: (_ctx, { identity, arguments: args }) => {
    if (identity === null) return false;
    if (args?.["how"] === "blind") throw new Error(CARELESS);
    return args?.["how"] === "deny" ? deny(CARELESS) : true;
  },
  anonymous: true,
  audit: { chain: true, reads: true, refusals: true, maxEntries: 10_000 },
});

export const { dispatch } = recorded.functions();
