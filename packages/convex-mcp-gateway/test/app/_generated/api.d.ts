/* eslint-disable */
/**
 * Generated `api` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type * as asking from "../asking.js";
import type * as bridged from "../bridged.js";
import type * as failing from "../failing.js";
import type * as failingLog from "../failingLog.js";
import type * as failingReads from "../failingReads.js";
import type * as forms from "../forms.js";
import type * as guarded from "../guarded.js";
import type * as http from "../http.js";
import type * as hurried from "../hurried.js";
import type * as keyed from "../keyed.js";
import type * as ledger from "../ledger.js";
import type * as limited from "../limited.js";
import type * as linking from "../linking.js";
import type * as log from "../log.js";
import type * as mcp from "../mcp.js";
import type * as metered from "../metered.js";
import type * as mounts from "../mounts.js";
import type * as news from "../news.js";
import type * as papers from "../papers.js";
import type * as recorded from "../recorded.js";
import type * as rows from "../rows.js";
import type * as shelf from "../shelf.js";
import type * as talking from "../talking.js";
import type * as talks from "../talks.js";
import type * as telling from "../telling.js";
import type * as things from "../things.js";
import type * as watching from "../watching.js";
import type * as whoami from "../whoami.js";
import type * as working from "../working.js";
import type * as works from "../works.js";

import type {
  ApiFromModules,
  FilterApi,
  FunctionReference,
} from "convex/server";

declare const fullApi: ApiFromModules<{
  asking: typeof asking;
  bridged: typeof bridged;
  failing: typeof failing;
  failingLog: typeof failingLog;
  failingReads: typeof failingReads;
  forms: typeof forms;
  guarded: typeof guarded;
  http: typeof http;
  hurried: typeof hurried;
  keyed: typeof keyed;
  ledger: typeof ledger;
  limited: typeof limited;
  linking: typeof linking;
  log: typeof log;
  mcp: typeof mcp;
  metered: typeof metered;
  mounts: typeof mounts;
  news: typeof news;
  papers: typeof papers;
  recorded: typeof recorded;
  rows: typeof rows;
  shelf: typeof shelf;
  talking: typeof talking;
  talks: typeof talks;
  telling: typeof telling;
  things: typeof things;
  watching: typeof watching;
  whoami: typeof whoami;
  working: typeof working;
  works: typeof works;
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
