import { httpRouter } from "convex/server";
import { internal } from "./_generated/api.js";
import { mcp } from "./mcp.ts";

const http = httpRouter();
const { dispatch, runTask } = internal.mcp;
mcp.registerRoutes(http, { dispatch, runTask });

export default http;
