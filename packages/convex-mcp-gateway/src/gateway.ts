import {
  authenticate,
  type ComponentApi,
  type Config,
  countRefusal,
  createDispatch,
  createRequestScope,
  createRunTask,
  createSessionStore,
  createToolCatalog,
  type DispatchCall,
  type DispatchReference,
  type DispatchReply,
  type RunMutationCtx,
  type RunQueryCtx,
  type RunTaskReference,
} from "@convex-mcp/convex-adapter";
import { createMcpHandler } from "@convex-mcp/protocol";
import type {
  GenericActionCtx,
  GenericDataModel,
  HttpRouter,
  RegisteredAction,
  RegisteredMutation,
} from "convex/server";
import { type AuditFilter, type AuditPage, listAuditEntries } from "./audit.ts";
import type { Pruned } from "./audit/keeping.ts";
import type { McpGatewayOptions } from "./options.ts";
import { resolveConfig } from "./config.ts";
import { metadataResponse, resourceAt } from "./resource.ts";
import { sitePath, siteUrl } from "./site.ts";
import { registerRoutes } from "./routes.ts";

/** Where and how a gateway is mounted. */
export interface MountOptions {
  /** `internal.<file>.dispatch`, which the app exports from `functions()`. */
  readonly dispatch: DispatchReference;
  /** `internal.<file>.runTask`, exported beside it: for a gateway with a tool that goes on as a task. */
  readonly runTask?: RunTaskReference;
  /** Default `/mcp`. Served with and without a slash at its end. */
  readonly path?: string;
  /** Overrides the gateway's `anonymous` for this mount. */
  readonly anonymous?: boolean;
}

/**
 * An MCP server over an app's Convex functions.
 *
 * Secure by default: a request without a token is refused unless `anonymous` is set, a bad token is always refused,
 * `authorize` denies what it does not allow, foreign origins and hosts are refused, every call is recorded.
 *
 * @example
 * export const mcp: McpGateway = new McpGateway(components.mcpGateway, {
 *   serverInfo: { name: "invoices", version: "1.0.0" },
 *   tools: [defineMcpQuery({ name: "whoami", description: "Who am I?", fn: api.users.whoami, args: {} })],
 *   authorize: requireScopes(),
 *   oauth: { authorizationServers: ["https://issuer.example.com"] },
 * });
 * export const { dispatch } = mcp.functions();
 *
 * @throws TypeError when an option or a tool is wrong, with its name.
 */
export class McpGateway {
  readonly #component: ComponentApi;
  readonly #options: McpGatewayOptions;
  readonly #config: Config;

  constructor(component: ComponentApi, options: McpGatewayOptions) {
    this.#component = component;
    this.#options = options;
    this.#config = resolveConfig(component, options);
  }

  /**
   * The functions that the app has to export: tools run in its root, where identity is known. `runTask` is for a gateway
   * with a tool that goes on as a task.
   */
  functions(): {
    dispatch: RegisteredMutation<"internal", { call: DispatchCall }, Promise<DispatchReply>>;
    runTask: RegisteredAction<"internal", { taskId: string }, Promise<null>>;
  } {
    return { dispatch: createDispatch(this.#config), runTask: createRunTask(this.#config) };
  }

  /**
   * Mounts the endpoint and its discovery documents on the app's router, and the bridge, if there is one.
   *
   * @throws TypeError when the path is none, or `runTask` is missing.
   */
  registerRoutes(http: HttpRouter, mount: MountOptions): void {
    for (const { tasks } of this.#config.features) tasks?.checkMount(this.#config, mount);
    const endpoints = {
      endpoint: (ctx: GenericActionCtx<GenericDataModel>, request: Request) =>
        this.handleMcpRequest(ctx, request, mount),
      metadata: (request: Request, path: string) => this.handleMetadataRequest(request, path),
    };
    const { path = "/mcp" } = mount;
    registerRoutes(http, path, endpoints, sitePath(this.#options));
    this.#options.oauth?.bridge?.registerRoutes(http, {
      path,
      siteUrl: this.#options.siteUrl,
      audit: this.#config.audit,
    });
  }

  /** Answers one request to the endpoint, for routes mounted by hand. Never throws for what a client sent. */
  async handleMcpRequest<DataModel extends GenericDataModel>(
    ctx: GenericActionCtx<DataModel>,
    request: Request,
    mount: MountOptions,
  ): Promise<Response> {
    const options = this.#options;
    const path = mount.path ?? "/mcp";
    const asked = /^[^?#]*\/(?:[?#]|$)/.test(request.url) ? `${path}/` : path;
    const resource = resourceAt(options, asked);
    const scope = await createRequestScope(
      ctx as unknown as GenericActionCtx<GenericDataModel>,
      resource,
      options.loadContext,
      request.headers,
    );
    const policy = {
      anonymous: mount.anonymous ?? options.anonymous ?? false,
      audience: options.audience ?? "platform",
      resolveIdentity: options.resolveIdentity,
    };
    const handle = createMcpHandler({
      serverInfo: options.serverInfo,
      instructions: options.instructions,
      authenticate: async (incoming, context: typeof scope) => {
        const found = await authenticate(incoming, context, policy);
        // What could not be judged failed, and was not refused.
        if (!found.ok && found.refusal.status !== 503) {
          const reason = incoming.headers.has("Authorization") ? "badToken" : "noToken";
          await countRefusal(this.#config, context.ctx, reason);
        }
        return found;
      },
      sessions: createSessionStore(this.#config),
      tools: createToolCatalog(this.#config, mount),
      features: this.#config.features.flatMap(({ serve }) => serve(this.#config)),
      hosts: { canonical: resource.url, allowed: options.allowedHosts },
      // The canonical origin is that of the canonical host.
      origins: { allowed: options.allowedOrigins },
      limits: options.limits,
      // As JSON, since the method is whatever the client wrote, line breaks included.
      onError: (error, { method = "" }) =>
        console.error(`MCP request ${JSON.stringify(method.slice(0, 64))} failed.`, error),
    });
    return handle(request, scope);
  }

  /** Answers one request for the discovery document of the endpoint at `path` (RFC 9728), for routes mounted by hand. */
  handleMetadataRequest(request: Request, path = "/mcp"): Response {
    const { serverInfo, oauth, allowedOrigins } = this.#options;
    return metadataResponse(request, resourceAt(this.#options, path), oauth, {
      name: serverInfo.title ?? serverInfo.name,
      config: this.#config,
      site: siteUrl(this.#options),
      allowedOrigins,
    });
  }

  /** A page of the audit log, newest first. Call it from a function that decides who may read it. */
  listAuditEntries(ctx: RunQueryCtx, filter: AuditFilter = {}): Promise<AuditPage> {
    return listAuditEntries(ctx, this.#component, filter);
  }

  /** Deletes entries made before a time. Entries past their retention go by themselves. */
  pruneAuditEntries(ctx: RunMutationCtx, { before }: { before: number }): Promise<Pruned> {
    return ctx.runMutation(this.#component.retention.prune, { before });
  }

  /** Deletes expired sessions at once. They are refused already, and go by themselves within the hour. */
  pruneSessions(ctx: RunMutationCtx): Promise<Pruned> {
    return ctx.runMutation(this.#component.sessions.prune, {});
  }
}
