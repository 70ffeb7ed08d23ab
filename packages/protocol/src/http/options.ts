import type { Feature, Report, ReportedRequest, Server } from "../rpc/exchange.ts";
import type { SessionStore } from "../sessions/store.ts";
import { serveTools } from "../methods/tools.ts";
import { toMethodTable } from "../methods/table.ts";
import type { ToolCatalog } from "../tools/catalog.ts";
import type { Refusal } from "../wire/errors.ts";
import type { Implementation } from "../wire/types.ts";
import type { BodyLimits } from "./body.ts";
import type { HostPolicy } from "./host.ts";
import type { OriginPolicy } from "./origin.ts";

/** Who a request comes from, or why it is refused (401 with its challenge, 429, ...). */
export type Authentication<P> =
  | { readonly ok: true; readonly principal: P }
  | { readonly ok: false; readonly refusal: Refusal };

/** Options of `createMcpHandler`. */
export interface McpHandlerOptions<C, P> {
  /** Shown to clients; the fields that a revision does not know are left out for it. */
  readonly serverInfo: Implementation;
  /** A text for the model about the server as a whole. */
  readonly instructions?: string | undefined;
  /**
   * Asked for each request but OPTIONS, once Origin and Host are fine and before the body is
   * read. Called without a body in hand: a caller who is refused costs no more than the headers.
   */
  readonly authenticate: (
    request: Request,
    context: C,
  ) => Authentication<P> | Promise<Authentication<P>>;
  readonly sessions: SessionStore<C, P>;
  readonly tools: ToolCatalog<C, P>;
  /**
   * What the server offers beside tools: `serveResources(...)`, `servePrompts(...)`, `streaming(...)`
   * and the like. Clients are told of just these.
   */
  readonly features?: readonly Feature<C, P>[] | undefined;
  /** Default: the origin of the canonical URL (`hosts.canonical` serves too), and loopback origins. */
  readonly origins?: OriginPolicy | undefined;
  /** Default: any host. */
  readonly hosts?: HostPolicy | undefined;
  readonly limits?: McpLimits | undefined;
  /** Told what backends throw. What it throws itself is dropped: reporting never alters a response. */
  readonly onError?: ((error: unknown, request: ReportedRequest) => void) | undefined;
}

/** Limits on what a client may send. */
export interface McpLimits {
  /** Bytes of a request body. Default: 4 MiB. */
  readonly bodyBytes?: number | undefined;
  /** Levels of nesting in a request body. Default: 64. */
  readonly depth?: number | undefined;
  /** Messages in a batch. Default: 20. */
  readonly batch?: number | undefined;
  /** Items in one answer of a list method. Default: 100. */
  readonly pageSize?: number | undefined;
}

/** Options with every default in place. */
export interface Settings<C, P> {
  readonly server: Server<C, P>;
  readonly authenticate: McpHandlerOptions<C, P>["authenticate"];
  readonly origins: OriginPolicy;
  readonly hosts: HostPolicy;
  readonly body: BodyLimits;
}

// As browsers serialise an origin (HTML, 7.1.1): lower case, without a path.
const originForm = /^(?:\*|null|[a-z][\d+.a-z-]*:\/\/[^\s#/?A-Z]+)$/;

/** The options of a handler that can be wrong. */
export type McpHandlerChecks<C, P> = Pick<
  McpHandlerOptions<C, P>,
  "serverInfo" | "features" | "origins" | "hosts" | "limits"
>;

/**
 * Judges options as `createMcpHandler` does and makes nothing of them: for a host that makes a handler for each request,
 * and wants a mistake to show before the first.
 *
 * @throws TypeError naming the option that is wrong.
 */
export function checkMcpOptions<C, P>(options: McpHandlerChecks<C, P>): void {
  judge(options);
  const { features = [] } = options;
  if (features.length > 0) toMethodTable(features);
}

function judge(options: McpHandlerChecks<never, never>): void {
  const { serverInfo, limits = {}, hosts = {}, origins = {} } = options;
  if (typeof serverInfo?.name !== "string" || typeof serverInfo.version !== "string") {
    throw new TypeError("serverInfo: expected { name, version }, both strings.");
  }
  checkUrl("origins.canonical", origins.canonical);
  checkUrl("hosts.canonical", hosts.canonical);
  checkList("origins.allowed", origins.allowed, originForm, "https://app.example.com");
  checkList("hosts.allowed", hosts.allowed, /^[^\s/]+$/, "localhost:3000");
  for (const name in limits) checkLimit(name, limits[name as keyof McpLimits] ?? 1);
}

/** Checks options and fills in their defaults. @throws TypeError naming the option that is wrong. */
export function resolveOptions<C, P>(options: McpHandlerOptions<C, P>): Settings<C, P> {
  judge(options);
  const { serverInfo, limits = {}, hosts = {}, origins = {} } = options;
  const features = [serveTools(options.tools), ...(options.features ?? [])];
  return {
    server: {
      serverInfo,
      instructions: options.instructions,
      sessions: options.sessions,
      features,
      converse: features.find(({ converse }) => converse)?.converse,
      methods: toMethodTable(features),
      pageSize: limits.pageSize ?? 100,
      maxBatch: limits.batch ?? 20,
      report: toReport(options.onError),
    },
    authenticate: options.authenticate,
    origins: { ...origins, canonical: origins.canonical ?? hosts.canonical },
    hosts,
    body: {
      decoder: new TextDecoder("utf-8", { fatal: true }),
      bodyBytes: limits.bodyBytes ?? 4 * 1024 * 1024,
      depth: limits.depth ?? 64,
    },
  };
}

function checkLimit(name: string, limit: number): void {
  if (Number.isSafeInteger(limit) && limit > 0) return;
  throw new TypeError(`limits.${name}: expected a positive integer, got ${String(limit)}.`);
}

// No URL.canParse: not every isolate has it.
function checkUrl(name: string, value: string | undefined): void {
  if (value === undefined) return;
  try {
    void new URL(value);
  } catch {
    const expected = "expected an absolute URL such as https://example.com/mcp";
    throw new TypeError(`${name}: ${expected}, got ${value}.`);
  }
}

/** A list entry of the wrong form would never match, and look like a refusal for no reason. */
function checkList(name: string, list: unknown, form: RegExp, example: string): void {
  if (!Array.isArray(list)) return;
  const wrong = list.find((entry) => typeof entry !== "string" || !form.test(entry));
  if (wrong === undefined) return;
  throw new TypeError(`${name}: expected entries such as ${example}, got ${String(wrong)}.`);
}

function toReport(onError: McpHandlerOptions<unknown, unknown>["onError"]): Report {
  return (error, request) => {
    try {
      onError?.(error, request);
    } catch {
      // Dropped on purpose: the response is the caller's, whatever the operator's logging does.
    }
  };
}
