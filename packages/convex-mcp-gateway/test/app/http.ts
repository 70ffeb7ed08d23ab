import { httpRouter } from "convex/server";
import { internal } from "./_generated/api.js";
import { keyed } from "./keyed.ts";
import { mountTools } from "./mounts.ts";
import { mute, surviving, talking } from "./talking.ts";
import { loadingShelf, shelf } from "./shelf.ts";

const http = httpRouter();
mountTools(http);
const { dispatch } = internal.shelf;
shelf.registerRoutes(http, { dispatch, path: "/shelf/mcp" });
loadingShelf.registerRoutes(http, { dispatch, path: "/loading/mcp" });
talking.registerRoutes(http, { dispatch: internal.talking.dispatch, path: "/talking/mcp" });
surviving.registerRoutes(http, { dispatch: internal.talking.dispatch, path: "/surviving/mcp" });
mute.registerRoutes(http, { dispatch: internal.talking.dispatch, path: "/mute/mcp" });
keyed.registerRoutes(http, { dispatch: internal.keyed.dispatch, path: "/keyed/mcp" });

export default http;
