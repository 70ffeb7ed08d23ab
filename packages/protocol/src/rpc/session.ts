import type { Exchange, Outcome } from "./exchange.ts";
import { invalidParams, sessionNotFound } from "./failures.ts";

/** Whether the session that a request names, if any, holds. Asks the store once at most, and only for a named one. */
export function sessionHolds<C, P>(exchange: Exchange<C, P>): boolean | Promise<boolean> {
  const { server, caller, session } = exchange;
  if (session.kind !== "named") return session.kind === "none";
  return (exchange.holds ??= server.sessions.check(caller, session.id));
}

/** Declines parameters. The session comes before them, also where the method itself would check it. */
export async function declineParams<C, P>(
  exchange: Exchange<C, P>,
  message: string,
): Promise<Outcome> {
  return (await sessionHolds(exchange)) ? invalidParams(message) : noSession;
}

/** How a request ends whose session does not hold. */
export const noSession: Outcome = { kind: "refused", refusal: sessionNotFound };
