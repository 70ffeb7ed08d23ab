import { schema202012 } from "@convex-mcp/fixtures";
import {
  audio,
  defineMcpMutation,
  defineMcpQuery,
  image,
  mcpHeaders,
  type McpTool,
  text,
} from "convex-mcp-gateway";
import { v } from "convex/values";
import { api, internal } from "./_generated/api.js";

/**
 * Fixtures that answer at once. The first has to succeed without arguments: the suite calls whatever is
 * listed first (scenario http-header-validation).
 */
export const contentTools: readonly McpTool[] = [
  defineMcpQuery({
    name: "test_simple_text",
    description: "Answers with a text.",
    fn: api.content.simpleText,
    args: {},
  }),
  defineMcpQuery({
    name: "test_image_content",
    description: "Answers with an image.",
    fn: api.content.picture,
    args: {},
    content: (picture) => [image(picture, "image/png")],
  }),
  defineMcpQuery({
    name: "test_audio_content",
    description: "Answers with a sound.",
    fn: api.content.sound,
    args: {},
    content: (sound) => [audio(sound, "audio/wav")],
  }),
  defineMcpQuery({
    name: "test_embedded_resource",
    description: "Answers with a resource.",
    fn: api.content.document,
    args: {},
    content: (document) => [
      {
        type: "resource",
        resource: { uri: "test://embedded-resource", mimeType: "text/plain", text: document },
      },
    ],
  }),
  defineMcpQuery({
    name: "test_multiple_content_types",
    description: "Answers with a text, an image and a resource.",
    fn: api.content.mixture,
    args: {},
    content: ({ title, picture, data }) => [
      text(title),
      image(picture, "image/png"),
      {
        type: "resource",
        resource: {
          uri: "test://mixed-content-resource",
          mimeType: "application/json",
          text: JSON.stringify(data),
        },
      },
    ],
  }),
  defineMcpMutation({
    name: "test_error_handling",
    description: "Fails.",
    fn: api.content.fail,
    args: {},
  }),
  defineMcpQuery({
    name: "json_schema_2020_12_tool",
    description: "Tool with JSON Schema 2020-12 features",
    fn: api.content.contact,
    args: {
      name: v.optional(v.string()),
      address: v.optional(
        v.object({ street: v.optional(v.string()), city: v.optional(v.string()) }),
      ),
      contactMethod: v.optional(v.union(v.literal("phone"), v.literal("email"))),
      phone: v.optional(v.string()),
      email: v.optional(v.string()),
    },
    inputSchema: schema202012,
  }),
  defineMcpQuery({
    name: "test_x_mcp_header",
    description: "Has an argument that a header mirrors.",
    fn: api.content.region,
    args: { region: v.optional(v.string()) },
    headers: mcpHeaders({ region: "Region" }),
  }),
  defineMcpMutation({
    name: "test_trigger_tool_change",
    description: "Tells those who listen of a change.",
    fn: api.news.changeTools,
    args: {},
  }),
  defineMcpMutation({
    name: "test_trigger_prompt_change",
    description: "Tells those who listen of a change.",
    fn: api.news.changePrompts,
    args: {},
  }),
  defineMcpMutation({
    name: "test_trigger_resource_change",
    description: "Tells those who listen of a change.",
    fn: api.news.changeResource,
    args: {},
  }),
  defineMcpQuery({
    name: "greet",
    description: "Greets at once.",
    fn: api.content.greet,
    args: { name: v.string() },
  }),
  defineMcpQuery({
    name: "test_wait_status",
    description: "Tells how far the work under a label is.",
    fn: internal.waits.status,
    args: { label: v.string() },
    consistency: "query",
  }),
];
