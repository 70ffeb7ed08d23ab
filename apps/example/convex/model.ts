import { v } from "convex/values";
import type { Doc } from "./_generated/dataModel.js";

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
