import { createServer, type IncomingMessage } from "node:http";

const AGENT = "https://agent.example.com";
/** A client ID metadata document: what the fixture's bridge looks for at `AGENT` is here. */
export const DOCUMENT = `${AGENT}/client.json`;
export const REDIRECT = "http://127.0.0.1:33418/callback";

/** A provider that knows the bridge alone, and signs in everybody as `ann` with no page. */
export interface Provider {
  readonly issuer: string;
  /** What access tokens are from now on. */
  setToken(token: string): void;
  close(): Promise<void>;
}

export async function startProvider(): Promise<Provider> {
  let accessToken = "";
  const codes = new Map<string, URLSearchParams>();
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const issuer = `http://localhost:${address.port}`;

  const give = (nonce: string | null) => {
    const exp = Math.floor(Date.now() / 1000) + 3600;
    const claims = { iss: issuer, aud: "bridge", sub: "ann", exp, ...(nonce ? { nonce } : {}) };
    return {
      access_token: accessToken,
      token_type: "Bearer",
      expires_in: 3600,
      refresh_token: crypto.randomUUID(),
      id_token: `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.`,
    };
  };
  const authorize = (query: URLSearchParams): string => {
    const code = crypto.randomUUID();
    codes.set(code, query);
    const back = new URL(query.get("redirect_uri") ?? "");
    back.search = new URLSearchParams({ code, state: query.get("state") ?? "" }).toString();
    return back.href;
  };
  const answer = async (request: IncomingMessage): Promise<object | undefined> => {
    if (request.url?.endsWith("/client.json")) {
      const client_id = AGENT + request.url;
      return { client_id, client_name: "Documented agent", redirect_uris: [REDIRECT] };
    }
    const form = new URLSearchParams(await textOf(request));
    if (request.url === "/revoke") return {};
    if (request.url !== "/token") return undefined;
    const asked = codes.get(form.get("code") ?? "");
    return give(asked?.get("nonce") ?? null);
  };
  server.on("request", (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", issuer);
    if (pathname === "/authorize") {
      response.writeHead(303, { location: authorize(searchParams) }).end();
      return;
    }
    void answer(request).then((body) => {
      const headers = { "content-type": "application/json", "cache-control": "max-age=300" };
      response.writeHead(body === undefined ? 404 : 200, headers);
      response.end(JSON.stringify(body ?? {}));
    });
  });
  return {
    issuer,
    setToken: (token) => void (accessToken = token),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
  return text;
}
