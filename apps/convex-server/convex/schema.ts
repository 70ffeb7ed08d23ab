import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  /** Work that stopped because nobody wanted it any more. */
  stops: defineTable({ label: v.string() }).index("by_label", ["label"]),
});
