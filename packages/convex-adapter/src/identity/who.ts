import type { Caller } from "@convex-mcp/protocol";
import type { Principal } from "./principal.ts";
import type { RequestScope } from "./scope.ts";

/** Who asks. */
export type Who = Caller<RequestScope, Principal>;
