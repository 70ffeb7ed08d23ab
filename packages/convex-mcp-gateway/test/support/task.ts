// oxlint-disable typescript/no-explicit-any -- foreign JSON, as a test reads it
import { vi } from "vitest";
import type { startApp, User } from "./mcp.ts";
import { askable, MODERN } from "./talk.ts";

export const EXTENSION = "io.modelcontextprotocol/tasks";

/** A client that can be given tasks, and asked everything. */
export const declaring = { ...askable, extensions: { [EXTENSION]: {} } };

/** What one request was answered with. */
export interface Told {
  readonly status: number;
  readonly result: any;
  readonly error: any;
}

/** A client of 2026-07-28 that knows tasks; a stranger without a user. */
export function tasker(
  { t }: ReturnType<typeof startApp>,
  user: User | undefined,
  capabilities: object = declaring,
  path = "/working/mcp",
) {
  const caller =
    user === undefined ? t : t.withIdentity({ issuer: "https://issuer.test", ...user });
  const send = async (
    method: string,
    params: Record<string, unknown>,
    headers: Record<string, string> = {},
  ): Promise<Told> => {
    const response = await caller.fetch(path, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json, text/event-stream",
        "MCP-Protocol-Version": MODERN,
        "Mcp-Method": method,
        "Mcp-Name": String(params["name"] ?? params["taskId"]),
        ...headers,
      },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method,
        params: {
          ...params,
          _meta: {
            "io.modelcontextprotocol/protocolVersion": MODERN,
            "io.modelcontextprotocol/clientCapabilities": capabilities,
          },
        },
      }),
    });
    const { result, error } = (await response.json()) as Omit<Told, "status">;
    return { status: response.status, result, error };
  };
  const call = (name: string, args: object = {}) => send("tools/call", { name, arguments: args });
  /** Starts a task, and gives its id. */
  const start = async (name: string, args: object = {}): Promise<string> => {
    const { result } = await call(name, args);
    if (result?.resultType !== "task") throw new Error(`No task: ${JSON.stringify(result)}`);
    return result.taskId;
  };
  const get = async (taskId: string) => (await send("tasks/get", { taskId })).result;
  const update = (taskId: string, inputResponses: unknown) =>
    send("tasks/update", { taskId, inputResponses });
  const cancel = (taskId: string) => send("tasks/cancel", { taskId });
  /** The task, once it stands so. */
  const until = (taskId: string, status: string) =>
    vi.waitFor(
      async () => {
        const task = await get(taskId);
        if (task?.status !== status) throw new Error(`It is ${JSON.stringify(task)}.`);
        return task;
      },
      { timeout: 8_000, interval: 20 },
    );
  return { send, call, start, get, update, cancel, until };
}
