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
  readonly resources: () => Promise<string[]>;
  readonly templates: () => Promise<string[]>;
  /** The text of a resource. */
  readonly read: (uri: string) => Promise<string | undefined>;
  readonly prompts: () => Promise<string[]>;
  /** The texts of a prompt's messages. */
  readonly prompt: (name: string, args: Record<string, string>) => Promise<(string | undefined)[]>;
  /** Suggestions for an argument of a prompt. */
  readonly complete: (prompt: string, argument: string, value: string) => Promise<string[]>;
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
    ...primitivesOf(client),
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
    ...primitivesOf(client),
    ping: () => client.ping(),
    sessionId: () => transport.sessionId,
    protocolVersion: () => client.getNegotiatedProtocolVersion(),
    finishSignIn: () => transport.finishAuth(signIn?.callback() ?? new URLSearchParams()),
    endSession: () => transport.terminateSession(),
    close: () => client.close(),
    signIn,
  };
}

/** Both clients have these alike. */
interface PrimitivesClient {
  listResources(): Promise<{ resources: { uri: string }[] }>;
  listResourceTemplates(): Promise<{ resourceTemplates: { uriTemplate: string }[] }>;
  readResource(params: { uri: string }): Promise<{ contents: object[] }>;
  listPrompts(): Promise<{ prompts: { name: string }[] }>;
  getPrompt(params: {
    name: string;
    arguments: Record<string, string>;
  }): Promise<{ messages: { content: object }[] }>;
  complete(params: {
    ref: { type: "ref/prompt"; name: string };
    argument: { name: string; value: string };
  }): Promise<{ completion: { values: string[] } }>;
}

function primitivesOf(client: PrimitivesClient) {
  const textOf = (part: object | undefined) =>
    part !== undefined && "text" in part ? String(part.text) : undefined;
  return {
    resources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
    templates: async () =>
      (await client.listResourceTemplates()).resourceTemplates.map(
        ({ uriTemplate }) => uriTemplate,
      ),
    read: async (uri: string) => textOf((await client.readResource({ uri })).contents[0]),
    prompts: async () => (await client.listPrompts()).prompts.map(({ name }) => name),
    prompt: async (name: string, args: Record<string, string>) =>
      (await client.getPrompt({ name, arguments: args })).messages.map(({ content }) =>
        textOf(content),
      ),
    complete: async (name: string, argument: string, value: string) => {
      const ref = { type: "ref/prompt" as const, name };
      const { completion } = await client.complete({ ref, argument: { name: argument, value } });
      return completion.values;
    },
  };
}

function authOf(signIn: SignIn | undefined) {
  return signIn === undefined ? {} : { authProvider: signIn.provider };
}
