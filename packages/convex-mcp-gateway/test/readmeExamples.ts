// oxlint-disable no-new -- as they show it
// What the READMEs show, compiled and never run. `readme.test.ts` compares.
import {
  createIntrospectionVerifier,
  type IntrospectionOptions,
} from "@convex-mcp/auth/introspection";
import {
  allOf,
  allow,
  anyOf,
  defineMcpAction,
  defineMcpMutation,
  defineMcpPrompt,
  defineMcpQuery,
  defineMcpResource,
  deny,
  type DispatchReference,
  type FormQuestion,
  type McpApiKeys,
  mcpApiKeys,
  type McpBridge,
  mcpBridge,
  mcpCall,
  type McpCallArgument,
  mcpChanges,
  McpGateway,
  type McpGatewayOptions,
  mcpIdempotency,
  mcpPrompts,
  mcpRateLimits,
  mcpResources,
  mcpStreaming,
  mcpTasks,
  needScopes,
  notifyChanged,
  readOnly,
  requireRoles,
  requireScopes,
  resolveTokens,
  type RunTaskReference,
  signIn,
  vMcpCall,
} from "convex-mcp-gateway";
import { listAuditEntries, pushAuditLog } from "convex-mcp-gateway/audit";
import {
  type Crons,
  type FunctionReference,
  type HttpRouter,
  internalActionGeneric as internalAction,
  mutationGeneric as mutation,
  queryGeneric as query,
} from "convex/server";
import { ConvexError, type GenericId, v } from "convex/values";
import { components } from "./app/_generated/api.js";

type Query<Args extends Record<string, unknown>, Result> = FunctionReference<
  "query",
  "public",
  Args,
  Result
>;
type Action<Args extends Record<string, unknown>> = FunctionReference<
  "action",
  "internal",
  Args & { mcp?: McpCallArgument | undefined },
  null
>;
type Invoice = GenericId<"invoices">;
interface Member {
  readonly roles: readonly string[];
}

declare const api: {
  invoices: {
    list: Query<{}, { total: bigint }[]>;
    get: Query<{ id: Invoice }, { total: bigint } | null>;
    pay: FunctionReference<"mutation", "public", { id: Invoice }, null>;
    byMonth: Query<{ year: number }, { total: bigint }[]>;
  };
  pages: { chart: Query<{}, string> };
  customers: {
    dunning: Query<{ customer: string }, string>;
    suggest: Query<{ value: string; context?: Record<string, string> }, string[]>;
  };
};
declare const internal: {
  invoices: { importAll: Action<{ url: string }> };
  log: { push: FunctionReference<"action", "internal", {}, null> };
  projects: { wipe: Action<{ id: GenericId<"projects">; reason: string }> };
  members: { find: Query<{ subject: string | undefined }, Member | null> };
  reports: { write: Action<{ year: number }>; rows: Query<{ owner: string; year: number }, null> };
  mcp: { dispatch: DispatchReference; runTask: RunTaskReference };
};
declare const requestedSchema: FormQuestion["requestedSchema"];
declare const options: IntrospectionOptions;
declare const http: HttpRouter;
declare const crons: Crons;
declare const base: McpGatewayOptions;
declare function requireAdmin(ctx: object): Promise<void>;

declare module "convex-mcp-gateway" {
  interface ToolMetadata {
    readonly plan?: "free" | "paid";
  }
}

new McpGateway(components.mcpGateway, {
  ...base,
  features: [
    mcpResources([
      defineMcpResource({
        uri: "invoices://recent",
        name: "recent_invoices",
        fn: api.invoices.list,
      }),
      defineMcpResource({
        uriTemplate: "invoices://{id}",
        name: "invoice",
        fn: api.invoices.get,
        args: { id: v.id("invoices") },
        metadata: { scopes: ["invoices:read"] },
      }),
    ]),
    mcpPrompts([
      defineMcpPrompt({
        name: "dunning_letter",
        description: "Draft a reminder to a customer who has not paid.",
        fn: api.customers.dunning,
        args: { customer: v.string() },
        complete: { customer: api.customers.suggest },
      }),
    ]),
  ],
});

