import { v } from "convex/values";
import { query } from "./_generated/server.js";
import { newestInvoices } from "./model.ts";

/** The user's customers whose name begins with what was typed. */
export const suggest = query({
  args: { value: v.string(), context: v.optional(v.record(v.string(), v.string())) },
  returns: v.array(v.string()),
  handler: async (ctx, { value }) => {
    const typed = value.toLowerCase();
    const names = (await newestInvoices(ctx)).map(({ customer }) => customer);
    return [...new Set(names)].filter((name) => name.toLowerCase().startsWith(typed)).sort();
  },
});

/** What to write to a customer who has not paid. */
export const dunning = query({
  args: {
    customer: v.string(),
    tone: v.optional(v.union(v.literal("friendly"), v.literal("firm"))),
  },
  returns: v.string(),
  handler: async (ctx, { customer, tone = "friendly" }) => {
    const unpaid = (await newestInvoices(ctx)).filter((invoice) => invoice.customer === customer);
    const lines = unpaid.map(
      ({ _id, amountCents, status }) => `- ${_id}: ${amountCents} cents, ${status}`,
    );
    return [
      `Write a ${tone} reminder to ${customer}, who has not paid these invoices:`,
      ...(lines.length === 0 ? ["- none: say that nothing is owed"] : lines),
    ].join("\n");
  },
});
