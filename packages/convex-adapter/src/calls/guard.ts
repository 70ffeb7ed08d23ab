import type { Denial, Refusal } from "@convex-mcp/protocol";
import type { Config } from "../config.ts";
import { identityOf, scopesOf } from "../identity/principal.ts";
import { insufficientScope, signInRequired } from "../identity/refusals.ts";
import type { Who } from "../identity/who.ts";
import { countingCtx } from "./counting.ts";
import {
  type AuthorizeRequest,
  decide,
  type Decision,
  deny,
  describeDecision,
  type Subject,
} from "./decision.ts";
import { errorText } from "./failure.ts";
import { type ReadEntry, recordRead } from "./reading.ts";
import { countRefusal } from "./record.ts";
import { refusesStranger, sessionHolds } from "./session.ts";

/** What of a list a caller may see, in its order. */
export async function visible<Item>(
  config: Config,
  caller: Who,
  items: readonly Item[],
  about: (item: Item) => Subject,
): Promise<readonly Item[]> {
  const loaded = await caller.context.load(identityOf(caller.principal));
  const decisions = await Promise.all(
    items.map((item) => ask(config, caller, { mode: "list", ...about(item), loaded })),
  );
  return items.filter((_, index) => decisions[index]?.kind === "allow");
}

/** Whether a caller may make a call, with these arguments. */
export async function decideCall(
  config: Config,
  caller: Who,
  subject: Subject,
  args: Readonly<Record<string, unknown>>,
): Promise<Decision> {
  try {
    const loaded = await caller.context.load(identityOf(caller.principal));
    return await ask(config, caller, { mode: "call", ...subject, arguments: args, loaded });
  } catch (error) {
    // `ask` does not throw: this is `loadContext`. Without what it loads nothing can be allowed, and not all that is
    // denied has an entry in the audit log.
    console.error("loadContext threw.", error);
    return deny(`loadContext threw: ${errorText(error)}`);
  }
}

/** The HTTP refusal that a decision asks for, if it does: 401 to sign in, 403 for scopes. */
export function refusalFor(decision: Decision, { context, principal }: Who): Refusal | undefined {
  switch (decision.kind) {
    case "signIn":
      return signInRequired(context.resource, decision.scopes);
    case "needScopes":
      return insufficientScope(context.resource, decision.scopes, scopesOf(principal));
    default:
      return undefined;
  }
}

/** That the use of something is allowed, as the log has it. */
export interface Allowed {
  readonly kind: "allowed";
  readonly decision: string;
}

/**
 * Whether the use of something is allowed, and how it is declined otherwise, in the order: sign in, scopes, session, unknown. What is denied is
 * unknown, and so is a `subject` that is `undefined`. Where nothing is declined the session is still to be checked.
 */
export async function decline(
  config: Config,
  caller: Who,
  subject: Subject | undefined,
  args: Readonly<Record<string, unknown>>,
  entry?: ReadEntry,
): Promise<Denial | { readonly kind: "notFound" } | Allowed> {
  const decision =
    subject === undefined
      ? deny("there is no such thing")
      : await decideCall(config, caller, subject, args);
  const refusal = refusalFor(decision, caller);
  if (refusal !== undefined) {
    await recordDeclined(config, caller, decision, entry, true);
    return { kind: "refused", refusal };
  }
  if (await refusesStranger(config, caller)) return { kind: "sessionNotFound" };
  if (decision.kind === "allow") {
    return { kind: "allowed", decision: describeDecision(decision) };
  }
  const holds = await recordDeclined(config, caller, decision, entry, false);
  return { kind: holds ? "notFound" : "sessionNotFound" };
}

/** Records what was declined, where reads are recorded, and checks the session as ever: not where the answer does not depend on it. */
async function recordDeclined(
  config: Config,
  caller: Who,
  decision: Decision,
  entry: ReadEntry | undefined,
  anyway: boolean,
): Promise<boolean> {
  const isStranger = caller.principal.kind === "anonymous";
  if (entry !== undefined && isStranger) {
    await countRefusal(config, caller.context.ctx, "anonymousCall");
  }
  if (entry === undefined || isStranger || config.audit.reads !== true) {
    return anyway || sessionHolds(config, caller);
  }
  const end = { outcome: "denied", decision: describeDecision(decision) } as const;
  const ctx = countingCtx(config, caller, "record");
  return recordRead(config, caller, entry, end, { anyway, ctx });
}

function ask(
  config: Config,
  caller: Who,
  request: Omit<AuthorizeRequest, "identity" | "scopes">,
): Promise<Decision> {
  const { principal } = caller;
  return decide(config.authorize, caller.context.ctx, {
    ...request,
    identity: identityOf(principal),
    scopes: scopesOf(principal),
  });
}
