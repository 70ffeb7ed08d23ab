import { ask, isRecord, type JsonRecord, listOf, parseJson, textOf } from "./console/json.ts";

const PROTOCOL_VERSION = "2025-11-25";

/** A tool as `tools/list` describes it. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: unknown;
  readonly annotations: JsonRecord;
}

/** One request and all that came back. */
export interface Exchange {
  readonly status: number;
  /** The `WWW-Authenticate` header, which says how to get in. */
  readonly challenge: string | null;
  /** The JSON-RPC response, or whatever else the body was. */
  readonly answer: unknown;
  readonly milliseconds: number;
}

/** A refusal where there was no choice but to succeed. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  /** The HTTP status it came with. */
  readonly status: number;

  constructor(method: string, status: number, reason: string | undefined) {
    const because = reason === undefined ? "" : `: ${reason}`;
    super(`The server refused ${method} with HTTP ${status}${because}.`);
    this.status = status;
  }
}

/** An MCP client of one endpoint, as one caller. */
export interface McpClient {
  /** Lists all tools, page after page. Throws a {@link RefusedError} when the server refuses. */
  listTools(): Promise<Tool[]>;
  /** Calls a tool and returns what came, refusals too. */
  callTool(name: string, args: JsonRecord): Promise<Exchange>;
  /** Ends the session, if there is one. */
  end(): Promise<void>;
}

/** Makes a client for `url`; with a token it calls as that token's user, otherwise as a stranger. */
export function createMcpClient(url: string, token: string | undefined): McpClient {
  const connection = createConnection(url, token);
  let ready: Promise<void> | undefined;

  const begin = async () => {
    ready ??= initialize(connection);
    try {
      await ready;
    } catch (error) {
      ready = undefined;
      throw error;
    }
  };
  const request = async (method: string, params: JsonRecord): Promise<Exchange> => {
    await begin();
    const exchange = await connection.request(method, params);
    if (exchange.status !== 404 || !connection.forgetSession()) return exchange;
    // The session is gone, and a client must then start a new one (Streamable HTTP, session management).
    ready = undefined;
    await begin();
    return connection.request(method, params);
  };

  return {
    async listTools() {
      const tools: Tool[] = [];
      let cursor: string | undefined;
      do {
        const exchange = await request("tools/list", cursor === undefined ? {} : { cursor });
        const result = resultOf(exchange, "tools/list");
        tools.push(...listOf(result, "tools").flatMap(toTool));
        cursor = textOf(result, "nextCursor");
      } while (cursor !== undefined);
      return tools;
    },
    callTool: (name, args) => request("tools/call", { name, arguments: args }),
    end: () => connection.end(),
  };
}

interface Connection {
  request(method: string, params: JsonRecord): Promise<Exchange>;
  notify(method: string): Promise<void>;
  /** True if there was a session to forget. */
  forgetSession(): boolean;
  end(): Promise<void>;
}

function createConnection(url: string, token: string | undefined): Connection {
  let sessionId: string | undefined;
  let lastId = 0;

  const headers = (): Record<string, string> => ({
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "mcp-protocol-version": PROTOCOL_VERSION,
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(sessionId !== undefined && { "mcp-session-id": sessionId }),
  });
  const post = (message: JsonRecord) => {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    return ask(url, { method: "POST", headers: headers(), body });
  };

  return {
    async request(method, params) {
      const id = ++lastId;
      const started = performance.now();
      const response = await post({ id, method, params });
      const answer = await readAnswer(response, id);
      sessionId = response.headers.get("mcp-session-id") ?? sessionId;
      return {
        status: response.status,
        challenge: response.headers.get("www-authenticate"),
        answer,
        milliseconds: performance.now() - started,
      };
    },
    async notify(method) {
      await post({ method });
    },
    forgetSession() {
      const had = sessionId !== undefined;
      sessionId = undefined;
      return had;
    },
    async end() {
      if (sessionId !== undefined) await ask(url, { method: "DELETE", headers: headers() });
    },
  };
}

async function initialize(connection: Connection): Promise<void> {
  const exchange = await connection.request("initialize", {
    protocolVersion: PROTOCOL_VERSION,
    capabilities: {},
    clientInfo: { name: "invoices-page", title: "The page at /", version: "1.0.0" },
  });
  resultOf(exchange, "initialize");
  await connection.notify("notifications/initialized");
}

/** The JSON-RPC response in a body that is JSON or a stream of server-sent events. */
async function readAnswer(response: Response, id: number): Promise<unknown> {
  const text = await response.text();
  if (!response.headers.get("content-type")?.includes("text/event-stream")) {
    return parseJson(text) ?? text;
  }
  const messages = text.split(/\r?\n\r?\n/).map((event) => parseJson(eventData(event)));
  return messages.find((message) => isRecord(message) && message["id"] === id) ?? text;
}

function eventData(event: string): string {
  const lines = event.split(/\r?\n/).filter((line) => line.startsWith("data:"));
  return lines.map((line) => line.slice("data:".length).trimStart()).join("\n");
}

function resultOf({ status, answer }: Exchange, method: string): unknown {
  if (isRecord(answer) && "result" in answer) return answer["result"];
  const error = isRecord(answer) ? answer["error"] : undefined;
  const reason = textOf(error, "message") ?? textOf(answer, "error_description");
  throw new RefusedError(method, status, reason);
}

function toTool(value: unknown): Tool[] {
  const name = textOf(value, "name");
  if (name === undefined || !isRecord(value)) return [];
  const annotations = isRecord(value["annotations"]) ? value["annotations"] : {};
  const description = textOf(value, "description") ?? "";
  return [{ name, description, inputSchema: value["inputSchema"], annotations }];
}
