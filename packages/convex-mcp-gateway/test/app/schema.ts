import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  rows: defineTable({ label: v.string() }).index("by_label", ["label"]),
  links: defineTable({ link: v.string(), owner: v.string(), visitor: v.optional(v.string()) })
    .index("by_link", ["link"])
    .index("by_owner", ["owner"]),
});
