import { png, wav } from "@convex-mcp/fixtures";
import { ConvexError, v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { bytes } from "./values.ts";

export const simpleText = query({
  args: {},
  returns: v.string(),
  handler: async () => "This is a simple text response for testing.",
});

export const picture = query({
  args: {},
  returns: v.bytes(),
  handler: async () => bytes(png),
});

export const sound = query({
  args: {},
  returns: v.bytes(),
  handler: async () => bytes(wav),
});

export const document = query({
  args: {},
  returns: v.string(),
  handler: async () => "This is an embedded resource content.",
});

export const mixture = query({
  args: {},
  returns: v.object({
    title: v.string(),
    picture: v.bytes(),
    data: v.object({ test: v.string(), value: v.number() }),
  }),
  handler: async () => ({
    title: "Multiple content types test:",
    picture: bytes(png),
    data: { test: "data", value: 123 },
  }),
});

export const fail = mutation({
  args: {},
  returns: v.null(),
  handler: async () => {
    throw new ConvexError("This tool intentionally returns an error for testing");
  },
});

export const contact = query({
  args: {
    name: v.optional(v.string()),
    address: v.optional(v.object({ street: v.optional(v.string()), city: v.optional(v.string()) })),
    contactMethod: v.optional(v.union(v.literal("phone"), v.literal("email"))),
    phone: v.optional(v.string()),
    email: v.optional(v.string()),
  },
  returns: v.string(),
  handler: async (_ctx, args) => `Called with ${JSON.stringify(args)}`,
});

export const region = query({
  args: { region: v.optional(v.string()) },
  returns: v.string(),
  handler: async (_ctx, args) => `Region: ${String(args.region)}`,
});

export const greet = query({
  args: { name: v.string() },
  returns: v.string(),
  handler: async (_ctx, { name }) => `Hello, ${name}!`,
});
