// The engine's thread: started by `spawn.ts`, speaks `messages.ts`.
import { parentPort, workerData } from "node:worker_threads";
import { convexToJson, jsonToConvex, type Value } from "convex/values";
import { generateCode } from "../deploy/push.ts";
import { type Engine, startEngine } from "../engine/engine.ts";
import { EmbeddedError, messageOf, stackOf } from "../errors.ts";
import { isConvexError } from "../runtime/failure.ts";
import { createRealmFactory } from "../runtime/realm.ts";
import type { Command, Failure, Numbered, Report, WorkerJob } from "./messages.ts";

function report(message: Report): void {
  parentPort?.postMessage(message, []);
}

const log = (line: string): void => report({ kind: "log", line });

function toFailure(thrown: unknown): Failure {
  const code = thrown instanceof EmbeddedError ? thrown.code : null;
  const failure = { code, message: messageOf(thrown), stack: stackOf(thrown) };
  if (!isConvexError(thrown)) return failure;
  return { ...failure, data: convexToJson((thrown.data ?? null) as Value) };
}

async function perform(engine: Engine, command: Command): Promise<Value> {
  if (command.kind === "advance") {
    await engine.advance(command.ms);
    return null;
  }
  if (command.kind === "close") {
    await engine.close();
    return null;
  }
  const path = { componentPath: command.component, udfPath: command.name };
  return (await engine.call(path, jsonToConvex(command.args), command.identity)) as Value;
}

async function obey(engine: Engine, { id, command }: Numbered): Promise<void> {
  try {
    const value = await perform(engine, command);
    report({ kind: "result", id, value: convexToJson(value ?? null) });
  } catch (thrown) {
    report({ kind: "error", id, failure: toFailure(thrown) });
  }
}

async function start(job: WorkerJob): Promise<void> {
  if (job.kind === "codegen") {
    await generateCode(createRealmFactory(), job);
    return report({ kind: "ready", url: "", warnings: [] });
  }
  const record = (call: object): void => job.calls.postMessage(call, []);
  const engine = await startEngine({ ...job, log, record });
  parentPort?.on("message", (numbered: Numbered) => void obey(engine, numbered));
  report({ kind: "ready", url: engine.url, warnings: engine.warnings });
}

// A promise that an app forgot is the app's mistake: reported, and no reason to stop serving.
process.on("unhandledRejection", (thrown) => log(`Unhandled rejection: ${stackOf(thrown)}`));
process.on("uncaughtException", (thrown) => log(`Uncaught exception: ${stackOf(thrown)}`));

start(workerData as WorkerJob).catch((thrown: unknown) => {
  report({ kind: "failed", failure: toFailure(thrown) });
});
