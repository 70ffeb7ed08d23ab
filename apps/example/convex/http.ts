import { httpRouter } from "convex/server";
import { internal } from "./_generated/api.js";
import { httpAction } from "./_generated/server.js";
import { registerAuditRoutes } from "./auditRoutes.ts";
import { mcp } from "./mcp.ts";
import { page, pageHeaders } from "./page.ts";

const http = httpRouter();
mcp.registerRoutes(http, { dispatch: internal.mcp.dispatch });
registerAuditRoutes(http);

http.route({
  path: "/",
  method: "GET",
  handler: httpAction(async () => new Response(page, { headers: pageHeaders })),
});

export default http;
