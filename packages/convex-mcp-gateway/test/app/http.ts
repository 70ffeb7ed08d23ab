import { httpRouter } from "convex/server";
import { internal } from "./_generated/api.js";
import { mountTools } from "./mounts.ts";
import { mute, surviving, talking } from "./talking.ts";
import { loadingShelf, shelf } from "./shelf.ts";
import { recorded } from "./recorded.ts";
import { brief, watching } from "./watching.ts";

const http = httpRouter();
mountTools(http);
const { dispatch } = internal.shelf;
shelf.registerRoutes(http, { dispatch, path: "/shelf/mcp" });
loadingShelf.registerRoutes(http, { dispatch, path: "/loading/mcp" });
talking.registerRoutes(http, { dispatch: internal.talking.dispatch, path: "/talking/mcp" });
surviving.registerRoutes(http, { dispatch: internal.talking.dispatch, path: "/surviving/mcp" });
mute.registerRoutes(http, { dispatch: internal.talking.dispatch, path: "/mute/mcp" });
watching.registerRoutes(http, { dispatch: internal.watching.dispatch, path: "/watching/mcp" });
brief.registerRoutes(http, { dispatch: internal.watching.dispatch, path: "/brief/mcp" });
recorded.registerRoutes(http, { dispatch: internal.recorded.dispatch, path: "/recorded/mcp" });

export default http;
