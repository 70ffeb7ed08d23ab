import type { WatchTarget } from "@convex-mcp/protocol";
import type { Who } from "../calls/guard.ts";
import type { Config } from "../config.ts";
import { isWatchable } from "./uri.ts";

/**
 * Whether a caller may know of changes to something: of a resource if they can read it now. What they cannot read is as
 * unknown as what does not exist, and that it changed is news of somebody else's.
 */
export async function mayKnow(config: Config, caller: Who, target: WatchTarget): Promise<boolean> {
  if (target.kind !== "resource" || !isWatchable(target.uri)) return false;
  for (const { canRead } of config.features) {
    if (canRead !== undefined && (await canRead(config, caller, target.uri))) return true;
  }
  return false;
}
