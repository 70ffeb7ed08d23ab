import { createKeyStore } from "../auth/keys.ts";
import { configWarnings, loadProviders } from "../auth/providers.ts";
import { createAuthenticator } from "../auth/verify.ts";
import { pushProject } from "../deploy/push.ts";
import { type HttpServer, startHttpServer } from "../http/server.ts";
import type { FunctionCall } from "../runtime/bridge.ts";
import { createClock, type EngineClock } from "../runtime/clock.ts";
import { scheduling } from "../runtime/invocation.ts";
import { createRealmFactory } from "../runtime/realm.ts";
import { createApp, type ConvexTest, type FunctionPath } from "./app.ts";
import { startCrons } from "./crons.ts";

/** What an engine is made of; functions do not cross into its thread, so these are its own. */
export interface EngineOptions {
  readonly projectDir: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  readonly crons: boolean;
  readonly log: (line: string) => void;
  readonly record: (call: FunctionCall) => void;
}

/** A running app with its server, in this thread. */
export interface Engine {
  readonly url: string;
  readonly warnings: readonly string[];
  call(path: FunctionPath, args: unknown, identity: object | null): Promise<unknown>;
  advance(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Functions that schedule themselves at once would keep `advance` busy for ever. */
const MAX_ROUNDS = 1_000;

/** Puts convex-test on engine time, and its messages into the log. */
function takeOverGlobals(clock: EngineClock, log: (line: string) => void): void {
  // It stamps documents by `Date.now`, and schedules by `setTimeout`, which undici needs as it is.
  Date.now = clock.now;
  const setRealTimeout = globalThis.setTimeout;
  const setEngineTimeout = (run: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
    scheduling.getStore() === true
      ? scheduling.exit(() => clock.setTimer(() => run(...args), ms))
      : setRealTimeout(run, ms, ...args);
  const line = (...args: readonly unknown[]): void => log(args.map(String).join(" "));
  const quiet = { ...console, log: line, info: line, warn: line, error: line, debug: line };
  Object.assign(globalThis, { setTimeout: setEngineTimeout, console: quiet });
}

async function assemble(options: EngineOptions, server: HttpServer): Promise<Engine> {
  const { log, record } = options;
  const url = `http://localhost:${server.port}`;
  const env = { CONVEX_CLOUD_URL: url, CONVEX_SITE_URL: url, ...options.env };
  const realms = createRealmFactory();
  const fetch = globalThis.fetch.bind(globalThis);
  const clock = createClock();

  const push = await pushProject(realms, options.projectDir, env);
  const providers = await loadProviders(realms, push.request.app.modules, env);
  takeOverGlobals(clock, log);
  const { convexTest } = (await import("convex-test")) as unknown as { convexTest: ConvexTest };
  const app = await createApp({ realms, clock, record, log }, convexTest, push, env);
  const crons = options.crons
    ? await startCrons(app, clock, log)
    : { idle: () => Promise.resolve() };

  async function advance(ms: number): Promise<void> {
    clock.skip(ms);
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const fired = clock.fireDue();
      await app.finishScheduled();
      await crons.idle();
      if (fired === 0) return;
    }
    log("[advance] gave up on functions that keep scheduling others for at once");
  }

  const authenticate = createAuthenticator(providers ?? [], createKeyStore(fetch), log);
  server.serve({ app, authenticate, log });
  return { url, warnings: configWarnings(providers), call: app.call, advance, close: server.close };
}

/** Pushes a project and serves it. Replaces globals of the thread it runs in. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  // The port comes first: it is part of the environment that the push is evaluated with.
  const server = await startHttpServer(options.port);
  try {
    return await assemble(options, server);
  } catch (thrown) {
    await server.close();
    throw thrown;
  }
}
