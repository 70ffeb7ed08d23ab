import {
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
} from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { signInAs, type SignIn } from "./signin.ts";

/** The part of both official clients that the suite uses. */
export interface Agent {
  readonly listTools: () => Promise<{ tools: { name: string }[] }>;
  readonly call: (name: string, args?: Record<string, unknown>) => Promise<ToolResult>;
  readonly ping: () => Promise<unknown>;
  readonly sessionId: () => string | undefined;
  readonly protocolVersion: () => string | undefined;
  /** Redeems the code that the sign-in ended with. */
  readonly finishSignIn: () => Promise<void>;
  readonly endSession: () => Promise<void>;
  readonly close: () => Promise<void>;
  readonly signIn: SignIn | undefined;
}

export interface ToolResult {
  readonly isError?: boolean | undefined;
  readonly structuredContent?: Record<string, unknown> | undefined;
  readonly content: readonly { readonly type: string; readonly text?: string }[];
}

/** Which client, and which revision it speaks. */
export interface Flavour {
  readonly name: string;
  readonly sdk: "v1" | "v2";
  readonly version: string;
}

export const flavours: readonly Flavour[] = [
  { name: "SDK v1 (2025-11-25)", sdk: "v1", version: "2025-11-25" },
  { name: "SDK v2 at 2025-11-25", sdk: "v2", version: "2025-11-25" },
  { name: "SDK v2 at 2025-06-18", sdk: "v2", version: "2025-06-18" },
  { name: "SDK v2 at 2025-03-26", sdk: "v2", version: "2025-03-26" },
  { name: "SDK v2 at 2026-07-28", sdk: "v2", version: "2026-07-28" },
];

const info = { name: "end-to-end", version: "9.9.9" };

/**
 * Connects an official client that is given the endpoint's URL and nothing else. A user's client first asks for
 * something that needs a user, and signs in as the SDK does on the 401: discovery, registration, PKCE, resource.
 */
export async function connect(flavour: Flavour, endpoint: string, user?: string): Promise<Agent> {
  if (user === undefined) return open(flavour, endpoint);
  const signIn = signInAs(user);
  const stranger = await open(flavour, endpoint, signIn);
  await untilSignIn(stranger.call("whoami"));
  await stranger.finishSignIn();
  await stranger.close();
  return open(flavour, endpoint, signIn);
}

/** Connects a client as whoever has signed in already, or as a stranger. */
export function open(flavour: Flavour, endpoint: string, signIn?: SignIn): Promise<Agent> {
  const url = new URL(endpoint);
  return flavour.sdk === "v1" ? openV1(url, signIn) : openV2(url, signIn, flavour.version);
}

/** Waits for a call to end as one does whose user is sent to sign in. */
export async function untilSignIn(call: Promise<unknown>): Promise<void> {
  const ended = await call.then(
    (result) => new Error(`expected a sign-in, got ${JSON.stringify(result)}`),
    (error: unknown) => error,
  );
  if (!(ended instanceof Error) || ended.constructor.name !== "UnauthorizedError") throw ended;
}

async function openV1(url: URL, signIn: SignIn | undefined): Promise<Agent> {
  const client = new ClientV1(info);
  const transport = new TransportV1(url, authOf(signIn));
  await client.connect(transport);
  return {
    listTools: () => client.listTools(),
    call: async (name, args = {}) =>
      (await client.callTool({ name, arguments: args })) as unknown as ToolResult,
    ping: () => client.ping(),
    sessionId: () => transport.sessionId,
    protocolVersion: () => transport.protocolVersion,
    finishSignIn: () => transport.finishAuth(signIn?.callback().get("code") ?? ""),
    endSession: () => transport.terminateSession(),
    close: () => client.close(),
    signIn,
  };
}

async function openV2(url: URL, signIn: SignIn | undefined, version: string): Promise<Agent> {
  const client = new ClientV2(
    info,
    version.startsWith("2025")
      ? { supportedProtocolVersions: [version] }
      : { versionNegotiation: { mode: { pin: version } } },
  );
  const transport = new TransportV2(url, authOf(signIn));
  await client.connect(transport);
  return {
    listTools: () => client.listTools(),
    call: async (name, args = {}) =>
      (await client.callTool({ name, arguments: args })) as unknown as ToolResult,
    ping: () => client.ping(),
    sessionId: () => transport.sessionId,
    protocolVersion: () => client.getNegotiatedProtocolVersion(),
    finishSignIn: () => transport.finishAuth(signIn?.callback() ?? new URLSearchParams()),
    endSession: () => transport.terminateSession(),
    close: () => client.close(),
    signIn,
  };
}

function authOf(signIn: SignIn | undefined) {
  return signIn === undefined ? {} : { authProvider: signIn.provider };
}
