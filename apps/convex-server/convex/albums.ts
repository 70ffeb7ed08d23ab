import { png } from "@convex-mcp/fixtures";
import { v } from "convex/values";
import { query } from "./_generated/server.js";

const role = v.literal("user");
const vText = v.object({ role, content: v.string() });

/** A prompt that quotes a resource. */
export const quote = query({
  args: { resourceUri: v.string() },
  returns: v.array(
    v.union(
      vText,
      v.object({
        role,
        content: v.object({
          type: v.literal("resource"),
          resource: v.object({ uri: v.string(), mimeType: v.string(), text: v.string() }),
        }),
      }),
    ),
  ),
  handler: async (_ctx, { resourceUri }) => {
    const text = "Embedded resource content for testing.";
    const resource = { uri: resourceUri, mimeType: "text/plain", text };
    return [
      { role: "user" as const, content: { type: "resource" as const, resource } },
      { role: "user" as const, content: "Please process the embedded resource above." },
    ];
  },
});

/** A prompt with an image. */
export const picture = query({
  args: {},
  returns: v.array(
    v.union(
      vText,
      v.object({
        role,
        content: v.object({ type: v.literal("image"), data: v.string(), mimeType: v.string() }),
      }),
    ),
  ),
  handler: async () => [
    {
      role: "user" as const,
      content: { type: "image" as const, data: png, mimeType: "image/png" },
    },
    { role: "user" as const, content: "Please analyze the image above." },
  ],
});
