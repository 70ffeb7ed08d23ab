import type { HttpRouter } from "convex/server";
import { internal } from "./_generated/api.js";
import { blind, lenient, strict } from "./failingLog.ts";
import { mcp } from "./mcp.ts";

/** Everything that has tools alone: what `bundle.test.ts` measures. */
export function mountTools(http: HttpRouter): void {
  const { dispatch } = internal.mcp;
  mcp.registerRoutes(http, { dispatch });
  mcp.registerRoutes(http, { dispatch, path: "/closed/mcp", anonymous: false });
  strict.registerRoutes(http, {
    dispatch: internal.failingLog.strictDispatch,
    path: "/strict/mcp",
  });
  blind.registerRoutes(http, { dispatch: internal.failingLog.strictDispatch, path: "/blind/mcp" });
  lenient.registerRoutes(http, {
    dispatch: internal.failingLog.lenientDispatch,
    path: "/lenient/mcp",
  });
}
