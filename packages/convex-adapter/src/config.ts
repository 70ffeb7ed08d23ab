import type { KeyedHash, PayloadLimits } from "@convex-mcp/audit";
import type { CacheHint, CompletionRequest, Feature } from "@convex-mcp/protocol";
import type { GenericActionCtx, GenericDataModel, UserIdentity } from "convex/server";
import type { Authorize } from "./calls/decision.ts";
import type { Completable } from "./completion/completable.ts";
import type { ComponentApi } from "./component/_generated/component.js";
import type { Converse } from "./calls/conversation.ts";
import type { TaskWork } from "./calls/taskWork.ts";
import type { Limits } from "./calls/limiting.ts";
import type { Principal } from "./identity/principal.ts";
import type { RequestScope } from "./identity/scope.ts";
import type { ResourceCatalog } from "./resources/catalog.ts";
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
  /** What `hash` rules use. */
  readonly hash?: KeyedHash | undefined;
  /** How entries are kept beside their age: with their content sealed, and how many. */
  readonly keeping?: { readonly chain?: true; readonly keep?: number };
  /** Whether lists, completions and reads of resources and prompts have entries. */
  readonly reads?: boolean;
  /** Whether refusals of those who are not known, or who ask too often, are counted. */
  readonly refusals?: boolean;
}

/** Read once a request, before the first `authorize`. */
export type LoadContext = (
  ctx: GenericActionCtx<GenericDataModel>,
  identity: UserIdentity | null,
) => unknown;

/**
 * What a gateway offers beside tools, made by `mcpResources`, `mcpPrompts`, `mcpStreaming`, `mcpChanges` and `mcpTasks`: a value that
 * an app passes in, so that the bundles of apps that do not are without it.
 */
export interface McpFeature {
  /** The OAuth scopes that its metadata names, for the discovery document. */
  readonly scopes: readonly string[];
  /** What it adds to the protocol. */
  readonly serve: (config: Config) => readonly Feature<RequestScope, Principal>[];
  /** What of it can be completed. */
  readonly completion?: Completions;
  /** The list that it serves, beside that of the tools. */
  readonly list?: "resources" | "prompts";
  /** Its resources, whose changes can be told to those who can read them. */
  readonly resources?: ResourceCatalog;
  /** How actions reach their callers with it. */
  readonly converse?: Converse;
  /** How calls go on as tasks with it. */
  readonly tasks?: TaskWork;
  /** How often callers may ask. */
  readonly limits?: Limits;
}

/** The arguments and variables of one feature, for `completion/complete`. */
export interface Completions {
  /** Whether there are suggestions for any. */
  readonly offered: boolean;
  /** What a request is about, if it is something of this feature. */
  readonly find: (request: CompletionRequest) => Completable | undefined;
}

/** What the adapter works with: the gateway's options, checked and with their defaults. */
export interface Config {
  readonly component: ComponentApi;
  readonly catalog: Catalog;
  /** Of the list of tools. */
  readonly cache?: CacheHint | undefined;
  readonly features: readonly McpFeature[];
  readonly authorize: Authorize;
  readonly loadContext: LoadContext | undefined;
  /** Whether strangers see a tool `sign_in` that answers them with the 401 that starts the sign-in. */
  readonly signInTool: boolean;
  readonly sessions: SessionSettings;
  readonly audit: AuditSettings;
}
