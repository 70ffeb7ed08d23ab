import type { ComponentApi } from "convex-mcp-gateway/_generated/component.js";
import type { ApiFromModules, FilterApi, FunctionReference } from "convex/server";
import type * as users from "../users.js";

type Modules = ApiFromModules<{ users: typeof users }>;
export declare const api: FilterApi<Modules, FunctionReference<any, "public">>;
export declare const internal: {
  readonly mcp: { readonly dispatch: FunctionReference<"mutation", "internal", any, any> };
};
export declare const components: { readonly mcpGateway: ComponentApi<"mcpGateway"> };
