import {
  type Caller,
  rawJson,
  type Tool,
  type ToolCallRequest,
  type ToolCatalog,
  type ToolOutcome,
} from "@convex-mcp/protocol";
import { v } from "convex/values";
import type { Entry } from "../component/shared.ts";
import type { Config } from "../config.ts";
import { identityOf, type Principal } from "../identity/principal.ts";
import { insufficientScope, signInRequired } from "../identity/refusals.ts";
import type { RequestScope } from "../identity/scope.ts";
import { isStrangersSession, sessionCheck } from "../sessions.ts";
import { describeTool } from "../tools/catalog.ts";
import type { McpTool } from "../tools/tool.ts";
import { decode } from "../values/decode.ts";
import { formatIssues } from "../values/issue.ts";
import { type AuthorizeRequest, decide, type Decision, deny } from "./decision.ts";
import { redactionOfUnchecked, startEntry } from "./entry.ts";
import { errorText } from "./failure.ts";
import { writeEntry } from "./record.ts";
import { toErrorResult } from "./result.ts";
import { type DispatchReference, runTool } from "./run.ts";

type Who = Caller<RequestScope, Principal>;

/** Listed to strangers on request, so that a client with nothing else to call can start its user's sign-in. */
const SIGN_IN_TOOL: Tool = {
  name: "sign_in",
  description: "Sign in to this server to see more tools.",
  inputSchema: { type: "object", additionalProperties: false },
};

/** The declared tools as the protocol core asks for them: filtered and called as `authorize` says, every call recorded. */
export function createToolCatalog(
  config: Config,
  dispatch: DispatchReference,
): ToolCatalog<RequestScope, Principal> {
  return {
    list: (caller) => listTools(config, caller),
    call: (caller, call) => callTool(config, dispatch, caller, call),
  };
}

async function listTools(config: Config, caller: Who): Promise<readonly Tool[]> {
  const tools = [...config.catalog.values()];
  const loaded = await caller.context.load(identityOf(caller.principal));
  const decisions = await Promise.all(
    tools.map((tool) => ask(config, caller, { mode: "list", ...about(tool), loaded })),
  );
  const visible = tools.filter((_, index) => decisions[index]?.kind === "allow").map(describeTool);
  return config.signInTool && caller.principal.kind === "anonymous"
    ? [...visible, SIGN_IN_TOOL]
    : visible;
}

/** The order of refusals: sign in, scopes, unknown, session, arguments. */
async function callTool(
  config: Config,
  dispatch: DispatchReference,
  caller: Who,
  call: ToolCallRequest,
): Promise<ToolOutcome> {
  const tool = config.catalog.get(call.name);
  const decision = await decideCall(config, caller, call, tool);
  const unchecked = () => startEntry(config, caller, call, redactionOfUnchecked(tool));
  if (decision.kind !== "allow" || tool === undefined) {
    return refuse(config, caller, () => ({ ...unchecked(), ...denied(decision) }), decision);
  }
  if (isStrangersSession(config, caller)) return { kind: "sessionNotFound" };
  const decoded = decode(v.object(tool.args), call.arguments);
  if (!decoded.ok) {
    const text = formatIssues(tool.name, decoded.issues);
    const invalid = () => ({ ...unchecked(), outcome: "invalid" as const, error: text });
    const known = await record(config, caller, invalid);
    return known
      ? { kind: "result", result: rawJson(toErrorResult(text)) }
      : { kind: "sessionNotFound" };
  }
  return runTool(config, dispatch, {
    caller,
    tool,
    args: decoded.value as Record<string, never>,
    entry: startEntry(config, caller, call, tool.audit.args),
    session: sessionCheck(config, caller),
  });
}

async function decideCall(
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
  try {
    const loaded = await caller.context.load(identityOf(caller.principal));
    return await ask(config, caller, {
      mode: "call",
      ...about(tool),
      arguments: call.arguments,
      loaded,
    });
  } catch (error) {
    // `ask` does not throw: this is `loadContext`. Without what it loads nothing can be allowed.
    return deny(`loadContext threw: ${errorText(error)}`);
  }
}

async function refuse(
  config: Config,
  caller: Who,
  entry: () => Entry,
  decision: Decision,
): Promise<ToolOutcome> {
  const { resource } = caller.context;
  if (decision.kind === "signIn") return { kind: "refused", refusal: signInRequired(resource) };
  if (decision.kind === "needScopes") {
    await record(config, caller, entry, true);
    return { kind: "refused", refusal: insufficientScope(resource, decision.scopes) };
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
  if (caller.principal.kind === "anonymous") return !isStrangersSession(config, caller);
  const session = sessionCheck(config, caller);
  const check = session === undefined ? undefined : { ...session, anyway };
  return writeEntry(config, caller.context.ctx, entry(), check);
}

function denied(decision: Decision): Pick<Entry, "outcome" | "decision"> {
  const said =
    decision.kind === "deny"
      ? `deny: ${decision.reason}`
      : decision.kind === "needScopes"
        ? `needScopes: ${decision.scopes.join(" ")}`
        : decision.kind;
  return { outcome: "denied", decision: said };
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
    scopes: principal.kind === "user" ? principal.scopes : [],
  });
}

function about({ name, kind, metadata }: McpTool) {
  return { tool: name, kind, toolMetadata: metadata };
}
