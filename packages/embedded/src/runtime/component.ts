import { AsyncLocalStorage } from "node:async_hooks";
import { performance } from "node:perf_hooks";
import { inspect } from "node:util";
import { ConvexError, convexToJson, jsonToConvex, type Value } from "convex/values";
import { messageOf, stackOf } from "../errors.ts";
import { createConvexGlobal, type FunctionCall, kindOf } from "./bridge.ts";
import type { EngineClock } from "./clock.ts";
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

interface Registered {
  exportArgs(): string;
  exportReturns(): string;
  invokeQuery?(args: string): Promise<string>;
  invokeMutation?(args: string): Promise<string>;
  invokeAction?(requestId: string, args: string): Promise<string>;
}

function formatLine(name: string, args: readonly unknown[]): string {
  const text = args.map((arg) => (typeof arg === "string" ? arg : inspect(arg, { depth: 4 })));
  return `[${name}] ${text.join(" ")}`;
}

/** An error of a realm, as one of the host that convex-test knows what to do with. */
export function toHostError(thrown: unknown): Error {
  const isConvexError =
    typeof thrown === "object" && thrown !== null && Symbol.for("ConvexError") in thrown;
  if (isConvexError) {
    // convex/server replaced `data` by its JSON on the way out of the function.
    const { data } = thrown as { data?: unknown };
    return new ConvexError(jsonToConvex(JSON.parse(typeof data === "string" ? data : "null")));
  }
  const error = new Error(messageOf(thrown));
  error.stack = stackOf(thrown);
  return error;
}

async function invoke(
  registered: Registered,
  kind: Exclude<FunctionKind, "http">,
  args: string,
): Promise<string> {
  const result =
    kind === "query"
      ? await registered.invokeQuery?.(args)
      : kind === "mutation"
        ? await registered.invokeMutation?.(args)
        : await registered.invokeAction?.("", args);
  if (result === undefined) throw new Error(`Expected a ${kind} built with convex/server`);
  return result;
}

/** Sets a component up. `env` is its `process.env`. */
export function createComponent(
  host: ComponentHost,
  path: string,
  program: Program,
  env: Readonly<Record<string, string>>,
): Component {
  const current = (): Invocation => {
    const invocation = invocations.getStore();
    if (invocation === undefined) {
      throw new Error("Convex functions' contexts cannot be used outside of a running function");
    }
    return invocation;
  };

  const shared = host.realms.create(program, {
    kind: "transaction",
    env,
    convex: createConvexGlobal({ current, enter: (run) => run(), record: host.record }),
    now: () => invocations.getStore()?.startedAt ?? host.clock.now(),
    performanceNow: () => {
      const invocation = invocations.getStore();
      return invocation?.kind === "query" ? invocation.startedAtPerformance : performance.now();
    },
    log: (_level, args) => {
      host.log(formatLine(invocations.getStore()?.name ?? "import", args));
    },
  });

  function fresh(invocation: Invocation): Realm {
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

  async function run(
    target: { readonly module: string; readonly name: string },
    kind: Exclude<FunctionKind, "http">,
    ctx: EngineContext,
    args: unknown,
  ): Promise<unknown> {
    const parent = invocations.getStore();
    const invocation: Invocation = {
      component: path,
      name: `${target.module.replace(/\.js$/, "")}:${target.name}`,
      kind,
      bearer: inheritBearer(parent, path),
      ctx,
      startedAt: host.clock.now(),
      startedAtPerformance: performance.now(),
    };
    return invocations.run(invocation, async () => {
      try {
        const realm = kind === "action" ? fresh(invocation) : shared;
        const registered = (await realm.load(target.module))[target.name] as Registered;
        const json = JSON.stringify(convexToJson([args as Value]));
        return jsonToConvex(JSON.parse(await invoke(registered, kind, json)));
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
        [`is${kind[0]?.toUpperCase()}${kind.slice(1)}`]: true,
        exportArgs: () => registered.exportArgs(),
        exportReturns: () => registered.exportReturns(),
        _handler: (ctx: EngineContext, args: unknown) =>
          run({ module: modulePath, name }, kind, ctx, args),
      };
      return [[name, stub] as const];
    });
    return Object.fromEntries(entries);
  }

  return { path, program, shared, stubs, fresh };
}
