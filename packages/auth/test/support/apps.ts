/** An MCP client as people install it, and what it was seen to send (September 2026). */
export interface App {
  readonly name: string;
  /** A registration (RFC 7591), or its client ID metadata document. */
  readonly metadata: Readonly<Record<string, unknown>> & { readonly client_id?: string };
  /** The redirect URI that it then asks for. */
  readonly redirect: string;
}

const CODE = { grant_types: ["authorization_code", "refresh_token"], response_types: ["code"] };

export const REGISTERING: readonly App[] = [
  {
    name: "Claude",
    metadata: {
      ...CODE,
      client_name: "Claude",
      redirect_uris: ["https://claude.ai/api/mcp/auth_callback"],
      token_endpoint_auth_method: "client_secret_post",
    },
    redirect: "https://claude.ai/api/mcp/auth_callback",
  },
  {
    name: "Codex, on a port that changes",
    metadata: {
      ...CODE,
      client_name: "Codex",
      application_type: "native",
      redirect_uris: ["http://127.0.0.1:37819/callback"],
      token_endpoint_auth_method: "none",
    },
    redirect: "http://127.0.0.1:40123/callback",
  },
  {
    // Its scheme is not allowed unless the app says so.
    name: "Cursor",
    metadata: {
      ...CODE,
      client_name: "Cursor",
      redirect_uris: [
        "cursor://anysphere.cursor-mcp/oauth/callback",
        "https://www.cursor.com/agents/mcp/oauth/callback",
        "http://localhost:8787/callback",
      ],
      token_endpoint_auth_method: "none",
    },
    redirect: "http://localhost:8787/callback",
  },
  {
    name: "Gemini CLI",
    metadata: {
      ...CODE,
      client_name: "Gemini CLI MCP Client",
      redirect_uris: ["http://localhost:7777/oauth/callback"],
      token_endpoint_auth_method: "none",
    },
    redirect: "http://localhost:51234/oauth/callback",
  },
  {
    name: "OpenCode",
    metadata: {
      ...CODE,
      client_name: "OpenCode",
      client_uri: "https://opencode.ai",
      redirect_uris: ["http://127.0.0.1:19876/mcp/oauth/callback"],
      token_endpoint_auth_method: "none",
    },
    redirect: "http://127.0.0.1:19876/mcp/oauth/callback",
  },
  {
    name: "VS Code",
    metadata: {
      client_name: "Visual Studio Code",
      client_uri: "https://code.visualstudio.com",
      grant_types: [...CODE.grant_types, "urn:ietf:params:oauth:grant-type:device_code"],
      response_types: ["code"],
      redirect_uris: [
        "https://insiders.vscode.dev/redirect",
        "https://vscode.dev/redirect",
        "http://127.0.0.1/",
        "http://127.0.0.1:33418/",
      ],
      token_endpoint_auth_method: "none",
      application_type: "native",
    },
    redirect: "http://127.0.0.1:33418/",
  },
];

export const WITH_DOCUMENT: readonly App[] = [
  {
    name: "Claude",
    metadata: {
      ...CODE,
      client_id: "https://claude.ai/oauth/mcp-oauth-client-metadata",
      client_name: "Claude",
      redirect_uris: [
        "https://claude.ai/api/mcp/auth_callback",
        "https://claude.com/api/mcp/auth_callback",
      ],
      token_endpoint_auth_method: "none",
    },
    redirect: "https://claude.com/api/mcp/auth_callback",
  },
  {
    name: "Claude Code, with no port in its document",
    metadata: {
      ...CODE,
      client_id: "https://claude.ai/oauth/claude-code-client-metadata",
      client_name: "Claude Code",
      redirect_uris: ["http://localhost/callback", "http://127.0.0.1/callback"],
      token_endpoint_auth_method: "none",
    },
    redirect: "http://localhost:3118/callback",
  },
  {
    // It prefers a key of its own, and can do without.
    name: "ChatGPT",
    metadata: {
      ...CODE,
      client_id: "https://chatgpt.com/oauth/client.json",
      client_uri: "https://chatgpt.com/",
      client_name: "ChatGPT",
      redirect_uris: ["https://chatgpt.com/connector_platform_oauth_redirect"],
      token_endpoint_auth_method: "private_key_jwt",
      token_endpoint_auth_methods_supported: ["none", "private_key_jwt"],
      token_endpoint_auth_signing_alg: "RS256",
      jwks_uri: "https://chatgpt.com/oauth/jwks.json",
    },
    redirect: "https://chatgpt.com/connector_platform_oauth_redirect",
  },
  {
    name: "VS Code",
    metadata: {
      client_id: "https://vscode.dev/oauth/client-metadata.json",
      client_name: "Visual Studio Code",
      client_uri: "https://vscode.dev/product",
      grant_types: [...CODE.grant_types, "urn:ietf:params:oauth:grant-type:device_code"],
      response_types: ["code"],
      redirect_uris: ["http://127.0.0.1:33418/", "https://vscode.dev/redirect"],
      token_endpoint_auth_method: "none",
      application_type: "native",
    },
    redirect: "http://127.0.0.1:33418/",
  },
];
