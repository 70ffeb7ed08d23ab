/** What a function execution may do: transactions have no fetch, no timers, and a clock that stands still. */
export type RealmKind = "transaction" | "action";

/** Everything that a context gets from outside, as one object. */
export interface PreludeHost {
  readonly kind: RealmKind;
  readonly env: Readonly<Record<string, string>>;
  /** Constructors and functions that become globals as they are. */
  readonly globals: Readonly<Record<string, unknown>>;
  /** The host's error constructors, so that `instanceof Error` holds for what its APIs throw. */
  readonly errors: Readonly<Record<string, new (message?: string) => Error>>;
  readonly Request: typeof Request;
  readonly Response: typeof Response;
  readonly convex: object;
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
  setTimer(callback: () => void, ms: number, repeat: boolean): number;
  clearTimer(id: unknown): void;
  now(): number;
  performanceNow(): number;
  log(level: string, args: readonly unknown[]): void;
}

/** What the host calls in the context. */
export interface RealmHandle {
  makeRequest(url: string, init: RequestInit): Request;
}

type Define = (name: string, value: unknown) => void;

function installErrors(host: PreludeHost): void {
  for (const [name, HostError] of Object.entries(host.errors)) {
    const Local = Reflect.get(globalThis, name) as { prototype: object };
    Object.defineProperty(Local, Symbol.hasInstance, {
      value(this: { prototype: object }, candidate: unknown): boolean {
        if (Function.prototype[Symbol.hasInstance].call(this, candidate)) return true;
        return this === Local && candidate instanceof HostError;
      },
    });
  }
}

function installClock(host: PreludeHost, define: Define): void {
  const RealDate = Date;
  const EngineDate = new Proxy(RealDate, {
    apply: () => new RealDate(host.now()).toString(),
    construct: (target, args, newTarget): object =>
      Reflect.construct(target, args.length === 0 ? [host.now()] : args, newTarget) as object,
    get: (target, key, receiver): unknown =>
      key === "now" ? () => host.now() : Reflect.get(target, key, receiver),
  });
  RealDate.prototype.constructor = EngineDate;
  define("Date", EngineDate);
  define("performance", { now: () => host.performanceNow(), timeOrigin: 0 });
}

function installConsole(host: PreludeHost, define: Define): void {
  const levels = ["debug", "error", "info", "log", "warn", "trace", "dir"];
  const lines = levels.map((level) => [level, (...args: unknown[]) => host.log(level, args)]);
  const timers = new Map<string, number>();
  const report = (label: string, end: boolean): void => {
    host.log("info", [`${label}: ${host.performanceNow() - (timers.get(label) ?? 0)}ms`]);
    if (end) timers.delete(label);
  };
  define("console", {
    ...(Object.fromEntries(lines) as object),
    assert: (condition: unknown, ...args: unknown[]) => {
      if (condition !== true) host.log("error", ["Assertion failed", ...args]);
    },
    time: (label = "default") => timers.set(label, host.performanceNow()),
    timeLog: (label = "default") => report(label, false),
    timeEnd: (label = "default") => report(label, true),
  });
}

/** Bodies parsed by the host would be objects of another realm, so these parse here. */
function createBodies(host: PreludeHost): { Request: typeof Request; Response: typeof Response } {
  class RealmRequest extends host.Request {
    override async json(): Promise<unknown> {
      return JSON.parse(await this.text()) as unknown;
    }
    override clone(): RealmRequest {
      return Object.setPrototypeOf(super.clone(), RealmRequest.prototype) as RealmRequest;
    }
    static override [Symbol.hasInstance](candidate: unknown): boolean {
      return candidate instanceof host.Request;
    }
  }
  class RealmResponse extends host.Response {
    override async json(): Promise<unknown> {
      return JSON.parse(await this.text()) as unknown;
    }
    override clone(): RealmResponse {
      return Object.setPrototypeOf(super.clone(), RealmResponse.prototype) as RealmResponse;
    }
    static override [Symbol.hasInstance](candidate: unknown): boolean {
      return candidate instanceof host.Response;
    }
  }
  Object.defineProperty(RealmRequest, "name", { value: "Request" });
  Object.defineProperty(RealmResponse, "name", { value: "Response" });
  return { Request: RealmRequest, Response: RealmResponse };
}

function installEffects(host: PreludeHost, define: Define, ownResponse: typeof Response): void {
  if (host.kind === "transaction") {
    for (const name of ["fetch", "setTimeout", "setInterval", "clearTimeout", "clearInterval"]) {
      define(name, () => {
        throw new Error(
          `Can't use ${name}() in queries and mutations. Please consider using an action. ` +
            "See https://docs.convex.dev/functions/actions for more details.",
        );
      });
    }
    return;
  }
  define("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const response = await host.fetch(input, init);
    return Object.setPrototypeOf(response, ownResponse.prototype) as Response;
  });
  const timer =
    (repeat: boolean) =>
    (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
      host.setTimer(() => callback(...args), ms, repeat);
  define("setTimeout", timer(false));
  define("setInterval", timer(true));
  define("clearTimeout", (id: unknown) => host.clearTimer(id));
  define("clearInterval", (id: unknown) => host.clearTimer(id));
}

/** Turns the bare context whose `globalThis` it finds into Convex's default runtime. */
function install(host: PreludeHost): RealmHandle {
  const define: Define = (name, value) => {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  };
  for (const [name, value] of Object.entries(host.globals)) define(name, value);
  const bodies = createBodies(host);
  define("Request", bodies.Request);
  define("Response", bodies.Response);
  installErrors(host);
  installClock(host, define);
  installConsole(host, define);
  installEffects(host, define, bodies.Response);
  define("self", globalThis);
  define("process", { env: { ...host.env } });
  define("Convex", host.convex);
  return { makeRequest: (url, init) => new bodies.Request(url, init) };
}

/** What the script below evaluates to. */
export type Prelude = (host: PreludeHost) => RealmHandle;

const PARTS = [installErrors, installClock, installConsole, createBodies, installEffects, install];

/**
 * The functions above as a script: they run inside a context and close over nothing but each other.
 * The globals are those of convex-backend's `npm-packages/udf-runtime/src/setup.ts`.
 */
export const preludeSource = `(() => { "use strict";\n${PARTS.map(String).join("\n")}\nreturn install; })()`;
