/** Requests as clients of both eras send them. */

const json = { "content-type": "application/json", accept: "application/json, text/event-stream" };

/** A client that declares nothing, as it introduces itself. */
export const info = { name: "end-to-end", version: "1.0.0" };

/** Sends a message of a session, or one that opens it. */
export function send(
  url: string,
  message: object,
  headers: Record<string, string> = {},
): Promise<Response> {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  return fetch(url, { method: "POST", headers: { ...json, ...headers }, body });
}

/** Sends a request of a session, or one that opens it. */
export function post(
  url: string,
  method: string,
  params: object,
  headers: Record<string, string> = {},
): Promise<Response> {
  return send(url, { id: 1, method, params }, headers);
}

/** Opens a session: the headers of its requests. */
export async function open(
  url: string,
  capabilities: object = {},
): Promise<Record<string, string>> {
  const protocolVersion = "2025-11-25";
  const params = { protocolVersion, clientInfo: info, capabilities };
  const response = await post(url, "initialize", params);
  const id = response.headers.get("mcp-session-id") ?? "";
  return { "mcp-session-id": id, "mcp-protocol-version": protocolVersion };
}

/** Sends a request of 2026-07-28. */
export function ask(
  url: string,
  method: string,
  params: Record<string, unknown>,
  signal?: AbortSignal,
): Promise<Response> {
  const version = "2026-07-28";
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": version,
    "io.modelcontextprotocol/clientCapabilities": {},
    progressToken: 1,
  };
  const headers = {
    ...json,
    "mcp-protocol-version": version,
    "mcp-method": method,
    ...(typeof params["name"] === "string" && { "mcp-name": params["name"] }),
  };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta } });
  return fetch(url, { method: "POST", headers, body, ...(signal && { signal }) });
}

/** A stream's text as it comes, until it has something; all of it where nothing is wanted. */
export async function readUntil(response: Response, wanted?: string): Promise<string> {
  let told = "";
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    told += part;
    if (wanted !== undefined && told.includes(wanted)) return told;
  }
  return told;
}
