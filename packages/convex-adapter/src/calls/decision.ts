import { isScopeToken } from "@convex-mcp/auth";
import type { GenericActionCtx, GenericDataModel, UserIdentity } from "convex/server";
import type { ToolKind, ToolMetadata } from "../tools/tool.ts";
import { errorText } from "./failure.ts";

/** What `authorize` decides of one tool, resource or prompt, for one caller. */
export type Decision =
  /** `reason` goes to the audit log only. */
  | { readonly kind: "allow"; readonly reason?: string }
  /** It does not exist for this caller; `reason` goes to the audit log only. */
  | { readonly kind: "deny"; readonly reason: string }
  /** 403 `insufficient_scope` naming these; a client can ask its user for them. */
  | { readonly kind: "needScopes"; readonly scopes: readonly string[] }
  /** 401: a user is needed, and the caller is a stranger. The challenge names the scopes, if there are some. */
  | { readonly kind: "signIn"; readonly scopes?: readonly string[] };

/** What `authorize` is asked. */
export interface AuthorizeRequest {
  /** `"list"`: may they see it? `"call"`: may they make this call? */
  readonly mode: "list" | "call";
  /** The `name` of the tool, of the resource (not its URI) or its template, or of the prompt. */
  readonly tool: string;
  /** The function that a tool wraps, or what else it is. */
  readonly kind: ToolKind | "resource" | "prompt";
  /** Its `metadata`. */
  readonly toolMetadata: ToolMetadata;
  /** `null` for a stranger. */
  readonly identity: UserIdentity | null;
  /** From the token's `scope`, `scp` or `permissions`. */
  readonly scopes: readonly string[];
  /**
   * As the client sent them, neither decoded nor checked; absent when listing. Of a resource its template's variables,
   * of a completion what the client says is settled.
   */
  readonly arguments?: Readonly<Record<string, unknown>>;
  /** What `loadContext` returned. */
  readonly loaded: unknown;
}

/** What a decision is about, as `authorize` is told of it. */
export type Subject = Pick<AuthorizeRequest, "tool" | "kind" | "toolMetadata">;

/**
 * Decides who may see and call what: asked for each tool, resource and prompt that is listed, and for each that is called. `true`
 * is `allow()`, `false` is `deny()`. One that throws, or answers something else, denies, and the app's log says why.
 */
export type Authorize = (
  ctx: GenericActionCtx<GenericDataModel>,
  request: AuthorizeRequest,
) => Decision | boolean | Promise<Decision | boolean>;

/** The caller may list and call it. The reason is for the audit log. */
export function allow(reason?: string): Decision {
  return reason === undefined ? { kind: "allow" } : { kind: "allow", reason };
}

/** It does not exist for this caller. The reason is for the audit log; the caller is told what they are told of what is unknown. */
export function deny(reason: string): Decision {
  return { kind: "deny", reason };
}

/** The caller's token lacks scopes: name all that the operation needs. */
export function needScopes(...scopes: readonly string[]): Decision {
  return { kind: "needScopes", scopes };
}

/** It needs a signed-in user. Name the scopes that the operation needs, if it needs some. */
export function signIn(...scopes: readonly string[]): Decision {
  return scopes.length === 0 ? { kind: "signIn" } : { kind: "signIn", scopes };
}

/** A decision as the audit log has it: `deny: not a member`. */
export function describeDecision(decision: Decision): string {
  const why = "reason" in decision ? decision.reason : scopesIn(decision).join(" ");
  return why === "" ? decision.kind : `${decision.kind}: ${why}`;
}

/** The scopes that a decision asks for. */
export function scopesIn(decision: Decision): readonly string[] {
  return ("scopes" in decision ? decision.scopes : undefined) ?? [];
}

/** Asks, and reads the answer strictly: whatever is not a decision is a denial, and so is a policy that throws. */
export async function decide(
  authorize: Authorize,
  ctx: GenericActionCtx<GenericDataModel>,
  request: AuthorizeRequest,
): Promise<Decision> {
  try {
    return toDecision(await authorize(ctx, request), request.identity !== null);
  } catch (error) {
    // A list has no entry in the audit log, and neither has a stranger: what they may use would be gone without a trace.
    console.error(`authorize threw for the ${request.kind} "${request.tool}".`, error);
    return deny(`authorize threw: ${errorText(error)}`);
  }
}

/** The decision that an answer of a policy is: whatever is none is a denial. */
export function toDecision(answer: Decision | boolean, signedIn: boolean): Decision {
  if (answer === true) return allow();
  if (answer === false) return deny("authorize answered false");
  switch (answer?.kind) {
    case "allow":
      return typeof answer.reason === "string" ? allow(answer.reason) : allow();
    case "deny":
      return typeof answer.reason === "string" ? answer : deny("authorize gave no reason");
    case "needScopes":
      if (!areScopes(answer.scopes))
        return deny("authorize named no scopes (RFC 6749 section 3.3)");
      return signedIn ? answer : signIn(...answer.scopes);
    case "signIn":
      if (signedIn) return deny("authorize asked a signed-in user to sign in");
      return areScopes(answer.scopes) ? answer : signIn();
    default:
      return deny("authorize gave no decision");
  }
}

/** A 403 that names none, or none that a client could ask for, leads nowhere. */
function areScopes(scopes: unknown): scopes is readonly string[] {
  return (
    Array.isArray(scopes) &&
    scopes.length > 0 &&
    scopes.every((scope) => typeof scope === "string" && isScopeToken(scope))
  );
}
