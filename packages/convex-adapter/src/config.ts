import type { KeyedHash, PayloadLimits } from "@convex-mcp/audit";
import type {
  CacheHint,
  CompletionRequest,
  Feature,
  TaskStore,
  ToolOutcome,
} from "@convex-mcp/protocol";
import type { GenericActionCtx, GenericDataModel, GenericMutationCtx } from "convex/server";
import type { ReadyCall } from "./calls/call.ts";
import type { Conversation } from "./calls/conversation.ts";
import type { Authorize } from "./calls/decision.ts";
import type { DispatchCall, DispatchReply, Functions, TaskTicket } from "./calls/functions.ts";
import type { Limiting } from "./calls/limiting.ts";
import type { Completable } from "./completion/completable.ts";
import type { ComponentApi } from "./component/_generated/component.js";
import type { Principal } from "./identity/principal.ts";
import type { LoadContext, RequestScope } from "./identity/scope.ts";
import type { Who } from "./identity/who.ts";
import type { ResourceCatalog } from "./resources/catalog.ts";
import type { Catalog } from "./tools/catalog.ts";
import type { ActionTool } from "./tools/tool.ts";

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

/** Prepares the run of an action that may talk to its caller. */
export type Converse = (config: Config, call: ReadyCall, tool: ActionTool) => Conversation;

/** How calls go on as tasks: what `mcpTasks()` brings. */
export interface TaskWork {
  /**
   * What of a mount it needs.
   *
   * @throws TypeError naming it, and the tool that needs it.
   */
  readonly checkMount: (config: Config, functions: Pick<Functions, "runTask">) => void;
  /**
   * The tasks, as their owners reach them. `lastUpdatedAt` differs with each change: whoever tells of changes compares it.
   */
  readonly store: (config: Config) => TaskStore<RequestScope, Principal>;
  /** In the HTTP action: how the call was answered; `undefined` where its client waits for the result. */
  readonly start: (
    config: Config,
    functions: Functions,
    call: ReadyCall,
    tool: ActionTool,
  ) => Promise<ToolOutcome | undefined>;
  /** In the dispatcher: stores the task and has it run. */
  readonly open: (
    config: Config,
    ctx: GenericMutationCtx<GenericDataModel>,
    tool: ActionTool,
    call: DispatchCall & { readonly task: TaskTicket },
  ) => Promise<DispatchReply>;
  /** In the background: runs a task that is stored. */
  readonly run: (
    config: Config,
    ctx: GenericActionCtx<GenericDataModel>,
    taskId: string,
  ) => Promise<null>;
}

/** How often callers may ask; made by `mcpRateLimits`. */
export interface Limits {
  /** What a request counts against; `tool` for a call of one, or `NO_TOOL`. `undefined` where nothing limits it. */
  readonly of: (config: Config, caller: Who, tool?: string) => Limiting | undefined;
  /** The end of a tool's call that may have been refused. */
  readonly settle: (outcome: Promise<ToolOutcome>) => Promise<ToolOutcome>;
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
