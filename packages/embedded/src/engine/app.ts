import { AsyncLocalStorage } from "node:async_hooks";
import { performance } from "node:perf_hooks";
import type { Push } from "../deploy/endpoint.ts";
import type { PushedDefinition, PushedModule } from "../deploy/request.ts";
import { createImportRealm } from "../deploy/analysis.ts";
import { type Component, type ComponentHost, createComponent } from "../runtime/component.ts";
import { toHostError } from "../runtime/failure.ts";
import {
  type Bearer,
  type EngineContext,
  type Invocation,
  invocations,
} from "../runtime/invocation.ts";
import { createProgram, type Namespace } from "../runtime/program.ts";

/** An HTTP request, before it is a `Request` of some realm. */
export interface AppRequest {
  readonly method: string;
  /** The path as it was sent, percent-encoding and all, without the query. */
  readonly path: string;
  readonly url: string;
  readonly init: RequestInit;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly bearer: Bearer;
  readonly identity: object | null;
}

/** Where a function is. */
export interface FunctionPath {
  readonly componentPath: string;
  readonly udfPath: string;
}

/** A pushed app that runs. */
export interface App {
  readonly components: ReadonlyMap<string, Component>;
  /** Runs the HTTP action that the request is routed to; null when there is none. */
  handle(request: AppRequest): Promise<Response | null>;
  /** Calls any function, internal ones too. */
  readonly call: (path: FunctionPath, args: unknown, identity: object | null) => Promise<unknown>;
  /** Waits for the scheduled functions that run now. */
  finishScheduled(): Promise<void>;
}

/** The part of convex-test's accessor used here; `fun` is there but not in its types. */
interface Accessor {
  fetch(path: string, init: RequestInit): Promise<Response>;
  fun(path: FunctionPath, args: unknown): Promise<unknown>;
  finishInProgressScheduledFunctions(): Promise<void>;
  withIdentity(identity: object): Accessor;
  withRequestMetadata(metadata: { ip: string | null; userAgent: string | null }): Accessor;
  registerComponent(path: string, schema: unknown, modules: ModuleMap): void;
}

type ModuleMap = Record<string, () => Promise<Namespace>>;

/** convex-test's factory, loaded by the caller after the globals it replaces were kept. */
export type ConvexTest = (options: { schema?: unknown; modules: ModuleMap }) => Accessor;

interface Router {
  lookup(
    path: string,
    method: string,
  ): [{ invokeHttpAction(request: Request): Promise<Response> }] | null;
}

const HTTP_MODULE = "http.js";

/** convex-test takes the place of `_generated` for the root of all modules. */
const MODULES_ROOT: ModuleMap = { "./_generated/server.js": () => Promise.resolve({}) };

function modulesOf(component: Component): ModuleMap {
  const functions = component.program.paths.filter((path) => !path.startsWith("_deps/"));
  return {
    ...MODULES_ROOT,
    ...Object.fromEntries(functions.map((path) => [`./${path}`, () => component.stubs(path)])),
  };
}

async function routerOf(load: (path: string) => Promise<Namespace>): Promise<Router> {
  return (await load(HTTP_MODULE)).default as Router;
}

async function schemaOf(host: ComponentHost, schema: PushedModule | null): Promise<unknown> {
  if (schema === null) return null;
  return (await createImportRealm(host.realms, [schema], {}).load(schema.path)).default;
}

interface Mounted {
  readonly component: Component;
  readonly schema: unknown;
}

async function mountAll(
  host: ComponentHost,
  push: Push,
  env: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, Mounted>> {
  const mounted = new Map<string, Mounted>();
  // A component sees its own variables only, and these two.
  const componentEnv = {
    CONVEX_CLOUD_URL: env.CONVEX_CLOUD_URL ?? "",
    CONVEX_SITE_URL: env.CONVEX_SITE_URL ?? "",
  };
  async function mount(pushed: PushedDefinition, path: string): Promise<void> {
    const program = createProgram(pushed.modules);
    const component = createComponent(host, path, program, path === "" ? env : componentEnv);
    mounted.set(path, { component, schema: await schemaOf(host, pushed.schema) });
    for (const child of push.analysis.get(pushed.path)?.definition.childComponents ?? []) {
      const definition = push.request.components.get(child.path);
      if (definition === undefined) continue;
      await mount(definition, path === "" ? child.name : `${path}/${child.name}`);
    }
  }
  await mount(push.request.app, "");
  return mounted;
}

/**
 * Runs an HTTP action in a realm of its own: on the platform no module-level state survives a request
 * (convex-backend `context_cache.rs`).
 */
function runHttpAction(
  host: ComponentHost,
  root: Component,
  request: AppRequest,
  ctx: EngineContext,
): Promise<Response> {
  const invocation: Invocation = {
    component: "",
    name: `${request.method} ${request.path}`,
    kind: "http",
    bearer: request.bearer,
    ctx,
    startedAt: host.clock.now(),
    startedAtPerformance: performance.now(),
  };
  return invocations.run(invocation, async () => {
    const realm = root.fresh(invocation);
    const [endpoint] = (await routerOf(realm.load)).lookup(request.path, request.method) ?? [];
    if (endpoint === undefined)
      throw new Error("The routes differ from one evaluation to the next");
    try {
      return await endpoint.invokeHttpAction(realm.makeRequest(request.url, request.init));
    } catch (thrown) {
      throw toHostError(thrown);
    }
  });
}

/** Puts a push on convex-test's engine. */
export async function createApp(
  host: ComponentHost,
  convexTest: ConvexTest,
  push: Push,
  env: Readonly<Record<string, string>>,
): Promise<App> {
  const mounted = await mountAll(host, push, env);
  const root = mounted.get("");
  if (root === undefined) throw new Error("The push has no app");

  // convex-test's `fetch` sets the stage of an HTTP action; the request itself comes in here.
  const requests = new AsyncLocalStorage<AppRequest>();
  const httpAction = (ctx: EngineContext): Promise<Response> => {
    const request = requests.getStore();
    if (request === undefined) throw new Error("HTTP actions run for requests only");
    return runHttpAction(host, root.component, request, ctx);
  };
  const modules = modulesOf(root.component);
  modules[`./${HTTP_MODULE}`] = async () => ({
    ...(root.component.program.has(HTTP_MODULE) ? await root.component.stubs(HTTP_MODULE) : {}),
    default: { lookup: () => [httpAction] },
  });

  const engine = convexTest({ ...(root.schema === null ? {} : { schema: root.schema }), modules });
  for (const [path, { component, schema }] of mounted) {
    if (path !== "") engine.registerComponent(path, schema, modulesOf(component));
  }

  async function handle(request: AppRequest): Promise<Response | null> {
    if (!root?.component.program.has(HTTP_MODULE)) return null;
    const router = await routerOf(root.component.shared.load);
    if (router.lookup(request.path, request.method) === null) return null;
    const { ip, userAgent, identity } = request;
    const accessor = identity === null ? engine : engine.withIdentity(identity);
    return requests.run(request, () =>
      accessor.withRequestMetadata({ ip, userAgent }).fetch("/", { method: "GET" }),
    );
  }

  return {
    components: new Map([...mounted].map(([path, { component }]) => [path, component])),
    handle,
    call: (path, args, identity) =>
      (identity === null ? engine : engine.withIdentity(identity)).fun(path, args),
    finishScheduled: () => engine.finishInProgressScheduledFunctions(),
  };
}
