import type { HttpRouter } from "convex/server";

/** What the dispatcher would answer; the functions behind it run elsewhere. */
const reply = {
  kind: "result",
  json: '{"content":[{"type":"text","text":"3 results for invoices"}]}',
};

/** The context of an HTTP action whose caller is signed in, without the platform behind it. */
const ctx = {
  auth: {
    getUserIdentity: async () => ({
      subject: "ann",
      issuer: "https://issuer.test",
      tokenIdentifier: "https://issuer.test|ann",
    }),
  },
  runMutation: async () => reply,
  runQuery: async () => null,
  runAction: async () => null,
};

type Handler = (ctx: unknown, request: Request) => Promise<Response>;

/** Sends a request through an app's router, as the platform does. */
export async function answerThrough(http: HttpRouter, request: Request): Promise<Response> {
  const [handler] = http.lookup("/mcp", "POST") ?? [];
  return (handler as unknown as { _handler: Handler })._handler(ctx, request);
}
