import { httpRouter } from "convex/server";
import { internal } from "./_generated/api.js";
import { blind, lenient, strict } from "./failingLog.ts";
import { mcp } from "./mcp.ts";
import { mute, talking } from "./talking.ts";

const http = httpRouter();
const { dispatch } = internal.mcp;
mcp.registerRoutes(http, { dispatch });
mcp.registerRoutes(http, { dispatch, path: "/closed/mcp", anonymous: false });
strict.registerRoutes(http, { dispatch: internal.failingLog.strictDispatch, path: "/strict/mcp" });
blind.registerRoutes(http, { dispatch: internal.failingLog.strictDispatch, path: "/blind/mcp" });
lenient.registerRoutes(http, {
  dispatch: internal.failingLog.lenientDispatch,
  path: "/lenient/mcp",
});
talking.registerRoutes(http, { dispatch: internal.talking.dispatch, path: "/talking/mcp" });
mute.registerRoutes(http, { dispatch: internal.talking.dispatch, path: "/mute/mcp" });

export default http;
