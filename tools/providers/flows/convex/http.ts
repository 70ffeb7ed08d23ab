import { httpRouter } from "convex/server";
import { internal } from "./_generated/api";
import { httpAction } from "./_generated/server";
import { live, mcp, moved } from "./mcp";

const http = httpRouter();
const { dispatch } = internal.mcp;
mcp.registerRoutes(http, { dispatch });
live.registerRoutes(http, { dispatch, path: "/live/mcp" });

/** One URL before and after a deployment, which this engine cannot repeat: a row tells which. */
const path = "/moving/mcp";
const endpoint = httpAction(async (ctx, request) => {
  const gateway = (await ctx.runQuery(internal.notes.hasMoved)) ? moved : mcp;
  return await gateway.handleMcpRequest(ctx, request, { dispatch, path });
});
const metadata = httpAction(async (ctx, request) => {
  const gateway = (await ctx.runQuery(internal.notes.hasMoved)) ? moved : mcp;
  return gateway.handleMetadataRequest(request, path);
});
for (const method of ["POST", "GET", "DELETE"] as const) {
  http.route({ path, method, handler: endpoint });
}
http.route({
  path: `/.well-known/oauth-protected-resource${path}`,
  method: "GET",
  handler: metadata,
});

export default http;
