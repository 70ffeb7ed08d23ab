import { type JSONValue, jsonToConvex } from "convex/values";
import { messageOf } from "../errors.ts";
import type { EngineClock } from "../runtime/clock.ts";
import type { App } from "./app.ts";
import { nextRun, type Schedule } from "./schedule.ts";

/** The jobs of an app and its components, as they run. */
export interface Crons {
  /** Waits for the jobs that run now. */
  idle(): Promise<void>;
}

interface Job {
  readonly component: string;
  readonly identifier: string;
  readonly udfPath: string;
  readonly args: JSONValue;
  readonly schedule: Schedule;
}

const CRONS_MODULE = "crons.js";

/** An element of `cronJobs().export()`. */
interface ExportedJob {
  readonly name: string;
  readonly args: readonly JSONValue[];
  readonly schedule: Schedule;
}

async function readJobs(app: App): Promise<readonly Job[]> {
  const jobs: Job[] = [];
  for (const [component, { program, shared }] of app.components) {
    if (!program.has(CRONS_MODULE)) continue;
    const crons = (await shared.load(CRONS_MODULE)).default as { export(): string };
    const exported = JSON.parse(crons.export()) as Readonly<Record<string, ExportedJob>>;
    for (const [identifier, { name, args, schedule }] of Object.entries(exported)) {
      jobs.push({ component, identifier, udfPath: name, args: args[0] ?? {}, schedule });
    }
  }
  return jobs;
}

/**
 * Runs the crons that the bundles of the app and its components declare, on engine time.
 * A job never overlaps itself; a job that fails is logged and runs again at its next time.
 */
export async function startCrons(
  app: App,
  clock: EngineClock,
  log: (line: string) => void,
): Promise<Crons> {
  const running = new Set<Promise<void>>();

  async function run(job: Job): Promise<void> {
    const path = { componentPath: job.component, udfPath: job.udfPath };
    try {
      await app.call(path, jsonToConvex(job.args), null);
    } catch (thrown) {
      log(`[cron ${job.identifier}] failed: ${messageOf(thrown)}`);
    }
  }

  function plan(job: Job, previous: number | null): void {
    const due = nextRun(job.schedule, previous, clock.now());
    clock.setTimer(() => {
      const done = run(job).finally(() => {
        running.delete(done);
        plan(job, due);
      });
      running.add(done);
    }, due - clock.now());
  }

  for (const job of await readJobs(app)) {
    try {
      plan(job, null);
    } catch (thrown) {
      log(`[cron ${job.identifier}] is not run: ${messageOf(thrown)}`);
    }
  }

  return {
    idle: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
