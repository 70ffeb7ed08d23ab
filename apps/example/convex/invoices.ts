import { ConvexError, v } from "convex/values";
import { internal } from "./_generated/api.js";
import { action, internalMutation, mutation, query } from "./_generated/server.js";
import { newestInvoices, toInvoice, vInvoice } from "./model.ts";
import { isAdmin, requireUser } from "./users.ts";

/** How many invoices there are and what they come to: for everybody. */
export const stats = query({
  args: {},
  returns: v.object({ count: v.number(), totalCents: v.int64() }),
  handler: async (ctx) => {
    const invoices = await ctx.db.query("invoices").collect();
    const totalCents = invoices.reduce((sum, { amountCents }) => sum + amountCents, 0n);
    return { count: invoices.length, totalCents };
  },
});

/** The user's invoices, newest first; an admin's list has everybody's. */
export const list = query({
  args: { status: v.optional(vInvoice.fields.status) },
  returns: v.array(vInvoice),
  handler: async (ctx, { status }) => {
    const invoices = await newestInvoices(ctx);
    return invoices
      .filter((invoice) => status === undefined || invoice.status === status)
      .map(toInvoice);
  },
});

/** One invoice, if there is such a one of the user's. */
export const get = query({
  args: { id: v.id("invoices") },
  returns: v.union(vInvoice, v.null()),
  handler: async (ctx, { id }) => {
    const user = await requireUser(ctx);
    const invoice = await ctx.db.get(id);
    const visible = invoice !== null && (invoice.owner === user.subject || isAdmin(user));
    return visible ? toInvoice(invoice) : null;
  },
});

export const create = mutation({
  args: {
    customer: v.string(),
    amountCents: v.int64(),
    attachment: v.optional(v.bytes()),
  },
  returns: vInvoice,
  handler: async (ctx, invoice) => {
    const user = await requireUser(ctx);
    if (invoice.amountCents <= 0n) throw new ConvexError("amountCents must be more than zero.");
    const id = await ctx.db.insert("invoices", { ...invoice, owner: user.subject, status: "open" });
    const created = await ctx.db.get(id);
    if (created === null) throw new Error("an invoice that was just inserted is gone");
    return toInvoice(created);
  },
});

/** Stands for an action that talks to the outside world: it sends the invoice, then marks it as sent. */
export const send = action({
  args: { id: v.id("invoices") },
  returns: vInvoice,
  handler: async (ctx, { id }): Promise<typeof vInvoice.type> => {
    await requireUser(ctx);
    return await ctx.runMutation(internal.invoices.markSent, { id });
  },
});

export const markSent = internalMutation({
  args: { id: v.id("invoices") },
  returns: vInvoice,
  handler: async (ctx, { id }) => {
    const user = await requireUser(ctx);
    const invoice = await ctx.db.get(id);
    if (invoice === null || (invoice.owner !== user.subject && !isAdmin(user))) {
      throw new ConvexError("There is no such invoice of yours.");
    }
    await ctx.db.patch(id, { status: "sent" });
    return toInvoice({ ...invoice, status: "sent" });
  },
});
