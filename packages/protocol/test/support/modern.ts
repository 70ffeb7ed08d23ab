import { post, rpc } from "./endpoint.ts";

const keys = {
  version: "io.modelcontextprotocol/protocolVersion",
  capabilities: "io.modelcontextprotocol/clientCapabilities",
};

/** The `_meta` of a well-behaved modern client. */
export function envelope(capabilities: unknown = {}, more: Record<string, unknown> = {}) {
  return { [keys.version]: "2026-07-28", [keys.capabilities]: capabilities, ...more };
}

interface Modern {
  readonly capabilities?: unknown;
  readonly meta?: Record<string, unknown>;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly id?: string | number;
}

/** A modern request as a well-behaved client sends it; headers given as undefined are left out. */
export function ask(
  method: string,
  params: Record<string, unknown> = {},
  { capabilities, meta, headers, id = 1 }: Modern = {},
): Request {
  const name = params.name ?? params.uri ?? params.taskId;
  const _meta = envelope(capabilities, meta);
  return post(
    { ...rpc(method, { ...params, _meta }), id },
    {
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": method,
      "mcp-name": typeof name === "string" ? name : undefined,
      ...headers,
    },
  );
}

/** The events of a stream, each as its fields; comments are left out. */
export function parseEvents(text: string): { id?: string; data?: string; retry?: string }[] {
  return text
    .split("\n\n")
    .map((block) => block.split("\n").filter((line) => line !== "" && !line.startsWith(":")))
    .filter((lines) => lines.length > 0)
    .map((lines) =>
      Object.fromEntries(lines.map((line) => /^(\w+): ?(.*)$/.exec(line)!.slice(1, 3))),
    );
}

/** The JSON-RPC messages of a stream. */
// Foreign JSON, as a test reads it.
// oxlint-disable-next-line typescript/no-explicit-any
export function parseMessages(text: string): any[] {
  return parseEvents(text).flatMap(({ data }) => (data ? [JSON.parse(data)] : []));
}
