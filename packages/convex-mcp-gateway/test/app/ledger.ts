import { v } from "convex/values";
import {
  defineMcpMutation,
  defineMcpPrompt,
  defineMcpQuery,
  defineMcpResource,
  McpGateway,
  mcpHeaders,
  mcpIdempotency,
  mcpPrompts,
  mcpResources,
  requireScopes,
} from "convex-mcp-gateway";
import { api, components } from "./_generated/api.js";

const label = { label: v.string() };
const everyone = { public: true };
const cache = { ttlMs: 60_000, cacheScope: "public" } as const;

/** Calls that happen once, arguments that headers repeat, and answers that clients may keep. */
export const ledger: McpGateway = new McpGateway(components.mcpGateway, {
  serverInfo: { name: "ledger", version: "1.0.0" },
  tools: [
    defineMcpMutation({
      name: "add_once",
      description: "Adds a row.",
      fn: api.things.add,
      args: label,
      returns: v.id("rows"),
      idempotency: mcpIdempotency({ ttlMs: 3_600_000 }),
      metadata: everyone,
    }),
    defineMcpMutation({
      name: "add_maybe_once",
      description: "Adds a row.",
      fn: api.things.add,
      args: label,
      idempotency: mcpIdempotency({ required: false }),
      metadata: everyone,
    }),
    defineMcpMutation({
      name: "add_keyed",
      description: "Adds a row, and knows its key.",
      fn: api.rows.addKeyed,
      args: { ...label, reference: v.string() },
      describe: { reference: "Yours." },
      idempotency: mcpIdempotency({ argument: "reference" }),
    }),
    defineMcpMutation({
      name: "add_then_throw_once",
      description: "Adds a row and throws.",
      fn: api.things.addThenThrow,
      args: { ...label, speak: v.boolean() },
      idempotency: mcpIdempotency(),
    }),
    defineMcpMutation({
      name: "add_long_once",
      description: "Adds a row and gives a long text.",
      fn: api.rows.addLong,
      args: { ...label, length: v.number() },
      idempotency: mcpIdempotency(),
    }),
    defineMcpQuery({
      name: "where",
      description: "Repeats what the headers say.",
      fn: api.rows.where,
      args: {
        region: v.string(),
        shard: v.optional(v.int64()),
        urgent: v.optional(v.boolean()),
      },
      describe: { region: "Where." },
      headers: mcpHeaders({ region: "Region", shard: "Shard", urgent: "Urgent" }),
      metadata: everyone,
    }),
  ],
  features: [
    mcpResources(
      [
        defineMcpResource({
          uri: "ledger://rules",
          name: "rules",
          fn: api.things.hello,
          metadata: everyone,
          cache,
        }),
      ],
      { cache },
    ),
    mcpPrompts(
      [
        defineMcpPrompt({
          name: "audit",
          description: "Check the ledger.",
          args: {},
          messages: () => "Check the ledger.",
          metadata: everyone,
        }),
      ],
      { cache },
    ),
  ],
  cache,
  authorize: requireScopes(),
  anonymous: true,
});

export const { dispatch } = ledger.functions();
