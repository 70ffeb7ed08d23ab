import { httpRouter } from "convex/server";
import { internal } from "./_generated/api.js";
import { mcp } from "./mcp.ts";

const http = httpRouter();
mcp.registerRoutes(http, { dispatch: internal.mcp.dispatch });

export default http;
