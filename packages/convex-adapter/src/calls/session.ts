import type { Config } from "../config.ts";
import type { RunMutationCtx } from "../ctx.ts";
import { ownerOf } from "../identity/principal.ts";
import type { Who } from "../identity/who.ts";
import type { SessionCheck } from "./functions.ts";
import { misuseOf } from "./record.ts";

/** The check of the session that a caller names, if one is named. */
export function sessionCheck(config: Config, caller: Who): SessionCheck | undefined {
  const key = sessionKey(caller);
  return key === undefined ? undefined : { key, ttlMs: config.sessions.ttlMs };
}

/** The session that a caller names, as theirs; of another's the component knows nothing. */
export function sessionKey({ sessionId, principal }: Who): SessionCheck["key"] | undefined {
  return sessionId === undefined ? undefined : { sessionId, owner: ownerOf(principal) };
}

/** Whether the session that a caller names, if one is named, holds: one mutation, which counts one that does not. */
export async function sessionHolds(
  config: Config,
  caller: Who,
  ctx: RunMutationCtx = caller.context.ctx,
): Promise<boolean> {
  const check = sessionCheck(config, caller);
  if (check === undefined) return true;
  const isStrangers = isStrangersSession(config, caller);
  if (isStrangers && config.audit.refusals !== true) return false;
  const { key: session, ttlMs } = check;
  const args = { session, ttlMs, misuse: misuseOf(config) };
  const found = await ctx.runMutation(config.component.sessions.check, args);
  return found !== null && !isStrangers;
}

/** Whether a caller is a stranger with a session, where those have none. */
export async function refusesStranger(config: Config, caller: Who): Promise<boolean> {
  return isStrangersSession(config, caller) && !(await sessionHolds(config, caller));
}

/** Where only users get sessions, a stranger's session does not exist, and need not be looked up but to be counted. */
function isStrangersSession(config: Config, caller: Who): boolean {
  return (
    caller.sessionId !== undefined &&
    caller.principal.kind === "anonymous" &&
    config.sessions.policy !== "all"
  );
}
