import {
  answerSearch,
  type Fetch,
  serverInfo,
  type ServerKind,
  toolDefinition,
  toolIndexes,
} from "./tools.ts";

/** What no server can do without: parse, switch over the method, run the tool, serialise, respond. It checks nothing. */
export const lowerBound: ServerKind = {
  name: "lower bound",
  stateless: (toolCount) => createLowerBound(toolCount, undefined),
  sessions: (toolCount) => createLowerBound(toolCount, new Set()),
};

const MAX_SESSIONS = 10_000;

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: { readonly name: string; readonly arguments: unknown };
}

function createLowerBound(toolCount: number, sessions: Set<string> | undefined): Fetch {
  const tools = toolIndexes(toolCount).map(toolDefinition);
  const handlers = new Map(
    tools.map(({ name }) => [name, async (args: unknown) => answerSearch(args)]),
  );
  const answer = async ({ method, params }: Call, headers: Record<string, string>) => {
    switch (method) {
      case "initialize":
        if (sessions) headers["Mcp-Session-Id"] = open(sessions);
        return { protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo };
      case "tools/list":
        return { tools };
      default:
        return handlers.get(params.name)?.(params.arguments);
    }
  };
  return async (request) => {
    const call = JSON.parse(await request.text()) as Call;
    const headers: Record<string, string> = { "Content-Type": "application/json" };
    const known = sessions?.has(request.headers.get("mcp-session-id") ?? "") ?? true;
    if (!known && call.method !== "initialize") return new Response(null, { status: 404 });
    const result = await answer(call, headers);
    return new Response(JSON.stringify({ jsonrpc: "2.0", id: call.id, result }), { headers });
  };
}

function open(sessions: Set<string>): string {
  const id = crypto.randomUUID();
  const [oldest] = sessions;
  if (oldest !== undefined && sessions.size >= MAX_SESSIONS) sessions.delete(oldest);
  sessions.add(id);
  return id;
}
