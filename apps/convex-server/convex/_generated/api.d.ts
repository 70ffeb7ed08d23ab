/* eslint-disable */
/**
 * Generated `api` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type * as actions from "../actions.js";
import type * as albums from "../albums.js";
import type * as content from "../content.js";
import type * as http from "../http.js";
import type * as inline from "../inline.js";
import type * as jobs from "../jobs.js";
import type * as mcp from "../mcp.js";
import type * as news from "../news.js";
import type * as papers from "../papers.js";
import type * as primitives from "../primitives.js";
import type * as talks from "../talks.js";
import type * as tasks from "../tasks.js";
import type * as tools from "../tools.js";
import type * as values from "../values.js";
import type * as waits from "../waits.js";

import type {
  ApiFromModules,
  FilterApi,
  FunctionReference,
} from "convex/server";

declare const fullApi: ApiFromModules<{
  actions: typeof actions;
  albums: typeof albums;
  content: typeof content;
  http: typeof http;
  inline: typeof inline;
  jobs: typeof jobs;
  mcp: typeof mcp;
  news: typeof news;
  papers: typeof papers;
  primitives: typeof primitives;
  talks: typeof talks;
  tasks: typeof tasks;
  tools: typeof tools;
  values: typeof values;
  waits: typeof waits;
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
