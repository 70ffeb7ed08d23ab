import { httpRouter } from "convex/server";
import { internal } from "./_generated/api.js";
import { asking, unheard } from "./asking.ts";
import { bridged } from "./bridged.ts";
import { guarded } from "./guarded.ts";
import { hurried, rationed } from "./hurried.ts";
import { mountFailingReads } from "./failingReads.ts";
import { keyed } from "./keyed.ts";
import { mountTools } from "./mounts.ts";
import { mute, surviving, talking } from "./talking.ts";
import { ledger } from "./ledger.ts";
import { linking } from "./linking.ts";
import { mountLimited } from "./limited.ts";
import { loadingShelf, shelf } from "./shelf.ts";
import { telling } from "./telling.ts";
import { recorded } from "./recorded.ts";
import { brief, watching } from "./watching.ts";
import { working } from "./working.ts";

const http = httpRouter();
mountTools(http);
const { dispatch } = internal.shelf;
shelf.registerRoutes(http, { dispatch, path: "/shelf/mcp" });
loadingShelf.registerRoutes(http, { dispatch, path: "/loading/mcp" });
ledger.registerRoutes(http, { dispatch: internal.ledger.dispatch, path: "/ledger/mcp" });
linking.registerRoutes(http, { dispatch: internal.linking.dispatch, path: "/linking/mcp" });
talking.registerRoutes(http, { dispatch: internal.talking.dispatch, path: "/talking/mcp" });
surviving.registerRoutes(http, { dispatch: internal.talking.dispatch, path: "/surviving/mcp" });
mute.registerRoutes(http, { dispatch: internal.talking.dispatch, path: "/mute/mcp" });
asking.registerRoutes(http, { dispatch: internal.talking.dispatch, path: "/asking/mcp" });
unheard.registerRoutes(http, { dispatch: internal.talking.dispatch, path: "/unheard/mcp" });
watching.registerRoutes(http, { dispatch: internal.watching.dispatch, path: "/watching/mcp" });
brief.registerRoutes(http, { dispatch: internal.watching.dispatch, path: "/brief/mcp" });
const { dispatch: start, runTask } = internal.working;
telling.registerRoutes(http, {
  dispatch: internal.telling.dispatch,
  runTask: internal.telling.runTask,
  path: "/telling/mcp",
});
working.registerRoutes(http, { dispatch: start, runTask, path: "/working/mcp" });
hurried.registerRoutes(http, { dispatch: start, runTask, path: "/hurried/mcp" });
rationed.registerRoutes(http, { dispatch: internal.keyed.dispatch, path: "/rationed/mcp" });
const members = { path: "/members/mcp", anonymous: false };
working.registerRoutes(http, { dispatch: start, runTask, ...members });
keyed.registerRoutes(http, { dispatch: internal.keyed.dispatch, path: "/keyed/mcp" });
mountLimited(http);
bridged.registerRoutes(http, { dispatch: internal.bridged.dispatch, path: "/bridged/mcp" });
recorded.registerRoutes(http, { dispatch: internal.recorded.dispatch, path: "/recorded/mcp" });
guarded.registerRoutes(http, {
  dispatch: internal.guarded.dispatch,
  runTask: internal.guarded.runTask,
  path: "/guarded/mcp",
});
mountFailingReads(http);

export default http;
