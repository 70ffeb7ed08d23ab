import { v } from "convex/values";
import { defineMcpMutation, McpGateway, type McpGatewayOptions } from "convex-mcp-gateway";
import { api, components, internal } from "./_generated/api.js";

const { mcpGateway } = components;
const { audit } = mcpGateway;
const { begin, finish } = audit;

/** The component with a log that refuses entries of calls that went well. */
export const component: ConstructorParameters<typeof McpGateway>[0] = {
  answers: mcpGateway.answers,
  audit: { begin, finish, record: internal.failing.record },
  apikeys: mcpGateway.apikeys,
  bridgeClients: mcpGateway.bridgeClients,
  bridgeGrants: mcpGateway.bridgeGrants,
  bridgeSignIns: mcpGateway.bridgeSignIns,
  cancellations: mcpGateway.cancellations,
  changes: mcpGateway.changes,
  continuations: mcpGateway.continuations,
  erasure: mcpGateway.erasure,
  exporting: mcpGateway.exporting,
  handles: mcpGateway.handles,
  limits: mcpGateway.limits,
  listeners: mcpGateway.listeners,
  mailbox: mcpGateway.mailbox,
  reading: mcpGateway.reading,
  refusals: mcpGateway.refusals,
  reports: mcpGateway.reports,
  retention: mcpGateway.retention,
  secrets: mcpGateway.secrets,
  sessions: mcpGateway.sessions,
  statistics: mcpGateway.statistics,
  streams: mcpGateway.streams,
  subscriptions: mcpGateway.subscriptions,
  taskCalls: mcpGateway.taskCalls,
  taskRuns: mcpGateway.taskRuns,
  tasks: mcpGateway.tasks,
  verifying: mcpGateway.verifying,
};

const options: McpGatewayOptions = {
  serverInfo: { name: "failing-log", version: "1.0.0" },
  tools: [
    defineMcpMutation({
      name: "add",
      description: "Adds a row.",
      fn: api.things.add,
      args: { label: v.string() },
    }),
  ],
  authorize: (_ctx, { identity }) => identity !== null,
};

export const strict: McpGateway = new McpGateway(component, options);
export const lenient: McpGateway = new McpGateway(component, {
  ...options,
  audit: { onFailure: "allow" },
});

/** A gateway whose `loadContext` throws. */
export const blind: McpGateway = new McpGateway(components.mcpGateway, {
  ...options,
  loadContext: () => {
    throw new Error("no roles today");
  },
});

export const { dispatch: strictDispatch } = strict.functions();
export const { dispatch: lenientDispatch } = lenient.functions();
