/* eslint-disable */
/**
 * Generated `api` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type * as answers from "../answers.js";
import type * as apikeys from "../apikeys.js";
import type * as audit from "../audit.js";
import type * as bridgeClients from "../bridgeClients.js";
import type * as bridgeGrants from "../bridgeGrants.js";
import type * as bridgeSignIns from "../bridgeSignIns.js";
import type * as cancellations from "../cancellations.js";
import type * as chain from "../chain.js";
import type * as changes from "../changes.js";
import type * as continuations from "../continuations.js";
import type * as crons from "../crons.js";
import type * as entries from "../entries.js";
import type * as erasure from "../erasure.js";
import type * as expiry from "../expiry.js";
import type * as exporting from "../exporting.js";
import type * as handle from "../handle.js";
import type * as handles from "../handles.js";
import type * as limits from "../limits.js";
import type * as links from "../links.js";
import type * as listeners from "../listeners.js";
import type * as mailbox from "../mailbox.js";
import type * as misuse from "../misuse.js";
import type * as reading from "../reading.js";
import type * as refusals from "../refusals.js";
import type * as reports from "../reports.js";
import type * as retention from "../retention.js";
import type * as room from "../room.js";
import type * as sealing from "../sealing.js";
import type * as search from "../search.js";
import type * as secrets from "../secrets.js";
import type * as sessions from "../sessions.js";
import type * as shared from "../shared.js";
import type * as statistics from "../statistics.js";
import type * as streams from "../streams.js";
import type * as subscriptions from "../subscriptions.js";
import type * as tally from "../tally.js";
import type * as taskCalls from "../taskCalls.js";
import type * as taskRuns from "../taskRuns.js";
import type * as tasks from "../tasks.js";
import type * as verifying from "../verifying.js";

import type {
  ApiFromModules,
  FilterApi,
  FunctionReference,
} from "convex/server";
import { anyApi, componentsGeneric } from "convex/server";

const fullApi: ApiFromModules<{
  answers: typeof answers;
  apikeys: typeof apikeys;
  audit: typeof audit;
  bridgeClients: typeof bridgeClients;
  bridgeGrants: typeof bridgeGrants;
  bridgeSignIns: typeof bridgeSignIns;
  cancellations: typeof cancellations;
  chain: typeof chain;
  changes: typeof changes;
  continuations: typeof continuations;
  crons: typeof crons;
  entries: typeof entries;
  erasure: typeof erasure;
  expiry: typeof expiry;
  exporting: typeof exporting;
  handle: typeof handle;
  handles: typeof handles;
  limits: typeof limits;
  links: typeof links;
  listeners: typeof listeners;
  mailbox: typeof mailbox;
  misuse: typeof misuse;
  reading: typeof reading;
  refusals: typeof refusals;
  reports: typeof reports;
  retention: typeof retention;
  room: typeof room;
  sealing: typeof sealing;
  search: typeof search;
  secrets: typeof secrets;
  sessions: typeof sessions;
  shared: typeof shared;
  statistics: typeof statistics;
  streams: typeof streams;
  subscriptions: typeof subscriptions;
  tally: typeof tally;
  taskCalls: typeof taskCalls;
  taskRuns: typeof taskRuns;
  tasks: typeof tasks;
  verifying: typeof verifying;
}> = anyApi as any;

/**
 * A utility for referencing Convex functions in your app's public API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = api.myModule.myFunction;
 * ```
 */
export const api: FilterApi<
  typeof fullApi,
  FunctionReference<any, "public">
> = anyApi as any;

/**
 * A utility for referencing Convex functions in your app's internal API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = internal.myModule.myFunction;
 * ```
 */
export const internal: FilterApi<
  typeof fullApi,
  FunctionReference<any, "internal">
> = anyApi as any;

export const components = componentsGeneric() as unknown as {
  rateLimiter: import("@convex-dev/rate-limiter/_generated/component.js").ComponentApi<"rateLimiter">;
};
