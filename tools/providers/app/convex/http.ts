import { httpRouter } from "convex/server";
import { internal } from "./_generated/api";
import { mcp } from "./mcp";

const http = httpRouter();
mcp.registerRoutes(http, { dispatch: internal.mcp.dispatch });
export default http;
