import { setImmediate } from "node:timers/promises";
import { pairedRatio, type Ratio } from "./stats.ts";

/** Something that is measured: what it costs in one round, in microseconds of CPU time an operation. */
export interface Contestant {
  readonly name: string;
  readonly round: () => Promise<number>;
}

/** The costs of each contestant, by round. */
export interface Standings {
  /** What a contestant costs relative to another. @throws RangeError when one of them took no part. */
  ratio(name: string, base: string): Ratio;
  /** Whether a contestant took part. */
  has(name: string): boolean;
  /** All its costs. @throws RangeError when it took no part. */
  costs(name: string): readonly number[];
}

/** An operation; `turn` counts its calls, to rotate inputs with. */
export interface Operation {
  readonly name: string;
  readonly run: (turn: number) => unknown;
}

/** How long to measure. */
export interface Plan {
  readonly rounds: number;
  /** CPU time that one operation's share of a round takes at least. */
  readonly sliceMs: number;
}

/** Runs every contestant once a round, in the order of {@link orderOf}. */
export async function compete(
  contestants: readonly Contestant[],
  rounds: number,
  beforeRound: () => void = () => {},
): Promise<Standings> {
  const costs = new Map(contestants.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round += 1) {
    beforeRound();
    for (const index of orderOf(contestants.length, round)) {
      const contestant = contestants[index];
      if (contestant) costs.get(contestant.name)?.push(await contestant.round());
    }
  }
  return toStandings(costs);
}

/**
 * Who runs when in a round, as indexes. The start rotates, and the steps differ (a Williams design), so that
 * over the rounds everybody runs in the wake of everybody else alike.
 */
export function orderOf(count: number, round: number): number[] {
  const zigzag = Array.from({ length: count }, (_, at) =>
    at % 2 === 0 ? (count - at / 2) % count : (at + 1) / 2,
  );
  const rotated = zigzag.map((index) => (index + round) % count);
  // With an odd number it takes the mirrored rounds to balance.
  return Math.floor(round / count) % 2 === 0 ? rotated : rotated.toReversed();
}

/** Measures operations, each in slices that are long against the grain of the clock. */
export async function measure(operations: readonly Operation[], plan: Plan): Promise<Standings> {
  collectAll();
  const contestants: Contestant[] = [];
  for (const operation of operations) contestants.push(await toContestant(operation, plan.sliceMs));
  return compete(contestants, plan.rounds);
}

/** CPU time of this process in microseconds; unlike wall time, it leaves out what else the machine does. */
export async function cpuTime(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/**
 * Clears the young generation, so that each pays for its own garbage and not for its neighbour's. A whole
 * collection would throw away bytecode, whose compilation the next slice would pay for.
 */
export function collectYoung(): void {
  globalThis.gc?.({ type: "minor" });
}

/** Clears everything that earlier measurements left, outside of any slice. */
export function collectAll(): void {
  globalThis.gc?.();
}

async function toContestant({ name, run }: Operation, sliceMs: number): Promise<Contestant> {
  const isAsync = run(0) instanceof Promise;
  let turn = 1;
  const slice = async (count: number) => {
    const cost = await cpuTime(async () => {
      if (isAsync) await loopAsync(run, turn, count);
      else loopSync(run, turn, count);
      collectYoung();
      // What is to be finalised waits for a turn of the event loop, and would be the neighbour's.
      if (isAsync) await setImmediate();
    });
    turn += count;
    return cost;
  };
  const count = await calibrate(slice, sliceMs * 1000);
  return { name, round: async () => (await slice(count)) / count };
}

/** What an operation runs before it is measured: until then the compiler has not settled. */
const WARM_UP = 120_000;

/** How many operations fill a slice. */
async function calibrate(
  slice: (count: number) => Promise<number>,
  target: number,
): Promise<number> {
  let count = 1;
  let cost = await slice(count);
  for (let spent = cost; spent < WARM_UP; spent += cost) {
    if (cost < target) count *= 2;
    cost = await slice(count);
  }
  return Math.max(1, Math.round((count * target) / Math.max(cost, target / 2)));
}

function loopSync(run: Operation["run"], from: number, count: number): void {
  for (let turn = from; turn < from + count; turn += 1) run(turn);
}

async function loopAsync(run: Operation["run"], from: number, count: number): Promise<void> {
  for (let turn = from; turn < from + count; turn += 1) await run(turn);
}

function toStandings(series: ReadonlyMap<string, readonly number[]>): Standings {
  const costs = (name: string) => {
    const found = series.get(name);
    if (found === undefined) throw new RangeError(`There is no measurement of "${name}".`);
    return found;
  };
  return {
    has: (name) => series.has(name),
    costs,
    ratio: (name, base) => pairedRatio(costs(name), costs(base)),
  };
}
