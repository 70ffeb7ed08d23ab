/// <reference types="vite/client" />
import { register as registerRateLimiter } from "@convex-dev/rate-limiter/test";
import type { TestConvex } from "convex-test";
import type { GenericSchema, SchemaDefinition } from "convex/server";
// `.js`: this file is published as it is, and compiled by settings that may refuse `.ts` in imports.
import schema from "./component/schema.js";

const modules = import.meta.glob("./component/**/*.ts");

/** convex-test serves HTTP actions from this site. */
const SITE_URL = "https://some.convex.site";

declare const process: { readonly env: Record<string, string | undefined> };

/**
 * Registers the component with a convex-test instance, and gives the gateway the site URL that convex-test uses.
 *
 * @param name - the name in `convex.config.ts`. Default `mcpGateway`.
 */
export function register(
  t: TestConvex<SchemaDefinition<GenericSchema, boolean>>,
  name = "mcpGateway",
): void {
  process.env["CONVEX_SITE_URL"] ??= SITE_URL;
  t.registerComponent(name, schema, modules);
  registerRateLimiter(t, `${name}/rateLimiter`);
}

/** What Convex components export for tests: the function, and the component's schema and modules for a registration by hand. */
export default { register, schema, modules };
