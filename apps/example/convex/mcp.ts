import {
  defineMcpAction,
  defineMcpMutation,
  defineMcpQuery,
  McpGateway,
  requireScopes,
} from "convex-mcp-gateway";
import { v } from "convex/values";
import { api, components } from "./_generated/api.js";
import { features } from "./mcpPrimitives.ts";
import { oauth } from "./mcpSignIn.ts";
import { vInvoice } from "./model.ts";
import { vWhoami } from "./users.ts";

declare const process: { env: Record<string, string | undefined> };

/** The file of an invoice is no matter of the log. */
const withoutAttachment = { redact: ["attachment"] } as const;

export const mcp: McpGateway = new McpGateway(components.mcpGateway, {
  serverInfo: { name: "invoices", title: "Invoices", version: "1.0.0" },
  instructions: "Invoices of the signed-in user. Amounts are in cents.",
  tools: [
    defineMcpQuery({
      name: "invoices_stats",
      description: "How many invoices there are, and what they come to.",
      fn: api.invoices.stats,
      args: {},
      returns: v.object({ count: v.number(), totalCents: v.int64() }),
      metadata: { public: true },
    }),
    defineMcpQuery({
      name: "whoami",
      description: "Who is signed in, and with which scopes.",
      fn: api.users.whoami,
      args: {},
      returns: vWhoami,
    }),
    defineMcpQuery({
      name: "invoices_list",
      description: "List the signed-in user's invoices, newest first.",
      fn: api.invoices.list,
      args: { status: v.optional(vInvoice.fields.status) },
      returns: v.array(vInvoice),
      describe: { status: "Only invoices with this status." },
      metadata: { scopes: ["invoices:read"] },
    }),
    defineMcpMutation({
      name: "invoices_create",
      description: "Create an invoice.",
      fn: api.invoices.create,
      args: { customer: v.string(), amountCents: v.int64(), attachment: v.optional(v.bytes()) },
      returns: vInvoice,
      describe: {
        customer: "Who pays.",
        amountCents: "How much, in cents.",
        attachment: "A file.",
      },
      metadata: { scopes: ["invoices:write"] },
      audit: { args: withoutAttachment, result: withoutAttachment },
    }),
    defineMcpAction({
      name: "invoices_send",
      description: "Send an open invoice to its customer.",
      fn: api.invoices.send,
      args: { id: v.id("invoices") },
      returns: vInvoice,
      describe: { id: "The id that invoices_list gave." },
      metadata: { scopes: ["invoices:write"] },
      audit: { result: withoutAttachment },
    }),
  ],
  features,
  authorize: requireScopes(),
  oauth,
  audience: "resource",
  anonymous: process.env.STRANGERS !== "no",
  audit: { chain: true },
});

export const { dispatch } = mcp.functions();
