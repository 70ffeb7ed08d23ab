/* eslint-disable */
/**
 * Generated `api` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type * as failing from "../failing.js";
import type * as failingLog from "../failingLog.js";
import type * as http from "../http.js";
import type * as log from "../log.js";
import type * as mcp from "../mcp.js";
import type * as mounts from "../mounts.js";
import type * as news from "../news.js";
import type * as papers from "../papers.js";
import type * as recorded from "../recorded.js";
import type * as shelf from "../shelf.js";
import type * as talking from "../talking.js";
import type * as talks from "../talks.js";
import type * as things from "../things.js";
import type * as watching from "../watching.js";

import type {
  ApiFromModules,
  FilterApi,
  FunctionReference,
} from "convex/server";

declare const fullApi: ApiFromModules<{
  failing: typeof failing;
  failingLog: typeof failingLog;
  http: typeof http;
  log: typeof log;
  mcp: typeof mcp;
  mounts: typeof mounts;
  news: typeof news;
  papers: typeof papers;
  recorded: typeof recorded;
  shelf: typeof shelf;
  talking: typeof talking;
  talks: typeof talks;
  things: typeof things;
  watching: typeof watching;
}>;

/**
 * A utility for referencing Convex functions in your app's public API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = api.myModule.myFunction;
 * ```
 */
export declare const api: FilterApi<
  typeof fullApi,
  FunctionReference<any, "public">
>;

/**
 * A utility for referencing Convex functions in your app's internal API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = internal.myModule.myFunction;
 * ```
 */
export declare const internal: FilterApi<
  typeof fullApi,
  FunctionReference<any, "internal">
>;

export declare const components: {
  mcpGateway: import("convex-mcp-gateway/_generated/component.js").ComponentApi<"mcpGateway">;
};
