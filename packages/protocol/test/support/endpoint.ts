import { watchHandler } from "@convex-mcp/spec/watch";
import {
  createMcpHandler,
  memorySessions,
  memoryTools,
  ToolError,
  type InProcessTool,
  type McpHandlerOptions,
  type MemoryToolsOptions,
  type ReportedRequest,
} from "../../src/index.ts";

/** Who calls is what the bearer token says; no token is a stranger, `bad` is refused. */
export type Person = string | undefined;

export const challenge = 'Bearer resource_metadata="https://example.com/meta"';

export const echo: InProcessTool<string, Person> = {
  definition: {
    name: "echo",
    title: "Echo",
    description: "Says what it was told.",
    inputSchema: { type: "object", properties: { text: { type: "string" } } },
    outputSchema: { type: "object" },
    icons: [{ src: "https://example.com/echo.png" }],
    execution: { taskSupport: "forbidden" },
    _meta: { "example.com/kind": "demo" },
  },
  run: (args, { caller, call }) => ({
    content: [{ type: "text", text: JSON.stringify(args) }],
    structuredContent: {
      args,
      context: caller.context,
      principal: caller.principal ?? null,
      version: caller.protocolVersion,
      meta: call.meta ?? null,
      id: call.id,
    },
  }),
};

export const link: InProcessTool<string, Person> = {
  definition: { name: "link", inputSchema: { type: "object" } },
  run: () => ({
    content: [
      {
        type: "resource_link",
        uri: "file:///a.txt",
        name: "a.txt",
        description: "The letter a.",
        icons: [{ src: "data:," }],
      },
      { type: "text", text: "see above", _meta: { k: 1 } },
    ],
  }),
};

export const fails: InProcessTool<string, Person> = {
  definition: { name: "fails", inputSchema: { type: "object" } },
  run: (args) => {
    if (args.politely) throw new ToolError("There is no room left.");
    throw new Error("password is hunter2");
  },
};

export const secret: InProcessTool<string, Person> = {
  definition: { name: "secret", inputSchema: { type: "object" } },
  run: () => ({ content: [] }),
};

type Overrides = Partial<McpHandlerOptions<string, Person>> & {
  readonly catalog?: Partial<MemoryToolsOptions<string, Person>>;
};

/**
 * A server with a few tools, and what it reported. Every message that its handler sends is held against the official schema;
 * `unwatched` is for catalogs that break it on purpose.
 */
export function endpoint({ catalog, ...overrides }: Overrides = {}) {
  const reported: { error: unknown; request: ReportedRequest }[] = [];
  const sessions = overrides.sessions ?? memorySessions({ ownerOf: (person: Person) => person });
  const unwatched = createMcpHandler<string, Person>({
    serverInfo: {
      name: "test",
      version: "1.2.3",
      title: "Test",
      description: "A server under test.",
      websiteUrl: "https://example.com",
    },
    authenticate: (request) => {
      const token = request.headers.get("authorization")?.replace("Bearer ", "");
      if (token !== "bad") return { ok: true, principal: token };
      const headers = { "WWW-Authenticate": challenge };
      return { ok: false, refusal: { status: 401, code: -32000, message: "Sign in.", headers } };
    },
    sessions,
    tools: memoryTools({
      tools: [echo, link, fails, secret],
      sessions,
      authorize: (caller, tool) => tool.name !== "secret" || caller.principal === "ada",
      ...catalog,
    }),
    onError: (error, request) => reported.push({ error, request }),
    ...overrides,
  });
  return { handler: watchHandler(unwatched), unwatched, reported };
}

type Headers = Readonly<Record<string, string | undefined>>;

/** A POST as a well-behaved client sends it; a header given as undefined is left out. */
export function post(body: unknown, headers: Headers = {}): Request {
  const all = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...headers,
  };
  const present = Object.entries(all).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined;
  });
  return new Request("http://localhost:3000/mcp", {
    method: "POST",
    headers: present,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

/** A JSON-RPC request with id 1. */
export function rpc(method: string, params?: unknown): Record<string, unknown> {
  return { jsonrpc: "2.0", id: 1, method, params };
}

export const newest = { "mcp-protocol-version": "2025-11-25" } as const;

export const initialize = rpc("initialize", {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "client", version: "0" },
});

/** Status and JSON body of a response, with the headers that tests look at. */
export async function read(response: Response | Promise<Response>) {
  const { status, headers, ...rest } = await Promise.resolve(response).then(async (settled) => ({
    status: settled.status,
    headers: settled.headers,
    text: await settled.text(),
  }));
  const json = headers.get("content-type") === "application/json";
  return { status, headers, text: rest.text, body: json ? JSON.parse(rest.text) : undefined };
}
