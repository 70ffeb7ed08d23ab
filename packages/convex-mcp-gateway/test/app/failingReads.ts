import type { HttpRouter } from "convex/server";
import { v } from "convex/values";
import {
  defineMcpAction,
  defineMcpPrompt,
  defineMcpQuery,
  defineMcpResource,
  McpGateway,
  type McpGatewayOptions,
  mcpPrompts,
  mcpResources,
} from "convex-mcp-gateway";
import { api, components, internal } from "./_generated/api.js";
import { component as failing } from "./failingLog.ts";

const { finish } = components.mcpGateway.audit;
const { begin, record } = internal.failing;

/** The component with a log that refuses entries of whatever went well, or would run. */
const component = { ...failing, audit: { begin, finish, record } };

const how = { how: v.string() };
const look = { fn: internal.recorded.look, args: how };

const options: McpGatewayOptions = {
  serverInfo: { name: "failing-reads", version: "1.0.0" },
  tools: [
    defineMcpQuery({ name: "look", description: "Looks.", ...look }),
    defineMcpQuery({ name: "look_now", description: "Looks.", ...look, consistency: "query" }),
    defineMcpAction({
      name: "relay",
      description: "Writes a row.",
      fn: api.things.relay,
      args: { label: v.string() },
    }),
  ],
  features: [
    mcpResources([defineMcpResource({ uriTemplate: "looks://{how}", name: "looks", ...look })]),
    mcpPrompts([
      defineMcpPrompt({
        name: "ask",
        description: "Asks.",
        ...look,
        complete: { how: internal.recorded.suggest },
      }),
    ]),
  ],
  authorize: (_ctx, { identity }) => identity !== null,
};

export const strict: McpGateway = new McpGateway(component, { ...options, audit: { reads: true } });
export const lenient: McpGateway = new McpGateway(component, {
  ...options,
  audit: { reads: true, onFailure: "allow" },
});

export const { dispatch: strictDispatch } = strict.functions();
export const { dispatch: lenientDispatch } = lenient.functions();

/** Both of them. */
export function mountFailingReads(http: HttpRouter): void {
  const { strictDispatch: denied, lenientDispatch: allowed } = internal.failingReads;
  strict.registerRoutes(http, { dispatch: denied, path: "/strict/reads/mcp" });
  lenient.registerRoutes(http, { dispatch: allowed, path: "/lenient/reads/mcp" });
}
