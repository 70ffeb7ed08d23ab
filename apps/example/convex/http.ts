import { httpRouter } from "convex/server";
import { api, internal } from "./_generated/api.js";
import { httpAction } from "./_generated/server.js";
import { mcp } from "./mcp.ts";
import { page, pageHeaders } from "./page.ts";

const http = httpRouter();
mcp.registerRoutes(http, { dispatch: internal.mcp.dispatch });

http.route({
  path: "/",
  method: "GET",
  handler: httpAction(async () => new Response(page, { headers: pageHeaders })),
});

/** What the page polls; the query decides who may read. */
http.route({
  path: "/audit",
  method: "GET",
  handler: httpAction(async (ctx) => {
    const found = await ctx.runQuery(api.audit.list, {});
    return found === null
      ? Response.json({ error: "Only an admin may read the audit log." }, { status: 403 })
      : Response.json(found, { headers: { "Cache-Control": "no-store" } });
  }),
});

export default http;
