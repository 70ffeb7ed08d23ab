import type { KeyedHash, PayloadLimits } from "@convex-mcp/audit";
import type {
  Audience,
  AuditFailurePolicy,
  Authorize,
  LoadContext,
  McpFeature,
  McpTool,
  ResolveIdentity,
  SessionPolicy,
} from "@convex-mcp/convex-adapter";
import type { CacheHint, Implementation, McpLimits } from "@convex-mcp/protocol";
import type { McpBridge } from "./bridge.ts";

/** Options of `new McpGateway(components.mcpGateway, options)`. */
export interface McpGatewayOptions {
  /** What clients show of this server. */
  readonly serverInfo: Implementation;
  /** A text for the model on how the tools belong together. */
  readonly instructions?: string;
  /** The tools, in the order that clients list them. */
  readonly tools: readonly McpTool[];
  /**
   * How long clients of 2026-07-28 may keep the list of tools. Default: not at all, and private. `cacheScope: "public"` is
   * said to strangers alone, whose list caches may then show to everybody.
   */
  readonly cache?: CacheHint;
  /**
   * What is offered beside tools: `[mcpResources([...]), mcpPrompts([...]), mcpStreaming(), mcpChanges(), mcpTasks()]`.
   * Default: nothing.
   */
  readonly features?: readonly McpFeature[];
  /** Filters each list and decides each call, of tools, resources and prompts. What it does not allow is denied. */
  readonly authorize: Authorize;
  /** Read once a request and handed to each `authorize` as `loaded`: a role look-up is one query and not one per tool. */
  readonly loadContext?: LoadContext;
  /** Where users sign in. With it, a request without a token is answered with the 401 that starts a client's sign-in. */
  readonly oauth?: OAuthOptions;
  /** Admits requests without a token as strangers'; `authorize` sees `identity: null`. Default false. */
  readonly anonymous?: boolean;
  /** Lists a tool `sign_in` to strangers, whose call starts the sign-in. Default false. */
  readonly signInTool?: boolean;
  /** Which tokens are for this server, beyond what `auth.config.ts` checks. Default `"platform"`. */
  readonly audience?: Audience;
  /**
   * Who sends a token that Convex does not validate: `resolveTokens(...)`. It must check for whom the token is: `audience` is about
   * those that Convex validates. Functions see nobody in `ctx.auth` when they run for such a user; see `mcpCaller`.
   * Default: such tokens are refused.
   */
  readonly resolveIdentity?: ResolveIdentity;
  /** Where the deployment answers HTTP, if not at `CONVEX_SITE_URL`: a custom domain. Never read from a request. */
  readonly siteUrl?: string;
  /** Host names, beside the canonical one, under which requests are answered: `"proxy.example.com"`. */
  readonly allowedHosts?: readonly string[];
  /** Origins of browser clients, beside this server's own and loopback ones; exact, or `"*"`. */
  readonly allowedOrigins?: readonly string[];
  /** Who gets a session, and how long it lives. Default: signed-in users, 1 day idle, 50 each. */
  readonly sessions?: SessionOptions;
  /** What is recorded, and for how long. Default: calls, sessions and tasks, for 90 days. */
  readonly audit?: AuditOptions;
  /** Limits on what a client may send. Default: 4 MiB, 64 levels, batches of 20 and pages of 100. */
  readonly limits?: McpLimits;
}

/** Where users sign in, and what the discovery document (RFC 9728) says of it. */
export type OAuthOptions = DocumentOptions &
  (
    | {
        /** Issuer URLs of the authorization servers, as their metadata spells them. */
        readonly authorizationServers: readonly string[];
        readonly bridge?: undefined;
      }
    | {
        /** For a provider that cannot register clients: `mcpBridge(...)`, which `registerRoutes` serves too. */
        readonly bridge: McpBridge;
        readonly authorizationServers?: undefined;
      }
  );

interface DocumentOptions {
  /** Default: every scope that the metadata of a tool, a resource or a prompt names. */
  readonly scopesSupported?: readonly string[];
  /**
   * The few scopes that a first sign-in asks for: each 401 names them, and those of the operation where it is known.
   * Default: none, and clients ask for all of `scopesSupported`.
   */
  readonly initialScopes?: readonly string[];
  /** A name for people. Default: the title or name of `serverInfo`. */
  readonly resourceName?: string;
  /** A page for developers. */
  readonly resourceDocumentation?: string;
}

/** How sessions live. */
export interface SessionOptions {
  /** Who gets one: signed-in users (`"authenticated"`, default), everybody (`"all"`), nobody (`"none"`). */
  readonly policy?: SessionPolicy;
  /** Idle time after which one is gone. Default 1 day. */
  readonly ttlMs?: number;
  /** How many a user can have; a further one replaces the idlest. Default 50. */
  readonly maxPerOwner?: number;
}

/** How calls are recorded. */
export interface AuditOptions {
  /** A call whose entry cannot be written is undone (`"deny"`, default) or stands (`"allow"`). */
  readonly onFailure?: AuditFailurePolicy;
  /** Entries older than this are deleted. Default 90 days. */
  readonly retentionDays?: number;
  /** Beyond as many the oldest entries are deleted, within the hour and some 200 at a time. Default: no limit. */
  readonly maxEntries?: number;
  /** Seals what entries say, so that `verifyAuditLog` finds one that was edited. Default false: that they exist is sealed always. */
  readonly chain?: boolean;
  /**
   * Records reads of resources and prompts, completions, and users' lists too. In a session they cost no more calls, but their
   * entry waits for the read; without one they cost one more, and a list does always. Default false.
   */
  readonly reads?: boolean;
  /**
   * Counts requests that are refused before it is known whose they are, calls that strangers may not make, what is beyond
   * a limit of `mcpRateLimits()`, what is somebody else's or is not at all (sessions, tasks, streams, rounds), and what the bridge refuses: one entry for each
   * minute and reason, one call for each refusal. Default false: they cost nothing and leave no trace, but for somebody else's session or question.
   */
  readonly refusals?: boolean;
  /** How much of arguments and results an entry keeps. Default 16 KiB and 32 levels each; at most 64 KiB. */
  readonly limits?: PayloadLimits;
  /** What `hash` rules of tools use: `hmacSha256(process.env.AUDIT_HASH_KEY)` of `@convex-mcp/audit/hmac`. */
  readonly hash?: KeyedHash;
}
