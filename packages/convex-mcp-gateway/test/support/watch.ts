// oxlint-disable typescript/no-explicit-any -- foreign JSON, as a test reads it
import { internal } from "../app/_generated/api.js";
import type { McpChange } from "../../src/index.ts";
import { endpointOf, type startApp, type User } from "./mcp.ts";
import { eventsOf, MODERN } from "./talk.ts";

type App = ReturnType<typeof startApp>;

/** Publishes a change, in a transaction of its own. */
export const publish = ({ t }: App, change: McpChange) =>
  t.mutation(internal.news.publish, { change });

/** A client of one user that hears of changes: of 2026-07-28 by listening, of a session by GET. */
export function watch({ t }: App, user: User | undefined, path = "/watching/mcp") {
  const caller =
    user === undefined ? t : t.withIdentity({ issuer: "https://issuer.test", ...user });
  const ask = endpointOf(caller, path);
  const post = (message: object, headers: Record<string, string>): Promise<Response> =>
    ask({
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json, text/event-stream",
        "MCP-Protocol-Version": "2025-11-25",
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...message }),
    });

  const listen = (notifications: object) =>
    post(
      {
        id: 7,
        method: "subscriptions/listen",
        params: {
          notifications,
          _meta: {
            "io.modelcontextprotocol/protocolVersion": MODERN,
            "io.modelcontextprotocol/clientCapabilities": {},
          },
        },
      },
      { "MCP-Protocol-Version": MODERN, "Mcp-Method": "subscriptions/listen" },
    );

  /** Headers of a new session. */
  async function open(): Promise<Record<string, string>> {
    const clientInfo = { name: "watcher", version: "1" };
    const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
    const response = await post({ method: "initialize", params }, {});
    return { "Mcp-Session-Id": response.headers.get("Mcp-Session-Id") ?? "" };
  }

  const send = async (method: string, params: object, headers: Record<string, string>) => {
    const response = await post({ method, params }, headers);
    return { status: response.status, body: await response.json() };
  };
  const get = (headers: Record<string, string>) =>
    ask({
      headers: { Accept: "text/event-stream", "MCP-Protocol-Version": "2025-11-25", ...headers },
    });
  const end = (headers: Record<string, string>) => ask({ method: "DELETE", headers });

  return { listen, open, send, get, end };
}

/** What a stream says, message by message: of news their URI or the list. */
export function heard(response: Response) {
  const events = eventsOf(response);
  const next = async (): Promise<any> => {
    for (;;) {
      const { value, done } = await events.next();
      if (done === true) return undefined;
      if (value.message !== undefined) return value.message;
    }
  };
  return {
    next,
    /** The next news, briefly. */
    news: async () => brief(await next()),
    leave: () => events.return(undefined),
  };
}

function brief(message: any): string | undefined {
  if (message === undefined) return undefined;
  const { method, params, result } = message;
  if (result !== undefined) return "end";
  if (method === "notifications/resources/updated") return params.uri as string;
  return (method as string).split("/")[1];
}
