import {
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
} from "@modelcontextprotocol/client";
import type { OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ToolListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import type { SignIn } from "../signin.ts";

/** An official client, and the revision that it speaks. */
export interface Flavour {
  readonly name: string;
  readonly sdk: "v1" | "v2";
  readonly version: "2025-11-25" | "2026-07-28";
}

export const flavours: readonly Flavour[] = [
  { name: "SDK v1 (2025-11-25)", sdk: "v1", version: "2025-11-25" },
  { name: "SDK v2 at 2025-11-25", sdk: "v2", version: "2025-11-25" },
  { name: "SDK v2 at 2026-07-28", sdk: "v2", version: "2026-07-28" },
];

/** The part of both official clients that the flows use. */
export interface Agent {
  call(name: string, args?: Record<string, unknown>, watch?: CallWatch): Promise<ToolResult>;
  sessionId(): string | undefined;
  /** Redeems what a sign-in ended with. */
  finish(callback: URLSearchParams): Promise<void>;
  /** Fetches the rest of a stream, after an event of it. */
  resume(eventId: string): Promise<void>;
  /** How often it was told that the list of tools changed. */
  heard(): number;
  /** Subscribes to that; resolves to what ends the subscription. */
  listen(): Promise<{ readonly closed: Promise<string> }>;
  close(): Promise<void>;
}

export interface ToolResult {
  readonly isError?: boolean | undefined;
  readonly structuredContent?: Record<string, unknown> | undefined;
}

/** What is heard of a call while it runs. */
export interface CallWatch {
  readonly onprogress?: (progress: { progress: number }) => void;
  /** The event that it came to. */
  readonly onresumptiontoken?: (eventId: string) => void;
}

/** What both transports know alike; what only SDK v2 knows, v1 passes over. */
export interface AgentOptions {
  readonly fetch?: typeof fetch;
  readonly onInsufficientScope?: "reauthorize" | "throw";
}

const info = { name: "flows", version: "1.0.0" };

/** Connects a client that is given the URL, and what its app knows of the user. */
export function open(
  flavour: Flavour,
  endpoint: string,
  authProvider: OAuthClientProvider,
  options: AgentOptions = {},
): Promise<Agent> {
  const given = { authProvider, ...options };
  return flavour.sdk === "v1"
    ? openV1(new URL(endpoint), given)
    : openV2(new URL(endpoint), given, flavour.version);
}

/** The same with a user who signs in first, in the browser that the SDK opens. */
export async function connect(
  flavour: Flavour,
  endpoint: string,
  signIn: SignIn,
  options?: AgentOptions,
): Promise<Agent> {
  await untilSignIn(open(flavour, endpoint, signIn.provider, options));
  await redeem(flavour, endpoint, signIn);
  return await open(flavour, endpoint, signIn.provider, options);
}

/** What an app does that was started by the redirect of the browser: it has no connection, and makes one. */
async function redeem({ sdk }: Flavour, endpoint: string, signIn: SignIn) {
  const options = { authProvider: signIn.provider };
  const callback = signIn.callback();
  await (sdk === "v1"
    ? new StreamableHTTPClientTransport(new URL(endpoint), options).finishAuth(codeIn(callback))
    : new TransportV2(new URL(endpoint), options).finishAuth(callback));
}

/** Waits for something to end as it does where the user is sent to sign in. */
export async function untilSignIn(asked: Promise<unknown>): Promise<void> {
  const ended = await asked.then(
    () => new Error("expected a sign-in, and it was done without"),
    (error: unknown) => error,
  );
  if (!(ended instanceof Error) || ended.constructor.name !== "UnauthorizedError") throw ended;
}

async function openV1(
  url: URL,
  options: AgentOptions & { authProvider: OAuthClientProvider },
): Promise<Agent> {
  const client = new Client(info);
  const transport = new StreamableHTTPClientTransport(url, options);
  let heard = 0;
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => void (heard += 1));
  await client.connect(transport);
  return {
    call: async (name, args = {}, watch) =>
      (await client.callTool({ name, arguments: args }, undefined, watch)) as ToolResult,
    sessionId: () => transport.sessionId,
    finish: async (callback) => await transport.finishAuth(codeIn(callback)),
    resume: (eventId) => transport.resumeStream(eventId),
    heard: () => heard,
    listen: () => Promise.reject(new Error("SDK v1 does not know subscriptions/listen.")),
    close: () => client.close(),
  };
}

async function openV2(
  url: URL,
  options: AgentOptions & { authProvider: OAuthClientProvider },
  version: Flavour["version"],
): Promise<Agent> {
  const client = new ClientV2(
    info,
    version === "2025-11-25"
      ? { supportedProtocolVersions: [version] }
      : { versionNegotiation: { mode: { pin: version } } },
  );
  const transport = new TransportV2(url, options);
  let heard = 0;
  client.setNotificationHandler("notifications/tools/list_changed", () => void (heard += 1));
  await client.connect(transport);
  return {
    call: async (name, args = {}, watch) =>
      (await client.callTool({ name, arguments: args }, watch)) as ToolResult,
    sessionId: () => transport.sessionId,
    finish: (callback) => transport.finishAuth(callback),
    resume: (eventId) => transport.resumeStream(eventId),
    heard: () => heard,
    listen: async () => await client.listen({ toolsListChanged: true }),
    close: () => client.close(),
  };
}

/** SDK v1 takes the code alone: that there is none, its app has to see. */
function codeIn(callback: URLSearchParams): string {
  const code = callback.get("code");
  if (code === null)
    throw new Error(`${callback.get("error")}: ${callback.get("error_description")}`);
  return code;
}
