import type { HttpRouter } from "convex/server";
import { ConvexError } from "convex/values";
import { api } from "./_generated/api.js";
import { type ActionCtx, httpAction } from "./_generated/server.js";
import { auditArgs } from "./audit.ts";
import { mistaken } from "./mistaken.ts";

/**
 * Mounts what the console asks: `POST /audit/list` and so on, with the arguments of the query of that name as JSON, so that no
 * person's or session's id gets into a URL. Apps whose page has a Convex client need none of this: it calls the queries.
 */
export function registerAuditRoutes(http: HttpRouter): void {
  for (const name of ["list", "statistics", "verification", "lines"] as const) {
    http.route({
      path: `/audit/${name}`,
      method: "POST",
      handler: httpAction((ctx, request) => answer(ctx, request, name)),
    });
  }
}

async function answer(
  ctx: ActionCtx,
  request: Request,
  name: keyof typeof auditArgs,
): Promise<Response> {
  const headers = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };
  // Before anything that a stranger sent is read; who may is decided by the query. For a token that is not good it throws.
  const user = await ctx.auth.getUserIdentity().catch(() => undefined);
  if (user === undefined) {
    return Response.json({ error: "Expected a valid token." }, { status: 401, headers });
  }
  if (user === null) return Response.json({ error: "Sign in first." }, { status: 403, headers });
  const wrong = (error: string) => Response.json({ error }, { status: 400, headers });
  const args = await bodyOf(request);
  if (args === undefined) return wrong("Expected the arguments of the query as a JSON object.");
  const mistake = mistaken(args, auditArgs[name]);
  if (mistake !== undefined) return wrong(mistake);
  try {
    return Response.json(await ctx.runQuery(api.audit[name], args), { headers });
  } catch (error) {
    if (!(error instanceof ConvexError)) throw error;
    const { data } = error as ConvexError<string | { message: string }>;
    // What the library calls a mistake is an object; who may not is told in a text.
    if (typeof data !== "string") return wrong(data.message);
    return Response.json({ error: data }, { status: 403, headers });
  }
}

async function bodyOf(request: Request): Promise<object | undefined> {
  const body: unknown = await request.json().catch(() => undefined);
  return typeof body === "object" && body !== null && !Array.isArray(body) ? body : undefined;
}
