/** The official clients, each in each revision that it can be held to, behind one face. */
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
} from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";

const info = { name: "matrix", version: "1.0.0" };
/** Elicitation is of 2025-06-18. */
const capabilitiesOf = (version: string) =>
  version < "2025-06-18" ? { sampling: {} } : { elicitation: {}, sampling: {} };
const form = { action: "accept" as const, content: { username: "ada", email: "ada@example.com" } };
const said = {
  role: "assistant" as const,
  model: "none",
  content: { type: "text" as const, text: "Forty-two." },
};

/** A connected client, whose user answers every form with ada, and whose model says forty-two. */
export interface Agent {
  readonly version: string | undefined;
  /** Names of tools, prompts and templates, and URIs of resources. */
  readonly list: () => Promise<Listed>;
  readonly read: (uri: string) => Promise<string>;
  readonly call: (name: string, args?: Record<string, unknown>) => Promise<Answer>;
  /** Calls a tool, and cancels it when it says how far it is. Rejects, as the client then does. */
  readonly cancel: (name: string, args: Record<string, unknown>) => Promise<void>;
  /** What its user and its model were asked. */
  readonly asked: readonly string[];
  readonly close: () => Promise<void>;
}

export interface Listed {
  readonly tools: readonly string[];
  readonly resources: readonly string[];
  readonly templates: readonly string[];
  readonly prompts: readonly string[];
}

export interface Answer {
  readonly text: string;
  readonly isError: boolean;
}

export interface Connector {
  readonly name: string;
  readonly version: string;
  readonly connect: (url: string) => Promise<Agent>;
}

/** Every client and revision there is. */
export const connectors: readonly Connector[] = [
  { name: "v1", version: "2025-11-25", connect: connectV1 },
  ...["2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"].map((version) => ({
    name: "v2",
    version,
    connect: (url: string) => connectV2(url, version),
  })),
];

async function connectV1(url: string): Promise<Agent> {
  const asked: string[] = [];
  const client = new ClientV1(info, { capabilities: capabilitiesOf("2025-11-25") });
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    asked.push(params.message);
    return form;
  });
  client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => {
    asked.push(JSON.stringify(params.messages));
    return said;
  });
  const transport = new TransportV1(new URL(url));
  await client.connect(transport);
  return agentOf(client, asked, {
    version: transport.protocolVersion,
    call: (name, args, options) => client.callTool({ name, arguments: args }, undefined, options),
    leave: () => transport.terminateSession(),
  });
}

async function connectV2(url: string, version: string): Promise<Agent> {
  const asked: string[] = [];
  const modern = version >= "2026";
  const client = new ClientV2(info, {
    capabilities: capabilitiesOf(version),
    ...(modern
      ? { versionNegotiation: { mode: { pin: version } } }
      : { supportedProtocolVersions: [version] }),
  });
  if (version >= "2025-06-18") {
    client.setRequestHandler("elicitation/create", ({ params }) => {
      asked.push(params.message);
      return form;
    });
  }
  client.setRequestHandler("sampling/createMessage", ({ params }) => {
    asked.push(JSON.stringify(params.messages));
    return said;
  });
  const transport = new TransportV2(new URL(url));
  await client.connect(transport);
  return agentOf(client, asked, {
    version: transport.protocolVersion,
    call: (name, args, options) => client.callTool({ name, arguments: args }, options),
    leave: () => (modern ? Promise.resolve() : transport.terminateSession()),
  });
}

/** What both clients have under the same names. */
interface Lists {
  listTools(): Promise<{ tools: readonly { name: string }[] }>;
  listResources(): Promise<{ resources: readonly { uri: string }[] }>;
  listResourceTemplates(): Promise<{ resourceTemplates: readonly { uriTemplate: string }[] }>;
  listPrompts(): Promise<{ prompts: readonly { name: string }[] }>;
  readResource(params: { uri: string }): Promise<{ contents: readonly object[] }>;
  close(): Promise<void>;
}

interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: () => void;
}

interface Way {
  readonly version: string | undefined;
  readonly call: (
    name: string,
    args: Record<string, unknown>,
    options?: CallOptions,
  ) => Promise<{ readonly [member: string]: unknown }>;
  readonly leave: () => Promise<void>;
}

function agentOf(client: Lists, asked: readonly string[], { version, call, leave }: Way): Agent {
  return {
    version,
    asked,
    list: async () => ({
      tools: (await client.listTools()).tools.map(({ name }) => name),
      resources: (await client.listResources()).resources.map(({ uri }) => uri),
      templates: (await client.listResourceTemplates()).resourceTemplates.map(
        ({ uriTemplate }) => uriTemplate,
      ),
      prompts: (await client.listPrompts()).prompts.map(({ name }) => name),
    }),
    read: async (uri) => JSON.stringify((await client.readResource({ uri })).contents),
    call: async (name, args = {}) => {
      const { content, isError } = await call(name, args);
      return { text: JSON.stringify(content), isError: isError === true };
    },
    cancel: async (name, args) => {
      const abort = new AbortController();
      const onprogress = () => abort.abort("enough");
      await call(name, args, { signal: abort.signal, onprogress });
    },
    close: async () => {
      await leave();
      await client.close();
    },
  };
}
