import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { vWaitStatus } from "./values.ts";

export default defineSchema({
  /** Work that is there to be cancelled, and how far it is. */
  waits: defineTable({ label: v.string(), status: vWaitStatus }).index("by_label", ["label"]),
});
