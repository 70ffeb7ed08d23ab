import {
  createMcpHandler,
  McpServer,
  Server,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import { z } from "zod";
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

/** The low-level `Server` of `@modelcontextprotocol/server`; its list of tools is made once. */
export const sdk2Server: ServerKind = transportKind("v2 Server", createTransport, serverMaker);

/** Its high-level `McpServer`; the schema is made once, the tools are registered on each server. */
export const sdk2McpServer: ServerKind = transportKind(
  "v2 McpServer",
  createTransport,
  mcpServerMaker,
);

/** Its request handler over `McpServer`, which makes a server for each request. */
export const sdk2Handler: ServerKind = {
  name: "v2 createMcpHandler",
  needsStreams: true,
  stateless: (toolCount) => {
    const create = mcpServerMaker(toolCount);
    const handler = createMcpHandler(() => create());
    return (request) => handler.fetch(request);
  },
};

function serverMaker(toolCount: number): () => Server {
  const tools = toolIndexes(toolCount).map(toolDefinition);
  const names = new Set(tools.map(({ name }) => name));
  return () => {
    const server = new Server(serverInfo, { capabilities: { tools: {} } });
    server.setRequestHandler("tools/list", () => ({ tools: tools as never }));
    server.setRequestHandler("tools/call", ({ params }) => {
      if (!names.has(params.name)) throw new Error("Unknown tool");
      return answerSearch(params.arguments);
    });
    return server;
  };
}

function mcpServerMaker(toolCount: number): () => McpServer {
  const inputSchema = z.object(searchShape());
  return () => {
    const server = new McpServer(serverInfo);
    for (const index of toolIndexes(toolCount)) {
      const config = { description: toolDescription(index), inputSchema };
      server.registerTool(toolName(index), config, answerSearch);
    }
    return server;
  };
}
