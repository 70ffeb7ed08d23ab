import { resolve } from "node:path";
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { convexToJson, type Value } from "convex/values";
import type { FunctionCall } from "./runtime/bridge.ts";
import { startThread } from "./worker/spawn.ts";

/** How to run an app. */
export interface EmbeddedOptions {
  /** Folder with `convex.json` or `convex/`, and `node_modules`; the CLI runs there. */
  readonly projectDir: string;
  /** 0 takes any free port. Only this machine can reach it, as localhost, 127.0.0.1 or [::1]. */
  readonly port: number;
  /**
   * The deployment's environment variables: `process.env` of the app's functions and of `auth.config.ts`.
   * `CONVEX_SITE_URL` and `CONVEX_CLOUD_URL` default to the engine's URL.
   */
  readonly env?: Readonly<Record<string, string>>;
  /** Gets one line per console call, failed function or other event. Default: nothing is said. */
  readonly log?: (line: string) => void;
  /** Whether crons of the app and its components run. Default true. */
  readonly crons?: boolean;
}

/** How to call a function from outside. */
export interface RunOptions {
  /** Path of the component, "parent/child" for nested ones. Default: the app. */
  readonly component?: string;
  /** What `ctx.auth.getUserIdentity()` returns; not checked. Default: nobody. */
  readonly identity?: Readonly<Record<string, unknown>>;
}

/** A running app. */
export interface Embedded {
  /** `http://localhost:PORT`. */
  readonly url: string;
  /** What is allowed and seldom meant about `auth.config.ts`, one line each. */
  readonly warnings: readonly string[];
  /** Calls any function ("module:export"), internal ones and components' too. Rejects as the function does. */
  run(name: string, args?: Readonly<Record<string, Value>>, options?: RunOptions): Promise<unknown>;
  /**
   * Every function call that HTTP actions and actions made since the last reset, oldest first: what
   * Convex bills besides the HTTP actions themselves. A server that runs for long keeps the last 10,000.
   */
  calls(): readonly FunctionCall[];
  resetCalls(): void;
  /**
   * Moves the engine's clock and waits for what falls due: crons (once each) and scheduled functions.
   * Bearer tokens are still judged by the real clock, which is their issuer's.
   */
  advance(ms: number): Promise<void>;
  /** Stops the server and its thread. Open requests are cut. Closing twice is fine. */
  close(): Promise<void>;
}

const MAX_CALLS = 10_000;
const TRIM_INTERVAL_MS = 10_000;

/**
 * Pushes a Convex project with its own CLI to a local engine and serves its HTTP actions.
 *
 * Rejects with an `EmbeddedError` whose message can be shown as it is: `port_in_use`, `cli_missing`,
 * `cli_failed`, `push_rejected`, `auth_config`, `engine_failed`.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { port1: mine, port2: theirs } = new MessageChannel();
  const recorded: FunctionCall[] = [];

  // Calls are posted before their response is, so that reading the port never misses one.
  function drain(): FunctionCall[] {
    for (;;) {
      const received: { message: FunctionCall } | undefined = receiveMessageOnPort(mine);
      if (received === undefined) return recorded;
      recorded.push(received.message);
    }
  }

  const { projectDir, port, env = {}, crons = true, log = () => undefined } = options;
  const job = { kind: "serve", projectDir: resolve(projectDir), port, env, crons } as const;
  const thread = await startThread({ ...job, calls: theirs }, log, [theirs]);

  const trimming = setInterval(() => {
    drain().splice(0, Math.max(0, recorded.length - MAX_CALLS));
  }, TRIM_INTERVAL_MS).unref();

  async function close(): Promise<void> {
    clearInterval(trimming);
    // A thread that has ended already has nothing left to close.
    await thread.send({ kind: "close" }).catch(() => undefined);
    await thread.stop();
    mine.close();
  }

  return {
    url: thread.url,
    warnings: thread.warnings,
    run: (name, args = {}, { component = "", identity } = {}) =>
      thread.send({
        kind: "run",
        component,
        name,
        args: convexToJson(args),
        identity: identity ?? null,
      }),
    calls: () => [...drain()],
    resetCalls: () => {
      drain().length = 0;
    },
    advance: async (ms) => {
      await thread.send({ kind: "advance", ms });
    },
    close,
  };
}
