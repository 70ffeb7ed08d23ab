/** A server whose tools talk to their client, in both eras, and clients that answer. */
import {
  askByMail,
  askInRounds,
  memoryCancellations,
  memoryContinuations,
  memoryEvents,
  memoryLogLevels,
  memoryMailbox,
  memorySessions,
  resumption,
  streaming,
  type Channel,
  type Feature,
  type InProcessTool,
  type McpHandler,
  type StreamingOptions,
} from "../../src/index.ts";
import { endpoint, newest, post, rpc, type Person } from "./endpoint.ts";

export const secret = "a secret that nobody else could guess";

/** A tool that is only its name and what it does with its channel. */
export function tool(
  name: string,
  work: (channel: Channel, args: Readonly<Record<string, unknown>>) => Promise<string> | string,
): InProcessTool<string, Person> {
  return {
    definition: { name, inputSchema: { type: "object" } },
    run: async (args, { call }) => ({
      content: [{ type: "text", text: await work(call.channel, args) }],
    }),
  };
}

interface Options extends Partial<StreamingOptions<string, Person>> {
  readonly now?: () => number;
  readonly features?: readonly Feature<string, Person>[];
}

export function live(
  tools: readonly InProcessTool<string, Person>[],
  { now = Date.now, features = [], ...options }: Options = {},
) {
  const sessions = memorySessions<string, Person>({ ownerOf: (person) => person });
  const events = memoryEvents<string, Person>({ now });
  return endpoint({
    sessions,
    catalog: { tools, sessions },
    features: [
      ...features,
      streaming({
        logs: memoryLogLevels(),
        cancellations: memoryCancellations(),
        ask: [
          askByMail({ mailbox: memoryMailbox({ now }), timeoutMs: 2000, now }),
          askInRounds({
            secret,
            ownerOf: (person) => person,
            continuations: memoryContinuations({ now }),
            now,
          }),
        ],
        resume: resumption({ events, retryMs: 10, pollMs: 5, maxMs: 500 }),
        ...options,
      }),
    ],
  });
}

/** Headers of a session of Ada's whose client declares these capabilities. */
export async function open(
  handler: McpHandler<string>,
  capabilities: object = {},
  { version = "2025-11-25", person = "ada" } = {},
): Promise<Record<string, string>> {
  const authorization = `Bearer ${person}`;
  const params = {
    protocolVersion: version,
    capabilities,
    clientInfo: { name: "c", version: "0" },
  };
  const response = await handler(post(rpc("initialize", params), { authorization }), "c");
  const session = response.headers.get("mcp-session-id") ?? "";
  return { ...newest, "mcp-protocol-version": version, authorization, "mcp-session-id": session };
}

/** A stream's messages as they come. */
// oxlint-disable-next-line typescript/no-explicit-any
export async function* messagesOf(response: Response): AsyncGenerator<any> {
  const decoder = new TextDecoder();
  let buffer = "";
  for await (const chunk of response.body!) {
    buffer += decoder.decode(chunk, { stream: true });
    for (let end = buffer.indexOf("\n\n"); end >= 0; end = buffer.indexOf("\n\n")) {
      const data = /^data: (.+)$/m.exec(buffer.slice(0, end))?.[1];
      buffer = buffer.slice(end + 2);
      if (data) yield JSON.parse(data);
    }
  }
}