new McpGateway(components.mcpGateway, {
  ...base,
  tools: [
    defineMcpQuery({
      name: "invoices_chart",
      description: "Show the invoices of a year as a chart.",
      fn: api.invoices.byMonth,
      args: { year: v.number() },
      _meta: { ui: { resourceUri: "ui://invoices/chart" } },
    }),
  ],
  features: [
    mcpResources([
      defineMcpResource({
        uri: "ui://invoices/chart",
        name: "chart",
        mimeType: "text/html;profile=mcp-app",
        fn: api.pages.chart,
        content: (html) => [
          { text: html, _meta: { ui: { csp: { resourceDomains: ["https://cdn.example.com"] } } } },
        ],
      }),
    ]),
  ],
});

new McpGateway(components.mcpGateway, {
  ...base,
  features: [mcpStreaming()],
  tools: [
    defineMcpAction({
      name: "invoices_send",
      description: "Send all open invoices, once the user agrees.",
      args: {},
      handler: async (_ctx, _args, channel) => {
        const answer = await channel.elicit({ message: "Send them all?", requestedSchema });
        if (answer.action !== "accept") return "not sent";
        channel.progress(1, 2, "sending");
        return "sent";
      },
    }),
    defineMcpAction({
      name: "import_all",
      description: "Import every invoice.",
      fn: internal.invoices.importAll,
      args: { url: v.string(), mcp: v.optional(vMcpCall) },
    }),
  ],
});

export const importAll = internalAction({
  args: { url: v.string(), mcp: v.optional(vMcpCall) },
  handler: async (ctx, { url, mcp }) => {
    const call = mcpCall(ctx, components.mcpGateway, mcp);
    await call.progress(1, 10, "fetching");
    await call.log("info", { url });
    const answer = await call.elicit({ message: "Overwrite?", requestedSchema });
    if (call.signal.aborted) return;
    await call.log("info", answer);
  },
});

export const listedClients: McpBridge = mcpBridge(components.mcpGateway, {
  upstream: {
    issuer: "https://id.example.com",
    authorizationEndpoint: "https://id.example.com/authorize",
    tokenEndpoint: "https://id.example.com/token",
    scopes: ["invoices:read"],
  },
  registration: {
    allowedRedirects: [
      "https://claude.ai",
      "https://claude.com",
      "https://chatgpt.com",
      "https://www.cursor.com",
      "https://vscode.dev",
      "http://localhost",
      "http://127.0.0.1",
    ],
  },
});

export const bridge: McpBridge = mcpBridge(components.mcpGateway, {
  upstream: {
    issuer: "https://id.example.com",
    authorizationEndpoint: "https://id.example.com/authorize",
    tokenEndpoint: "https://id.example.com/token",
    revocationEndpoint: "https://id.example.com/revoke",
    scopes: ["invoices:read", "invoices:write"],
    extraScopes: ["openid", "offline_access"],
  },
});

export const mcp: McpGateway = new McpGateway(components.mcpGateway, {
  ...base,
  features: [mcpTasks()],
  tools: [
    defineMcpAction({
      name: "report",
      description: "Write the yearly report. Takes minutes.",
      fn: internal.reports.write,
      args: { year: v.number(), mcp: v.optional(vMcpCall) },
      task: "optional",
    }),
  ],
});
export const { dispatch, runTask } = mcp.functions();

mcp.registerRoutes(http, { dispatch: internal.mcp.dispatch, runTask: internal.mcp.runTask });

export const write = internalAction({
  args: { year: v.number(), mcp: v.optional(vMcpCall) },
  handler: async (ctx, { year, mcp }) => {
    const call = mcpCall(ctx, components.mcpGateway, mcp);
    const user = await call.identity();
    if (user === null) throw new ConvexError("Sign in first.");
    await call.progress(1, 12, "January");
    const rows = await ctx.runQuery(internal.reports.rows, { owner: user.tokenIdentifier, year });
    return rows;
  },
});

