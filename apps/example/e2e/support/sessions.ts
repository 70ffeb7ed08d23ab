/** Opens a session as a client of the newest revision does, and gives its id. */
export async function openSession(endpoint: string, token: string): Promise<string> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${token}`,
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 0,
      method: "initialize",
      params: {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: "end-to-end", version: "9.9.9" },
      },
    }),
  });
  const sessionId = response.headers.get("mcp-session-id");
  if (sessionId === null)
    throw new Error(`no session: ${response.status} ${await response.text()}`);
  return sessionId;
}
