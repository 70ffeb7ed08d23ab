import { httpActionGeneric, httpRouter } from "convex/server";

/** What an app pays for any HTTP action: its router with one route. */
const http = httpRouter();
http.route({
  path: "/mcp",
  method: "POST",
  handler: httpActionGeneric(async (_ctx, request) => {
    const { id } = JSON.parse(await request.text()) as { id: number };
    const content = [{ type: "text", text: "3 results for invoices" }];
    return Response.json({ jsonrpc: "2.0", id, result: { content } });
  }),
});

/** The route's answer. */
export async function answer(request: Request): Promise<Response> {
  const [handler] = http.lookup("/mcp", "POST") ?? [];
  return (handler as unknown as { _handler: Handler })._handler({}, request);
}

type Handler = (ctx: unknown, request: Request) => Promise<Response>;
