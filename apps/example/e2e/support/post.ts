/** A JSON-RPC request, or a notification without an id. */
export function message(method: string, params?: unknown, id?: number): object {
  return { jsonrpc: "2.0", ...(id === undefined ? {} : { id }), method, params };
}

/** A call of a tool. */
export function call(name: string, args: object = {}): object {
  return message("tools/call", { name, arguments: args }, 1);
}

/** What may be said beside a body. */
export interface Extras {
  readonly authorization?: string | undefined;
  readonly session?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** POSTs a body, in the revision that has batches, so that it may be anything. */
export function post(url: string, body: unknown, extras: Extras = {}): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headersOf(extras),
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

/** DELETEs a session. */
export function end(url: string, extras: Extras): Promise<Response> {
  return fetch(url, { method: "DELETE", headers: headersOf(extras) });
}

function headersOf({ authorization, session, headers }: Extras): Record<string, string> {
  return {
    ...(authorization === undefined ? {} : { authorization }),
    ...(session === undefined ? {} : { "mcp-session-id": session }),
    ...headers,
  };
}
