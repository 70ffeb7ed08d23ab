import {
  createMcpHandler,
  type InProcessTool,
  memorySessions,
  memoryTools,
} from "@convex-mcp/protocol";
import {
  answerSearch,
  type Fetch,
  serverInfo,
  type ServerKind,
  toolDefinition,
  toolIndexes,
} from "./tools.ts";

/** `createMcpHandler` with the stores for one process. Each request with another `x-owner` is another user's. */
export const ours: ServerKind = {
  name: "ours",
  stateless: (toolCount) => createOurs(plainTools(toolCount), false),
  sessions: (toolCount) => createOurs(plainTools(toolCount), true),
};

type BenchTool = InProcessTool<undefined, string>;

/** Tools that take their arguments as they come, like those of the SDKs' `Server`. */
function plainTools(count: number): BenchTool[] {
  return toolIndexes(count).map((index) => ({
    definition: toolDefinition(index),
    run: answerSearch,
  }));
}

/** The handler over some tools, with or without sessions. */
export function createOurs(tools: readonly BenchTool[], hasSessions: boolean): Fetch {
  const sessions = memorySessions<undefined, string>({
    ownerOf: (owner) => (hasSessions ? owner : undefined),
  });
  const handle = createMcpHandler<undefined, string>({
    serverInfo,
    authenticate: ({ headers }) => ({ ok: true, principal: headers.get("x-owner") ?? "ann" }),
    sessions,
    tools: memoryTools({ tools, sessions }),
    // One page, as the others list.
    limits: { pageSize: 1000 },
  });
  return (request) => handle(request, undefined);
}
