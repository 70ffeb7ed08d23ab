import type { HttpRouter } from "convex/server";
import { v } from "convex/values";
import {
  defineMcpAction,
  defineMcpMutation,
  defineMcpPrompt,
  defineMcpQuery,
  defineMcpResource,
  McpGateway,
  type McpFeature,
  type McpGatewayOptions,
  mcpChanges,
  mcpPrompts,
  mcpRateLimits,
  mcpResources,
  mcpStreaming,
  requireScopes,
} from "convex-mcp-gateway";
import { api, components, internal } from "./_generated/api.js";
import { aName } from "./forms.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const label = { label: v.string() };
const everyone = { public: true };

const tools: McpGatewayOptions["tools"] = [
  defineMcpMutation({
    name: "add",
    description: "Adds a row.",
    fn: api.things.add,
    args: label,
    metadata: everyone,
  }),
  defineMcpQuery({ name: "subject", description: "Who asks.", fn: api.things.subject, args: {} }),
  defineMcpQuery({
    name: "count",
    description: "Counts rows, as of now.",
    fn: api.things.count,
    args: label,
    consistency: "query",
  }),
  defineMcpMutation({
    name: "lie",
    description: "Its dispatch is undone.",
    fn: api.things.addThenLie,
    args: label,
    returns: v.number(),
  }),
  defineMcpAction({ name: "relay", description: "Acts.", fn: api.things.relay, args: label }),
  defineMcpAction({
    name: "talk",
    description: "Tells at once.",
    args: {},
    handler: (_ctx, _args, channel) => {
      channel.progress(1, 2);
      return "talked";
    },
  }),
  defineMcpQuery({
    name: "scoped",
    description: "Needs a scope.",
    fn: api.things.hello,
    args: {},
    metadata: { scopes: ["x"] },
  }),
  defineMcpQuery({
    name: "secret",
    description: "Denied.",
    fn: api.things.hello,
    args: {},
    metadata: { secret: true },
  }),
];

const gateway = (features: readonly McpFeature[], options: Partial<McpGatewayOptions> = {}) =>
  new McpGateway(components.mcpGateway, {
    serverInfo: { name: "limited", version: "1.0.0" },
    tools,
    features,
    authorize: (ctx, request) =>
      request.toolMetadata["secret"] === true ? false : requireScopes()(ctx, request),
    anonymous: true,
    ...options,
  });

/** Three a minute for each user, whatever they ask for. */
export const users: McpGateway = gateway([
  mcpRateLimits({ user: { rate: 3, periodMs: MINUTE } }),
  mcpResources([
    defineMcpResource({
      name: "hello",
      uri: "papers://hello",
      fn: api.things.hello,
      metadata: everyone,
    }),
  ]),
  mcpPrompts([
    defineMcpPrompt({
      name: "hello",
      description: "Says hello.",
      args: { label: v.string() },
      messages: () => "Hello",
      complete: { label: api.papers.suggest },
    }),
  ]),
  mcpStreaming(),
  mcpChanges({ getStream: true }),
]);

/** Two a minute for each client of four of its user. */
export const clients: McpGateway = gateway([
  mcpRateLimits({
    user: { rate: 4, periodMs: MINUTE },
    client: { rate: 2, periodMs: MINUTE },
  }),
]);

/** Two a day of one tool, three a minute of each other. */
export const perTool: McpGateway = gateway(
  [
    mcpRateLimits({
      tools: {
        add: { rate: 2, periodMs: DAY, kind: "fixed window" },
        "*": { rate: 3, periodMs: MINUTE },
      },
    }),
  ],
  { audit: { onFailure: "allow" } },
);

/** Strangers, who get sessions here. */
export const strangers: McpGateway = gateway(
  [mcpRateLimits({ address: { rate: 2, periodMs: MINUTE } })],
  { sessions: { policy: "all" } },
);

/** The same behind a proxy. */
export const proxied: McpGateway = gateway([
  mcpRateLimits({
    address: { rate: 2, periodMs: MINUTE, burst: 1 },
    trustedProxyHeader: "X-Forwarded-For",
  }),
]);

/** Tells the model, and takes five at once. */
export const patient: McpGateway = gateway([
  mcpRateLimits({
    user: { rate: 1, periodMs: 10_000, burst: 5 },
    answer: "toolError",
  }),
]);

/** The same as `users`, with all of it in the log. */
export const logged: McpGateway = gateway(
  [
    mcpRateLimits({ user: { rate: 3, periodMs: MINUTE } }),
    mcpResources([
      defineMcpResource({ name: "hello", uri: "papers://hello", fn: api.things.hello }),
    ]),
    mcpPrompts([
      defineMcpPrompt({
        name: "say",
        description: "Inline.",
        args: label,
        messages: async (args, channel) => {
          if (args["label"] !== "ask") return "Said";
          const { action } = await channel.elicit({ key: "name", ...aName });
          return action;
        },
      }),
    ]),
    mcpStreaming(),
  ],
  {
    audit: { chain: true, reads: true, refusals: true },
    authorize: (_ctx, { identity, arguments: args }) =>
      identity !== null && args?.["label"] !== "deny",
  },
);

export const { dispatch } = users.functions();

export function mountLimited(http: HttpRouter): void {
  const all = { users, clients, perTool, strangers, proxied, patient, logged };
  for (const [name, it] of Object.entries(all)) {
    it.registerRoutes(http, { dispatch: internal.limited.dispatch, path: `/${name}/mcp` });
  }
}
