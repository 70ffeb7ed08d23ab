import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type TransferListItem, Worker } from "node:worker_threads";
import { ConvexError, jsonToConvex } from "convex/values";
import { EmbeddedError } from "../errors.ts";
import type { Command, Failure, Report, WorkerJob } from "./messages.ts";

/** A worker that did, or is doing, its job. */
export interface EngineThread {
  readonly url: string;
  readonly warnings: readonly string[];
  send(command: Command): Promise<unknown>;
  stop(): Promise<void>;
}

/** Always the built file, also when this one runs from `src`: a worker needs plain JavaScript. */
const THREAD = new URL("../../dist/worker/thread.js", import.meta.url);

/** The one place that asks for `vm.SourceTextModule`. */
const EXEC_ARGV = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];

function toError(failure: Failure): Error {
  if (failure.code !== null) return new EmbeddedError(failure.code, failure.message);
  const error =
    failure.data === undefined
      ? new Error(failure.message)
      : new ConvexError(jsonToConvex(failure.data));
  error.stack = failure.stack;
  return error;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Starts the thread and resolves when its job is ready (`serve`) or done (`codegen`). */
export function startThread(
  job: WorkerJob,
  log: (line: string) => void,
  transfer: TransferListItem[] = [],
): Promise<EngineThread> {
  if (!existsSync(THREAD)) {
    const file = fileURLToPath(THREAD);
    throw new EmbeddedError("engine_failed", `${file} is missing. Build the package first.`);
  }
  const worker = new Worker(THREAD, {
    workerData: job,
    execArgv: EXEC_ARGV,
    transferList: transfer,
    stdout: true,
    stderr: true,
  });
  worker.stderr.on("data", (chunk: Buffer) => log(`[engine] ${chunk.toString().trimEnd()}`));
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let ended: Error | null = null;

  function send(command: Command): Promise<unknown> {
    lastId += 1;
    const id = lastId;
    return new Promise((resolve, reject) => {
      if (ended !== null) return reject(ended);
      pending.set(id, { resolve, reject });
      worker.postMessage({ id, command }, []);
    });
  }

  function settle(id: number, apply: (waiting: Pending) => void): void {
    const waiting = pending.get(id);
    pending.delete(id);
    if (waiting !== undefined) apply(waiting);
  }

  async function stop(): Promise<void> {
    await worker.terminate();
  }

  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      ended ??= error;
      reject(error);
      for (const id of pending.keys()) settle(id, (waiting) => waiting.reject(error));
    };
    worker.on("message", (report: Report) => {
      if (report.kind === "log") return log(report.line);
      if (report.kind === "ready") {
        return resolve({ url: report.url, warnings: report.warnings, send, stop });
      }
      if (report.kind === "failed") {
        reject(toError(report.failure));
        return void stop();
      }
      if (report.kind === "result") {
        return settle(report.id, (waiting) => waiting.resolve(jsonToConvex(report.value)));
      }
      return settle(report.id, (waiting) => waiting.reject(toError(report.failure)));
    });
    worker.on("error", fail);
    worker.on("exit", () => fail(new EmbeddedError("engine_failed", "The engine has stopped.")));
  });
}
