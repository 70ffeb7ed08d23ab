import { v } from "convex/values";
import type { Doc } from "./_generated/dataModel.js";
import type { QueryCtx } from "./_generated/server.js";
import { isAdmin, requireUser } from "./users.ts";

const MAX_LISTED = 100;

export const invoiceFields = {
  owner: v.string(),
  customer: v.string(),
  amountCents: v.int64(),
  attachment: v.optional(v.bytes()),
  status: v.union(v.literal("open"), v.literal("sent")),
};

export const vInvoice = v.object({ id: v.id("invoices"), ...invoiceFields });

export function toInvoice({ _id, _creationTime, ...invoice }: Doc<"invoices">) {
  return { id: _id, ...invoice };
}

/** The newest invoices that the user may see: their own, and everybody's for an admin. */
export async function newestInvoices(ctx: QueryCtx): Promise<Doc<"invoices">[]> {
  const user = await requireUser(ctx);
  const invoices = isAdmin(user)
    ? ctx.db.query("invoices")
    : ctx.db.query("invoices").withIndex("by_owner", (q) => q.eq("owner", user.subject));
  return await invoices.order("desc").take(MAX_LISTED);
}
