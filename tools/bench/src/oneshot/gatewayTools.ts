import { componentsGeneric, httpRouter, makeFunctionReference } from "convex/server";
import { v } from "convex/values";
import { defineMcpQuery, McpGateway, type MountOptions, requireScopes } from "convex-mcp-gateway";
import { toolDescription, toolIndexes, toolName } from "../servers/tools.ts";
import { answerThrough } from "./stubContext.ts";

/** The arguments of a tool, as an app declares them. */
export function createArgs() {
  return { query: v.string(), limit: v.number(), tags: v.optional(v.array(v.string())) };
}

/** A gateway with so many tools, mounted once. */
export function createGateway(toolCount: number): (request: Request) => Promise<Response> {
  const components = componentsGeneric() as unknown as { mcpGateway: never };
  const mcp = new McpGateway(components.mcpGateway, {
    serverInfo: { name: "bench", version: "1.0.0" },
    tools: toolIndexes(toolCount).map((index) =>
      defineMcpQuery({
        name: toolName(index),
        description: toolDescription(index),
        fn: makeFunctionReference<"query", { query: string; limit: number; tags?: string[] }>(
          "search:run",
        ),
        args: createArgs(),
      }),
    ),
    authorize: requireScopes(),
    oauth: { authorizationServers: ["https://issuer.test"] },
  });
  const http = httpRouter();
  mcp.registerRoutes(http, { dispatch: "mcp:dispatch" as unknown as MountOptions["dispatch"] });
  return (request) => answerThrough(http, request);
}
