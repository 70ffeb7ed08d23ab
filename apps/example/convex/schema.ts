import { defineSchema, defineTable } from "convex/server";
import { invoiceFields } from "./model.ts";

export default defineSchema({
  invoices: defineTable(invoiceFields).index("by_owner", ["owner"]),
});
