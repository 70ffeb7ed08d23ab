/// <reference types="vite/client" />
import { watchHandler } from "@convex-mcp/spec/watch";
import { convexTest } from "convex-test";
import { register } from "../../src/test.ts";
import schema from "../app/schema.ts";

const modules = import.meta.glob("../app/**/*.ts");

/** Claims of a signed-in user, as the platform would give them to functions. */
export interface User {
  readonly subject: string;
  readonly scope?: string;
}

/** One parsed answer of the endpoint. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Rpc | undefined;
}

interface Rpc {
  readonly id?: string | number;
  readonly result?: Record<string, unknown> & {
    readonly content: { readonly type: string; readonly text: string }[];
    readonly isError?: boolean;
    readonly structuredContent?: Record<string, unknown>;
  };
  readonly error?: { readonly code: number; readonly message: string };
}

/** An endpoint of the app to a caller; every message that it sends is held against the official schema of its revision. */
export function endpointOf(
  caller: { readonly fetch: (path: string, init?: RequestInit) => Promise<Response> },
  path: string,
): (init: RequestInit) => Promise<Response> {
  const watched = watchHandler(async (request: Request) => {
    const { method, headers } = request;
    const body = request.body === null ? {} : { body: await request.text() };
    return await caller.fetch(path, { method, headers, ...body });
  });
  return (init) => watched(new Request(`http://localhost${path}`, init));
}

/** The fixture app in convex-test, and its endpoint as a client of one user sees it. */
export function startApp() {
  const t = convexTest(schema, modules);
  register(t);
  const as = (user?: User, path = "/mcp") => {
    const caller =
      user === undefined ? t : t.withIdentity({ issuer: "https://issuer.test", ...user });
    const answer = endpointOf(caller, path);
    const send = async (init: RequestInit): Promise<Answer> => {
      const response = await answer(init);
      const text = await response.text();
      const body = text === "" ? undefined : (JSON.parse(text) as Rpc);
      return { status: response.status, headers: response.headers, body };
    };
    let id = 0;
    const rpc = (method: string, params?: unknown, headers: Record<string, string> = {}) =>
      send({
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          Accept: "application/json, text/event-stream",
          "MCP-Protocol-Version": "2025-11-25",
          ...headers,
        },
        body: JSON.stringify({ jsonrpc: "2.0", id: ++id, method, params }),
      });
    const call = (name: string, args: unknown = {}, headers?: Record<string, string>) =>
      rpc("tools/call", { name, arguments: args }, headers);
    const initialize = async () => {
      const answer = await rpc("initialize", {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: "tester", version: "1.2.3" },
      });
      return { answer, session: answer.headers.get("Mcp-Session-Id") ?? undefined };
    };
    const names = async () => {
      const { body } = await rpc("tools/list", {});
      const tools = (body?.result?.["tools"] ?? []) as { name: string }[];
      return tools.map(({ name }) => name);
    };
    return { send, rpc, call, initialize, names };
  };
  return { t, as };
}

export const alice: User = { subject: "alice", scope: "rows:write" };
export const bob: User = { subject: "bob" };
