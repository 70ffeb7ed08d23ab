import { redactText } from "@convex-mcp/audit";
import {
  type Tool,
  type ToolCallRequest,
  type ToolCatalog,
  type ToolOutcome,
} from "@convex-mcp/protocol";
import { v } from "convex/values";
import { cacheFor } from "../cache.ts";
import type { Entry } from "../component/shared.ts";
import type { Config } from "../config.ts";
import type { Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";
import type { Who } from "../identity/who.ts";
import { describeTool } from "../tools/catalog.ts";
import type { Claimed } from "../tools/idempotency.ts";
import type { McpTool } from "../tools/tool.ts";
import { decode } from "../values/decode.ts";
import { formatIssues } from "../values/issue.ts";
import { countingCtx, limitingOf, limitsOf } from "./counting.ts";
import { type Decision, deny, describeDecision, type Subject } from "./decision.ts";
import { redactionOfUnchecked, startEntry } from "./entry.ts";
import { errorOutcome } from "./failure.ts";
import type { Functions } from "./functions.ts";
import { decideCall, refusalFor, visible } from "./guard.ts";
import { NO_TOOL } from "./limiting.ts";
import { recordedList } from "./reading.ts";
import { countRefusal, NOT_FOUND, writeEntry } from "./record.ts";
import { runTool } from "./run.ts";
import { refusesStranger, sessionCheck } from "./session.ts";

/** Listed to strangers on request, so that a client with nothing else to call can start its user's sign-in. */
const SIGN_IN_TOOL: Tool = {
  name: "sign_in",
  description: "Sign in to this server to see more tools.",
  inputSchema: { type: "object", additionalProperties: false },
};

/** The declared tools as the protocol core asks for them: filtered and called as `authorize` says, every call recorded. */
export function createToolCatalog(
  config: Config,
  functions: Functions,
): ToolCatalog<RequestScope, Principal> {
  return {
    cache: (caller) => cacheFor(config.cache, caller),
    list: (caller, request) =>
      recordedList(config, caller, "tools/list", request, () => listTools(config, caller)),
    call: (caller, call) => {
      const outcome = callTool(config, functions, caller, call);
      return limitsOf(config)?.settle(outcome) ?? outcome;
    },
  };
}

async function listTools(config: Config, caller: Who): Promise<readonly Tool[]> {
  const tools = await visible(config, caller, [...config.catalog.values()], about);
  const shown = tools.map(describeTool);
  return config.signInTool && caller.principal.kind === "anonymous"
    ? [...shown, SIGN_IN_TOOL]
    : shown;
}

/** The order of refusals: sign in, scopes, unknown, session, arguments. */
async function callTool(
  config: Config,
  functions: Functions,
  caller: Who,
  call: ToolCallRequest,
): Promise<ToolOutcome> {
  const tool = config.catalog.get(call.name);
  const decision = await decideTool(config, caller, call, tool);
  const said = { decision: describeDecision(decision) };
  const unchecked = () => ({
    ...startEntry(config, caller, call, redactionOfUnchecked(tool)),
    ...said,
  });
  if (decision.kind !== "allow" || tool === undefined) {
    // A name that is none is whatever a client wrote.
    const missing = tool === undefined ? { errorCode: NOT_FOUND, tool: redactText(call.name) } : {};
    const entry = (): Entry => ({ ...unchecked(), outcome: "denied", ...missing });
    return refuse(config, caller, entry, decision);
  }
  if (await refusesStranger(config, caller)) return { kind: "sessionNotFound" };
  const invalid = (error: string) => (): Entry => ({ ...unchecked(), outcome: "invalid", error });
  const refusal = tool.headers?.refuse(call);
  if (refusal !== undefined) {
    await record(config, caller, invalid(refusal.message));
    return { kind: "refused", refusal };
  }
  const decoded: Claimed =
    (await tool.idempotency?.decode(tool.args, call.arguments, caller.principal)) ??
    decode(v.object(tool.args), call.arguments);
  if (!decoded.ok) {
    const text = formatIssues(tool.name, decoded.issues);
    const known = await record(config, caller, invalid(text));
    return known ? errorOutcome(text) : { kind: "sessionNotFound" };
  }
  return runTool(config, functions, {
    caller,
    tool,
    args: decoded.value as Record<string, never>,
    claim: decoded.claim,
    entry: { ...startEntry(config, caller, call, tool.audit.args), ...said },
    session: sessionCheck(config, caller),
    channel: call.channel,
    limiting: limitingOf(config, caller, tool.name),
  });
}

async function decideTool(
  config: Config,
  caller: Who,
  call: ToolCallRequest,
  tool: McpTool | undefined,
): Promise<Decision> {
  if (tool === undefined) {
    const asksToSignIn = config.signInTool && call.name === SIGN_IN_TOOL.name;
    return asksToSignIn && caller.principal.kind === "anonymous"
      ? { kind: "signIn" }
      : deny("no such tool");
  }
  return decideCall(config, caller, about(tool), call.arguments);
}

async function refuse(
  config: Config,
  caller: Who,
  entry: () => Entry,
  decision: Decision,
): Promise<ToolOutcome> {
  const refusal = refusalFor(decision, caller);
  if (refusal !== undefined) {
    await record(config, caller, entry, true);
    return { kind: "refused", refusal };
  }
  const known = await record(config, caller, entry);
  return known ? { kind: "unknownTool" } : { kind: "sessionNotFound" };
}

/**
 * Records a call that did not run, and checks its session in the same mutation. A stranger writes nothing, and has
 * nothing redacted. `anyway` writes the entry whatever the session: where the answer does not depend on it, naming
 * a wrong one must not hide the attempt.
 */
async function record(
  config: Config,
  caller: Who,
  entry: () => Entry,
  anyway = false,
): Promise<boolean> {
  if (caller.principal.kind === "anonymous") {
    if (!anyway && (await refusesStranger(config, caller))) return false;
    await countRefusal(config, caller.context.ctx, "anonymousCall");
    return true;
  }
  const session = sessionCheck(config, caller);
  const check = session && { ...session, anyway };
  const written = entry();
  const tool = written.outcome === "denied" ? NO_TOOL : written.tool;
  const ctx = countingCtx(config, caller, "record", tool);
  return writeEntry(config, ctx, written, check);
}

function about({ name, kind, metadata }: McpTool): Subject {
  return { tool: name, kind, toolMetadata: metadata };
}
