import type { Config } from "../config.ts";
import type { RunMutationCtx } from "../ctx.ts";
import { ownerOf } from "../identity/principal.ts";
import type { Who } from "../identity/who.ts";
import type { SessionCheck } from "./functions.ts";

/** The check of the session that a caller names, if one is named. */
export function sessionCheck(config: Config, caller: Who): SessionCheck | undefined {
  const key = sessionKey(caller);
  return key === undefined ? undefined : { key, ttlMs: config.sessions.ttlMs };
}

/** The session that a caller names, as theirs; of another's the component knows nothing. */
export function sessionKey({ sessionId, principal }: Who): SessionCheck["key"] | undefined {
  return sessionId === undefined ? undefined : { sessionId, owner: ownerOf(principal) };
}

/** Whether the session that a caller names, if one is named, holds: one mutation. */
export async function sessionHolds(
  config: Config,
  caller: Who,
  ctx: RunMutationCtx = caller.context.ctx,
): Promise<boolean> {
  const check = sessionCheck(config, caller);
  if (check === undefined) return true;
  if (isStrangersSession(config, caller)) return false;
  const { key, ttlMs } = check;
  const { sessions } = config.component;
  return (await ctx.runMutation(sessions.check, { session: key, ttlMs })) !== null;
}

/** Where only users get sessions, a stranger's session does not exist, and need not be looked up. */
export function isStrangersSession(config: Config, caller: Who): boolean {
  return (
    caller.sessionId !== undefined &&
    caller.principal.kind === "anonymous" &&
    config.sessions.policy !== "all"
  );
}
