import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { entryFields } from "./shared.ts";

export default defineSchema({
  /** Written when a client initializes, touched when minutes have passed, deleted by DELETE or at `expiresAt`. Read by each request that names it. */
  sessions: defineTable({
    sessionId: v.string(),
    /** `tokenIdentifier` of the user it was made for; nobody else ever finds it. */
    owner: v.string(),
    protocolVersion: v.string(),
    clientName: v.string(),
    clientVersion: v.string(),
    /** The client's capabilities as a JSON string: Convex keys are narrower than JSON's. */
    capabilities: v.string(),
    lastSeenAt: v.number(),
    expiresAt: v.number(),
  })
    .index("by_sessionId", ["sessionId"])
    .index("by_owner", ["owner", "lastSeenAt"])
    .index("by_expiresAt", ["expiresAt"]),

  /** Append-only, but for `running` entries of actions, which are closed once. Drained at `expiresAt`. */
  auditEntries: defineTable({
    ...entryFields,
    /** When a `running` entry counts as lost. Absent on closed entries. */
    deadline: v.optional(v.number()),
    expiresAt: v.number(),
  })
    .index("by_tool", ["tool"])
    .index("by_subject", ["subject"])
    .index("by_outcome", ["outcome"])
    .index("by_deadline", ["deadline"])
    .index("by_expiresAt", ["expiresAt"]),
});
