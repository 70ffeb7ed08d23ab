// oxlint-disable typescript/no-explicit-any -- foreign JSON, as a test reads it
import { endpointOf, type startApp, type User } from "./mcp.ts";

type App = ReturnType<typeof startApp>;

/** Everything that a client can be asked. */
export const askable = { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} };

export const MODERN = "2026-07-28";

interface CallOptions {
  readonly id?: number | string;
  readonly headers?: Record<string, string>;
  /** Members of `_meta`. */
  readonly meta?: object;
  /** Members of `params` beside the name and the arguments. */
  readonly more?: object;
}

/** A client that reads streams: of a session of 2025-11-25, or of 2026-07-28. */
export function talk({ t }: App, user: User, path = "/talking/mcp") {
  const caller = t.withIdentity({ issuer: "https://issuer.test", ...user });
  const send = endpointOf(caller, path);
  const post = (message: object, headers: Record<string, string>): Promise<Response> =>
    send({
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json, text/event-stream",
        "MCP-Protocol-Version": "2025-11-25",
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: "2.0", ...message }),
    });

  /** Headers of a new session whose client declares these capabilities. */
  async function open(capabilities: object = askable): Promise<Record<string, string>> {
    const clientInfo = { name: "talker", version: "1" };
    const params = { protocolVersion: "2025-11-25", capabilities, clientInfo };
    const response = await post({ id: 0, method: "initialize", params }, {});
    return { "Mcp-Session-Id": response.headers.get("Mcp-Session-Id") ?? "" };
  }

  /** Calls a tool, asking for progress. */
  const call = (name: string, args: object = {}, options: CallOptions = {}) => {
    const { id = 1, headers = {}, meta = {}, more = {} } = options;
    const _meta = { progressToken: "p", ...meta };
    const params = { name, arguments: args, _meta, ...more };
    return post({ id, method: "tools/call", params }, headers);
  };

  /** The same in 2026-07-28. */
  const modern = (name: string, args: object = {}, options: CallOptions = {}) =>
    call(name, args, {
      ...options,
      headers: { "MCP-Protocol-Version": MODERN, "Mcp-Method": "tools/call", "Mcp-Name": name },
      meta: {
        "io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientCapabilities": askable,
        ...options.meta,
      },
    });

  const notify = (method: string, params: object, headers: Record<string, string>) =>
    post({ method, params }, headers);
  const answer = (id: unknown, result: object, headers: Record<string, string>) =>
    post({ id, result }, headers);
  const resume = (lastEventId: string, headers: Record<string, string>) =>
    send({
      headers: {
        Accept: "text/event-stream",
        "MCP-Protocol-Version": "2025-11-25",
        "Last-Event-ID": lastEventId,
        ...headers,
      },
    });
  return { post, open, call, modern, notify, answer, resume };
}

/** One event of a stream. */
export interface StreamEvent {
  readonly id: string | undefined;
  /** The message; `undefined` of an event that primes. */
  readonly message: any;
}

/** A response's messages, as they come: of a stream, or the one that it is. */
export async function* eventsOf(response: Response): AsyncGenerator<StreamEvent> {
  if (response.headers.get("Content-Type") === "application/json") {
    yield { id: undefined, message: await response.json() };
    return;
  }
  const decoder = new TextDecoder();
  let buffer = "";
  for await (const chunk of response.body ?? []) {
    buffer += decoder.decode(chunk, { stream: true });
    for (let end = buffer.indexOf("\n\n"); end >= 0; end = buffer.indexOf("\n\n")) {
      const frame = buffer.slice(0, end);
      buffer = buffer.slice(end + 2);
      const data = /^data: (.+)$/m.exec(frame)?.[1];
      const id = /^id: (.+)$/m.exec(frame)?.[1];
      if (data !== undefined || id !== undefined) {
        yield { id, message: data === undefined ? undefined : JSON.parse(data) };
      }
    }
  }
}

/** All messages of a response. */
export async function messagesOf(response: Response): Promise<any[]> {
  const messages: any[] = [];
  for await (const { message } of eventsOf(response)) {
    if (message !== undefined) messages.push(message);
  }
  return messages;
}