defineMcpAction({
  name: "wipe",
  description: "Delete a project.",
  fn: internal.projects.wipe,
  args: { id: v.id("projects"), mcp: v.optional(vMcpCall) },
  before: async (_ctx, _args, channel) => {
    const { action, content } = await channel.elicit({ message: "Why?", requestedSchema });
    if (action !== "accept") throw new ConvexError("Not without a reason.");
    return { reason: String(content?.["reason"]) };
  },
  task: "optional",
});

new McpGateway(components.mcpGateway, {
  ...base,
  authorize: (_ctx, { toolMetadata, identity, scopes, loaded }) => {
    if (toolMetadata.public) return allow();
    if (identity === null) return signIn();
    if (!scopes.includes("invoices:write")) return needScopes("invoices:write");
    return (loaded as Member | null) ? allow() : deny("not a member");
  },
  loadContext: (ctx, identity) =>
    ctx.runQuery(internal.members.find, { subject: identity?.subject }),
});

export const log = query({
  args: { cursor: v.optional(v.string()) },
  handler: async (ctx, { cursor }) => {
    await requireAdmin(ctx);
    return await mcp.listAuditEntries(ctx, { outcome: "failed", cursor });
  },
});

export const failures = query({
  args: { tool: v.string(), cursor: v.optional(v.string()) },
  handler: async (ctx, { tool, cursor }) => {
    await requireAdmin(ctx);
    return await listAuditEntries(ctx, components.mcpGateway, { tool, outcome: "failed", cursor });
  },
});

export const push = internalAction({
  args: {},
  handler: async (ctx) => {
    await pushAuditLog(ctx, components.mcpGateway, {
      endpoint: process.env.OTLP_ENDPOINT ?? "",
      headers: { "api-key": process.env.OTLP_KEY ?? "" },
    });
  },
});

crons.interval("push the audit log", { minutes: 10 }, internal.log.push);

const MINUTE = 60_000;

new McpGateway(components.mcpGateway, {
  ...base,
  features: [
    mcpRateLimits({
      user: { rate: 120, periodMs: MINUTE, burst: 30 },
      client: { rate: 60, periodMs: MINUTE },
      address: { rate: 20, periodMs: MINUTE },
      tools: {
        report_render: { rate: 100, periodMs: 24 * 60 * MINUTE, kind: "fixed window" },
        "*": { rate: 60, periodMs: MINUTE },
      },
    }),
  ],
});

new McpGateway(components.mcpGateway, {
  ...base,
  features: [mcpResources([]), mcpChanges({ kinds: ["resource"], getStream: true })],
});

export const pay = mutation({
  args: { id: v.id("invoices") },
  handler: async (ctx, { id }) => {
    await ctx.db.patch(id, { status: "paid" });
    await notifyChanged(ctx, components.mcpGateway, { kind: "resource", uri: `invoices://${id}` });
  },
});

defineMcpMutation({
  name: "invoice_pay",
  description: "Pay an invoice.",
  fn: api.invoices.pay,
  args: { id: v.id("invoices") },
  idempotency: mcpIdempotency(),
});

new McpGateway(components.mcpGateway, {
  ...base,
  authorize: allOf(
    requireScopes({ implies: { "notes:write": ["notes:read"] }, showLocked: true }),
    anyOf(readOnly(), requireRoles(["editor"], { of: ({ loaded }) => (loaded as Member).roles })),
  ),
});

const verify = createIntrospectionVerifier(options);
export const keys: McpApiKeys = mcpApiKeys(components.mcpGateway);

new McpGateway(components.mcpGateway, {
  ...base,
  resolveIdentity: resolveTokens(components.mcpGateway, keys.judge, ({ token }) => verify(token)),
});

new McpGateway(components.mcpGateway, {
  ...base,
  oauth: { bridge },
});

new McpGateway(components.mcpGateway, {
  ...base,
  allowedOrigins: ["https://app.example.com"],
});

export const connections = query({
  args: {},
  handler: async (ctx) => {
    const user = await ctx.auth.getUserIdentity();
    return user === null ? [] : bridge.listBridgeGrants(ctx, user);
  },
});

export const disconnect = mutation({
  args: { id: v.string() },
  handler: async (ctx, { id }) => {
    const user = await ctx.auth.getUserIdentity();
    return user !== null && bridge.revokeBridgeGrant(ctx, { id, user });
  },
});
