import type { WatchTarget } from "@convex-mcp/protocol";
import { decideCall } from "../calls/guard.ts";
import { taskWorkOf } from "../calls/taskWork.ts";
import type { Config } from "../config.ts";
import type { Who } from "../identity/who.ts";
import { toContents } from "../resources/contents.ts";
import { argsOf, find, type Found, query, subjectOf } from "../resources/source.ts";
import { isWatchable } from "./uri.ts";

/**
 * Whether a caller may know of changes to something: of a task if it is theirs, of a resource if they can read it now. What they cannot read is as
 * unknown as what does not exist, and that it changed is news of somebody else's.
 */
export async function mayKnow(config: Config, caller: Who, target: WatchTarget): Promise<boolean> {
  if (target.kind === "task") {
    return (await taskWorkOf(config).store(config).get(caller, target.taskId)) !== undefined;
  }
  if (!isWatchable(target.uri)) return false;
  const catalog = config.features.find(({ resources }) => resources !== undefined)?.resources;
  const found = catalog && find(catalog, target.uri);
  return found !== undefined && (await canRead(config, caller, found, target.uri));
}

/** Whether `resources/read` would give something: a function call where `authorize` allows it. */
async function canRead(config: Config, caller: Who, found: Found, uri: string): Promise<boolean> {
  const { resource, variables } = found;
  const decision = await decideCall(config, caller, subjectOf(resource), variables);
  const args = argsOf(found);
  if (decision.kind !== "allow" || args === undefined) return false;
  try {
    return toContents(resource, uri, await query(caller, resource, args)) !== undefined;
  } catch {
    // A query that throws is how many say that something is not for this user. The platform's log has the error.
    return false;
  }
}
