import type { InputRequired, MissingCapability } from "@convex-mcp/protocol";
import type { Value } from "convex/values";
import type { Handle } from "../component/handle.ts";
import type { End } from "../component/shared.ts";
import { handed } from "../identity/caller.ts";
import { identityOf, sealOf } from "../identity/principal.ts";
import type { ActionTool } from "../tools/tool.ts";
import type { ReadyCall } from "./call.ts";

/** A question ended a run, which is no failure. */
export interface Interruption {
  readonly error: InputRequired | MissingCapability;
  /** How its entry is closed. */
  readonly end: End;
}

/** One run of an action, and what it has to do with its caller meanwhile. */
export interface Conversation {
  /** Opened with the audit entry, for an action that takes one; absent where it would reach nobody. */
  readonly handle?: Handle | undefined;
  readonly run: () => Promise<Value | undefined>;
  /** What interrupted the run, if anything did, of what it threw and how it would be recorded otherwise. */
  readonly interruptionOf: (thrown: unknown, end: End) => Interruption | undefined;
}

/** Runs what the tool is. */
export async function runCode(
  { caller, args, channel }: ReadyCall,
  { run }: ActionTool,
  handle?: Handle,
): Promise<Value | undefined> {
  const { principal, context } = caller;
  const { ctx } = context;
  if ("handler" in run) {
    const auth = { getUserIdentity: () => Promise.resolve(identityOf(principal)) };
    return run.handler(sealOf(principal) ? { ...ctx, auth } : ctx, args, channel);
  }
  return ctx.runAction(
    run.fn,
    run.takesHandle ? { ...args, mcp: await handed(principal, handle) } : args,
  );
}
