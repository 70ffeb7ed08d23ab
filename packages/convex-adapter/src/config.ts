import type { PayloadLimits } from "@convex-mcp/audit";
import type { GenericActionCtx, GenericDataModel, UserIdentity } from "convex/server";
import type { Authorize } from "./calls/decision.ts";
import type { ComponentApi } from "./component/_generated/component.js";
import type { Catalog } from "./tools/catalog.ts";

/** Who gets an `Mcp-Session-Id`: signed-in users, everybody, or nobody. */
export type SessionPolicy = "authenticated" | "all" | "none";

/** What happens to a call whose audit entry cannot be written: it is undone (`deny`), or it stands (`allow`). */
export type AuditFailurePolicy = "deny" | "allow";

/** How sessions live. */
export interface SessionSettings {
  readonly policy: SessionPolicy;
  /** Idle time after which a session is gone. */
  readonly ttlMs: number;
  /** A user's sessions beyond this replace the one that was idle longest. */
  readonly maxPerOwner: number;
}

/** How calls are recorded. */
export interface AuditSettings {
  readonly onFailure: AuditFailurePolicy;
  readonly retentionMs: number;
  readonly limits: PayloadLimits;
}

/** Read once a request, before the first `authorize`. */
export type LoadContext = (
  ctx: GenericActionCtx<GenericDataModel>,
  identity: UserIdentity | null,
) => unknown;

/** What the adapter works with: the gateway's options, checked and with their defaults. */
export interface Config {
  readonly component: ComponentApi;
  readonly catalog: Catalog;
  readonly authorize: Authorize;
  readonly loadContext: LoadContext | undefined;
  /** Whether strangers see a tool `sign_in` that answers them with the 401 that starts the sign-in. */
  readonly signInTool: boolean;
  readonly sessions: SessionSettings;
  readonly audit: AuditSettings;
}
