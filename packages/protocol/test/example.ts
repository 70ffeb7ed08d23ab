import { createMcpHandler, memorySessions, memoryTools } from "@convex-mcp/protocol";
import { zodTool } from "@convex-mcp/protocol/zod";
import { z } from "zod";

const add = zodTool({
  name: "add",
  description: "Adds two numbers.",
  input: z.object({ a: z.number(), b: z.number() }),
  output: z.object({ sum: z.number() }),
  handler: ({ a, b }) => ({ sum: a + b }),
});
const sessions = memorySessions<undefined, string>({ ownerOf: (user) => user });

const handle = createMcpHandler<undefined, string>({
  serverInfo: { name: "sums", version: "1.0.0" },
  authenticate: (request) => {
    if (request.headers.get("authorization") === "Bearer secret") {
      return { ok: true, principal: "ada" };
    }
    const headers = { "WWW-Authenticate": "Bearer" };
    return { ok: false, refusal: { status: 401, code: -32000, message: "Sign in.", headers } };
  },
  sessions,
  tools: memoryTools({ tools: [add], sessions }),
});

export const fetch = (request: Request): Promise<Response> => handle(request, undefined);
