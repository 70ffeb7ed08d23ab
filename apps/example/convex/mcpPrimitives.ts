import {
  defineMcpPrompt,
  defineMcpResource,
  type McpFeature,
  mcpPrompts,
  mcpResources,
} from "convex-mcp-gateway";
import { v } from "convex/values";
import { api } from "./_generated/api.js";

const metadata = { scopes: ["invoices:read"] };

/** What clients can attach and pick, beside the tools. */
export const features: McpFeature[] = [
  mcpResources([
    defineMcpResource({
      uri: "invoices://recent",
      name: "recent_invoices",
      title: "Recent invoices",
      description: "The signed-in user's invoices, newest first.",
      fn: api.invoices.list,
      metadata,
    }),
    defineMcpResource({
      uriTemplate: "invoices://{id}",
      name: "invoice",
      title: "Invoice",
      description: "One invoice of the signed-in user.",
      fn: api.invoices.get,
      args: { id: v.id("invoices") },
      metadata,
    }),
  ]),
  mcpPrompts([
    defineMcpPrompt({
      name: "dunning_letter",
      title: "Dunning letter",
      description: "Draft a reminder to a customer who has not paid.",
      fn: api.customers.dunning,
      args: {
        customer: v.string(),
        tone: v.optional(v.union(v.literal("friendly"), v.literal("firm"))),
      },
      describe: { customer: "Who has not paid.", tone: "friendly, or firm." },
      complete: { customer: api.customers.suggest },
      metadata,
    }),
  ]),
];
