import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import {
  answerSearch,
  serverInfo,
  type ServerKind,
  toolDefinition,
  toolDescription,
  toolIndexes,
  toolName,
} from "./tools.ts";
import { transportKind } from "./transports.ts";
import { searchShape } from "./zodShape.ts";

const createTransport = (
  options: ConstructorParameters<typeof WebStandardStreamableHTTPServerTransport>[0],
) => new WebStandardStreamableHTTPServerTransport(options);

/** The low-level `Server` of `@modelcontextprotocol/sdk`; its list of tools is made once. */
export const sdk1Server: ServerKind = transportKind("v1 Server", createTransport, (toolCount) => {
  const tools = toolIndexes(toolCount).map(toolDefinition);
  const names = new Set(tools.map(({ name }) => name));
  return () => {
    const server = new Server(serverInfo, { capabilities: { tools: {} } });
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools as never }));
    server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
      if (!names.has(params.name)) throw new Error("Unknown tool");
      return answerSearch(params.arguments);
    });
    return server;
  };
});

/** Its high-level `McpServer`; the schemas are made once, the tools are registered on each server. */
export const sdk1McpServer: ServerKind = transportKind(
  "v1 McpServer",
  createTransport,
  (toolCount) => {
    const inputSchema = searchShape();
    return () => {
      const server = new McpServer(serverInfo);
      for (const index of toolIndexes(toolCount)) {
        const config = { description: toolDescription(index), inputSchema };
        server.registerTool(toolName(index), config, answerSearch);
      }
      return server;
    };
  },
);
