import { encode, type RawRequest, type Step } from "../raw.ts";

/** A signed-in user's way in: everything that a good request needs. */
export interface Target {
  readonly port: number;
  readonly token: string;
  readonly sessionId: string;
}

/** What a hostile client tries, and what it has to get. */
export interface Attempt {
  readonly name: string;
  readonly steps: (target: Target) => readonly Step[];
  /** One for each response; none where the client leaves. */
  readonly expected: readonly Expected[];
  readonly head?: boolean;
}

/** What a response has to be. */
export interface Expected {
  readonly status: number;
  /** Of the JSON-RPC error; without it the answer is none. */
  readonly code?: number;
  /** The request's id; without it there must be no `id` member. */
  readonly id?: string | number;
  /** The error's message, the text of an `isError` result, or else the whole body. */
  readonly says: RegExp;
  /** Default `application/json`; `null` for no content type. */
  readonly type?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether it is a result with `isError`. */
  readonly isError?: true;
}

/** Overrides of a good request's head; `null` leaves a header out, several values are several lines. */
export type Head = Readonly<Record<string, string | readonly string[] | null>>;

/** What may differ from a good POST. */
export interface Difference extends Omit<RawRequest, "headers"> {
  readonly headers?: Head;
}

/** The newest revision with sessions; its requests name it. */
const VERSION = "2025-11-25";

/** A good request but for the difference. */
export function bytesOf(target: Target, { headers = {}, ...rest }: Difference): Uint8Array {
  const head: Head = {
    Host: `localhost:${target.port}`,
    Authorization: `Bearer ${target.token}`,
    Accept: "application/json, text/event-stream",
    "Content-Type": "application/json",
    "MCP-Protocol-Version": VERSION,
    "Mcp-Session-Id": target.sessionId,
    ...headers,
  };
  const lines = Object.entries(head).flatMap(([name, value]) => {
    if (value === null) return [];
    return typeof value === "string"
      ? [[name, value] as const]
      : value.map((one) => [name, one] as const);
  });
  return encode({ ...rest, headers: lines });
}

/** An attempt of a single request. */
export function attempt(name: string, difference: Difference, expected: Expected): Attempt {
  return {
    name,
    steps: (target) => [bytesOf(target, difference)],
    expected: [expected],
    ...(difference.method === "HEAD" ? { head: true } : {}),
  };
}

/** The text of a JSON-RPC request. */
export function rpc(method: string, params?: unknown, id: unknown = 7): string {
  return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}

/** A request that has to work. */
export const PING = rpc("ping", undefined, "good");
/** Its answer. */
export const PONG: Expected = { status: 200, id: "good", says: /"result":\{\}/ };
