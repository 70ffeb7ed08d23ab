import { AsyncLocalStorage } from "node:async_hooks";
import { performance } from "node:perf_hooks";
import { inspect } from "node:util";
import { convexToJson, jsonToConvex, type Value } from "convex/values";
import { stackOf } from "../errors.ts";
import { createConvexGlobal, type FunctionCall, kindOf } from "./bridge.ts";
import type { EngineClock } from "./clock.ts";
import { toHostError } from "./failure.ts";
import {
  type EngineContext,
  type FunctionKind,
  inheritBearer,
  type Invocation,
  invocations,
} from "./invocation.ts";
import type { Namespace, Program } from "./program.ts";
import type { Realm, RealmFactory } from "./realm.ts";

/** What every component of an app shares. */
export interface ComponentHost {
  readonly realms: RealmFactory;
  readonly clock: EngineClock;
  readonly record: (call: FunctionCall) => void;
  readonly log: (line: string) => void;
}

/** A mounted component (or the app, path ""): its modules, and how its functions run. */
export interface Component {
  readonly path: string;
  readonly program: Program;
  /** The realm of its queries and mutations; also good for looking at exports. */
  readonly shared: Realm;
  /** A module as convex-test wants it: stubs that run the real functions in a realm. */
  stubs(modulePath: string): Promise<Namespace>;
  /** A new realm for one action or HTTP action; call it inside `invocations.run`. */
  fresh(invocation: Invocation): Realm;
}

type RegisteredKind = Exclude<FunctionKind, "http">;

/** What `convex/server` makes of a function. */
interface Registered {
  exportArgs(): string;
  exportReturns(): string;
  invokeQuery?(args: string): Promise<string>;
  invokeMutation?(args: string): Promise<string>;
  invokeAction?(requestId: string, args: string): Promise<string>;
}

const FLAGS = { query: "isQuery", mutation: "isMutation", action: "isAction" } as const;

type Env = Readonly<Record<string, string>>;

function formatLine(name: string, args: readonly unknown[]): string {
  const text = args.map((arg) => (typeof arg === "string" ? arg : inspect(arg, { depth: 4 })));
  return `[${name}] ${text.join(" ")}`;
}

function runningInvocation(): Invocation {
  const invocation = invocations.getStore();
  if (invocation !== undefined) return invocation;
  throw new Error("Convex's functions cannot be called before a function runs");
}

/** Queries and mutations share a realm; which one is running is a matter of asynchronous context. */
function createSharedRealm(host: ComponentHost, program: Program, env: Env): Realm {
  return host.realms.create(program, {
    kind: "transaction",
    env,
    convex: createConvexGlobal({
      current: runningInvocation,
      enter: (run) => run(),
      record: host.record,
    }),
    now: () => invocations.getStore()?.startedAt ?? host.clock.now(),
    performanceNow: () => {
      const invocation = invocations.getStore();
      return invocation?.kind === "query" ? invocation.startedAtPerformance : performance.now();
    },
    log: (_level, args) => {
      host.log(formatLine(invocations.getStore()?.name ?? "import", args));
    },
  });
}

function createFreshRealm(
  host: ComponentHost,
  program: Program,
  env: Env,
  invocation: Invocation,
): Realm {
  const enter = AsyncLocalStorage.snapshot() as <T>(run: () => T) => T;
  return host.realms.create(program, {
    kind: "action",
    env,
    convex: createConvexGlobal({ current: () => invocation, enter, record: host.record }),
    now: host.clock.now,
    performanceNow: () => performance.now(),
    log: (_level, args) => host.log(formatLine(invocation.name, args)),
  });
}

async function invoke(
  registered: Registered | undefined,
  kind: RegisteredKind,
  args: unknown,
): Promise<Value> {
  const json = JSON.stringify(convexToJson([args as Value]));
  const invokers = {
    query: () => registered?.invokeQuery?.(json),
    mutation: () => registered?.invokeMutation?.(json),
    action: () => registered?.invokeAction?.("", json),
  };
  const result = await invokers[kind]();
  if (result === undefined) throw new Error(`Expected a ${kind} built with convex/server`);
  return jsonToConvex(JSON.parse(result));
}

/** Sets a component up. `env` is its `process.env`. */
export function createComponent(
  host: ComponentHost,
  path: string,
  program: Program,
  env: Env,
): Component {
  const shared = createSharedRealm(host, program, env);
  const fresh = (invocation: Invocation): Realm => createFreshRealm(host, program, env, invocation);

  function run(
    [module, name]: readonly [string, string],
    kind: RegisteredKind,
    ctx: EngineContext,
    args: unknown,
  ): Promise<Value> {
    const invocation: Invocation = {
      component: path,
      name: `${module.replace(/\.js$/, "")}:${name}`,
      kind,
      bearer: inheritBearer(invocations.getStore(), path),
      ctx,
      startedAt: host.clock.now(),
      startedAtPerformance: performance.now(),
    };
    return invocations.run(invocation, async () => {
      try {
        const realm = kind === "action" ? fresh(invocation) : shared;
        return await invoke((await realm.load(module))[name] as Registered, kind, args);
      } catch (thrown) {
        host.log(formatLine(invocation.name, [`Uncaught ${stackOf(thrown)}`]));
        throw toHostError(thrown);
      }
    });
  }

  async function stubs(modulePath: string): Promise<Namespace> {
    const namespace = await shared.load(modulePath);
    const entries = Object.entries(namespace).flatMap(([name, exported]) => {
      const kind = kindOf(exported);
      if (kind === null) return [];
      const registered = exported as Registered;
      const stub = {
        [FLAGS[kind]]: true,
        exportArgs: () => registered.exportArgs(),
        exportReturns: () => registered.exportReturns(),
        _handler: (ctx: EngineContext, args: unknown) => run([modulePath, name], kind, ctx, args),
      };
      return [[name, stub] as const];
    });
    return Object.fromEntries(entries);
  }

  return { path, program, shared, stubs, fresh };
}
