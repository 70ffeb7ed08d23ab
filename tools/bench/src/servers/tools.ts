import type { Tool } from "@convex-mcp/protocol";

/** A request handler, as every server here is. */
export type Fetch = (request: Request) => Promise<Response>;

/** How a server is told apart from the others, and made. */
export interface ServerKind {
  readonly name: string;
  /** Every request stands alone. */
  readonly stateless: (toolCount: number) => Fetch;
  /** `initialize` opens a session, which the other requests name. */
  readonly sessions?: (toolCount: number) => Fetch;
  /** It takes the streams of a response apart, and cannot do with plain objects. */
  readonly needsStreams?: true;
}

/** What the tool of every server answers; the arguments are as {@link toolDefinition} says. */
export function answerSearch(args: unknown): { content: { type: "text"; text: string }[] } {
  const { query, limit } = args as { query: string; limit: number };
  return { content: [{ type: "text", text: `${limit} results for ${query}` }] };
}

/** The name of the n-th tool. */
export function toolName(index: number): string {
  return `search_${index}`;
}

/** What is said of the n-th tool. */
export function toolDescription(index: number): string {
  return `Searches the documents of collection ${index} and gives the best matches first.`;
}

/** The n-th tool as `tools/list` shows it. */
export function toolDefinition(index: number): Tool & { inputSchema: { type: "object" } } {
  return {
    name: toolName(index),
    description: toolDescription(index),
    inputSchema: {
      type: "object",
      properties: {
        query: { type: "string", description: "What to look for." },
        limit: { type: "number", description: "How many matches at most." },
        tags: { type: "array", items: { type: "string" } },
      },
      required: ["query", "limit"],
    },
  };
}

/** All indexes of so many tools. */
export function toolIndexes(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** What servers call themselves. */
export const serverInfo = { name: "bench", version: "1.0.0" };
