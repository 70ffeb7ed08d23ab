/* eslint-disable */
/**
 * Generated `api` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type * as audit from "../audit.js";
import type * as auditRoutes from "../auditRoutes.js";
import type * as connections from "../connections.js";
import type * as customers from "../customers.js";
import type * as http from "../http.js";
import type * as invoices from "../invoices.js";
import type * as mcp from "../mcp.js";
import type * as mcpPrimitives from "../mcpPrimitives.js";
import type * as mcpSignIn from "../mcpSignIn.js";
import type * as mistaken from "../mistaken.js";
import type * as model from "../model.js";
import type * as page from "../page.js";
import type * as users from "../users.js";

import type {
  ApiFromModules,
  FilterApi,
  FunctionReference,
} from "convex/server";

declare const fullApi: ApiFromModules<{
  audit: typeof audit;
  auditRoutes: typeof auditRoutes;
  connections: typeof connections;
  customers: typeof customers;
  http: typeof http;
  invoices: typeof invoices;
  mcp: typeof mcp;
  mcpPrimitives: typeof mcpPrimitives;
  mcpSignIn: typeof mcpSignIn;
  mistaken: typeof mistaken;
  model: typeof model;
  page: typeof page;
  users: typeof users;
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
