import { v } from "convex/values";
import {
  defineMcpPrompt,
  defineMcpQuery,
  defineMcpResource,
  image,
  McpGateway,
  type McpGatewayOptions,
  mcpPrompts,
  mcpResources,
  requireScopes,
} from "convex-mcp-gateway";
import { api, components } from "./_generated/api.js";

const everyone = { public: true };

const resources = mcpResources([
  defineMcpResource({
    uri: "papers://text",
    name: "text",
    title: "Text",
    description: "A text.",
    mimeType: "text/plain",
    size: 7,
    annotations: { audience: ["user"], priority: 1 },
    icons: [{ src: "data:," }],
    _meta: { ui: { prefersBorder: true } },
    fn: api.papers.text,
    metadata: everyone,
  }),
  defineMcpResource({
    uri: "papers://bytes",
    name: "bytes",
    mimeType: "application/octet-stream",
    fn: api.papers.bytes,
    metadata: everyone,
  }),
  defineMcpResource({
    uri: "papers://folder",
    name: "folder",
    fn: api.papers.folder,
    content: (names) =>
      names.map((name) => ({ uri: `papers://folder/${name}`, mimeType: "text/plain", text: name })),
    metadata: everyone,
  }),
  defineMcpResource({
    uri: "papers://broken",
    name: "broken",
    fn: api.papers.folder,
    content: () => {
      throw new Error("internal detail s3cret");
    },
  }),
  defineMcpResource({
    uri: "papers://scoped",
    name: "scoped",
    fn: api.papers.text,
    metadata: { scopes: ["papers:read"] },
  }),
  defineMcpResource({
    uri: "papers://secret",
    name: "secret",
    fn: api.papers.text,
    metadata: { denied: true },
  }),
  defineMcpResource({
    uriTemplate: "rows://{id}",
    name: "row",
    fn: api.papers.row,
    args: { id: v.id("rows") },
  }),
  defineMcpResource({
    uriTemplate: "papers://{chapter}/{number}{?scale,dark}",
    name: "page",
    description: "A page.",
    fn: api.papers.page,
    args: {
      chapter: v.union(v.literal("intro"), v.literal("end")),
      number: v.int64(),
      scale: v.optional(v.number()),
      dark: v.optional(v.boolean()),
    },
    complete: { number: api.papers.suggest, scale: api.papers.lie },
    metadata: everyone,
  }),
  defineMcpResource({
    uriTemplate: "mine://{name}",
    name: "mine",
    fn: api.papers.mine,
    args: { name: v.string() },
    metadata: { scopes: ["papers:read"], closedTo: "mallory" },
  }),
  defineMcpResource({
    uriTemplate: "fail://{how}",
    name: "fail",
    fn: api.papers.fail,
    args: { how: v.string() },
  }),
]);

const prompts = mcpPrompts([
  defineMcpPrompt({
    name: "letter",
    title: "Letter",
    description: "A letter.",
    fn: api.papers.letter,
    args: {
      customer: v.string(),
      tone: v.optional(v.union(v.literal("kind"), v.literal("firm"))),
    },
    describe: { customer: "To whom." },
    complete: { customer: api.papers.suggest },
  }),
  defineMcpPrompt({
    name: "album",
    description: "Pictures.",
    fn: api.papers.album,
    args: {},
    metadata: everyone,
  }),
  defineMcpPrompt({
    name: "inline",
    description: "No function at all.",
    args: { note: v.optional(v.string()) },
    messages: ({ note = "nothing" }) => [
      { role: "user", content: `About ${note}:` },
      { role: "user", content: image(new Uint8Array([1]).buffer, "image/png") },
    ],
    metadata: everyone,
  }),
  defineMcpPrompt({
    name: "fail",
    description: "Fails.",
    fn: api.papers.fail,
    args: { how: v.string() },
  }),
  defineMcpPrompt({
    name: "scoped",
    description: "Needs a scope.",
    fn: api.papers.letter,
    args: { customer: v.string() },
    complete: { customer: api.papers.suggest },
    metadata: { scopes: ["papers:read"] },
  }),
  defineMcpPrompt({
    name: "secret",
    description: "Denied to everybody.",
    args: { customer: v.string() },
    complete: { customer: api.papers.suggest },
    messages: () => "secret",
    metadata: { denied: true },
  }),
]);

const options: McpGatewayOptions = {
  serverInfo: { name: "shelf", version: "1.0.0" },
  tools: [defineMcpQuery({ name: "hello", description: "Hello.", fn: api.things.hello, args: {} })],
  features: [resources, prompts],
  authorize: (ctx, request) => {
    const { toolMetadata, arguments: args } = request;
    if (toolMetadata["denied"] === true) return false;
    if (args?.["name"] !== undefined && args["name"] === toolMetadata["closedTo"]) return false;
    return requireScopes()(ctx, request);
  },
  oauth: { authorizationServers: ["https://issuer.test"] },
  anonymous: true,
};

/** Resources and prompts; apart from the tools, whose bundle is without them. */
export const shelf: McpGateway = new McpGateway(components.mcpGateway, options);

/** The same, with a question for the database before each decision. */
export const loadingShelf: McpGateway = new McpGateway(components.mcpGateway, {
  ...options,
  loadContext: (ctx) => ctx.runQuery(api.things.subject, {}),
});

export const { dispatch } = shelf.functions();
