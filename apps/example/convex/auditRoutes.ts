import type { HttpRouter } from "convex/server";
import { ConvexError, type Value } from "convex/values";
import { api } from "./_generated/api.js";
import { type ActionCtx, httpAction } from "./_generated/server.js";

/**
 * Mounts what the console asks: `POST /audit/list` and so on, with the arguments of the query of that name as JSON, so that no
 * person's or session's id gets into a URL. Apps whose page has a Convex client need none of this: it calls the queries.
 */
export function registerAuditRoutes(http: HttpRouter): void {
  const { list, statistics, verification, lines } = api.audit;
  for (const [name, query] of Object.entries({ list, statistics, verification, lines })) {
    http.route({
      path: `/audit/${name}`,
      method: "POST",
      handler: httpAction((ctx, request) => answer(ctx, request, query)),
    });
  }
}

type AuditQuery = (typeof api.audit)[keyof typeof api.audit];

async function answer(ctx: ActionCtx, request: Request, query: AuditQuery): Promise<Response> {
  const headers = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };
  // Before anything that a stranger sent is read; who may is decided by the query. For a token that is not good it throws.
  const user = await ctx.auth.getUserIdentity().catch(() => undefined);
  if (user === undefined) {
    return Response.json({ error: "Expected a valid token." }, { status: 401, headers });
  }
  if (user === null) return Response.json({ error: "Sign in first." }, { status: 403, headers });
  const args = await bodyOf(request);
  if (args === undefined) {
    const error = "Expected the arguments of the query as a JSON object.";
    return Response.json({ error }, { status: 400, headers });
  }
  try {
    // The query's validators judge the arguments.
    return Response.json(await ctx.runQuery(query, args), { headers });
  } catch (error) {
    if (!(error instanceof ConvexError)) throw error;
    return Response.json({ error: error.data as Value }, { status: 403, headers });
  }
}

async function bodyOf(request: Request): Promise<object | undefined> {
  const body: unknown = await request.json().catch(() => undefined);
  return typeof body === "object" && body !== null && !Array.isArray(body) ? body : undefined;
}
