/** A schedule as `cronJobs().export()` writes it (convex `server/cron.ts`). */
export type Schedule =
  | {
      readonly type: "interval";
      readonly seconds?: number;
      readonly minutes?: number;
      readonly hours?: number;
    }
  | { readonly type: "hourly"; readonly minuteUTC?: number }
  | { readonly type: "daily"; readonly hourUTC: number; readonly minuteUTC?: number }
  | {
      readonly type: "weekly";
      readonly dayOfWeek: string;
      readonly hourUTC: number;
      readonly minuteUTC?: number;
    }
  | {
      readonly type: "monthly";
      readonly day: number;
      readonly hourUTC: number;
      readonly minuteUTC?: number;
    }
  | { readonly type: "cron"; readonly cron: string };

const MINUTE = 60_000;
const SEARCH_LIMIT_MINUTES = 4 * 366 * 24 * 60;

const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/** The five fields of a cron line: name, lowest and highest value. */
const FIELDS = [
  ["minute", 0, 59],
  ["hour", 0, 23],
  ["day of month", 1, 31],
  ["month", 1, 12],
  ["day of week", 0, 6],
] as const;

/** `*`, `n`, `a-b`, each with an optional `/step`. */
const TERM = /^(?:\*|(?<from>\d+)(?:-(?<to>\d+))?)(?:\/(?<step>\d+))?$/;

/** The values of one term; null when it is none. */
function parseTerm(term: string, low: number, high: number): readonly number[] | null {
  const groups = TERM.exec(term)?.groups;
  if (groups === undefined) return null;
  const from = Number(groups.from ?? low);
  const isSingle = groups.from !== undefined && groups.step === undefined;
  const to = Number(groups.to ?? (isSingle ? from : high));
  const step = Number(groups.step ?? 1);
  if (from < low || to > high || from > to || step < 1) return null;
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
}

function parseField(text: string, [name, low, high]: (typeof FIELDS)[number]): Set<number> {
  const terms = text.split(",").map((term) => parseTerm(term, low, high));
  const values = terms.flatMap((term) => term ?? []);
  if (!terms.includes(null)) return new Set(values);
  throw new Error(
    `Expected the ${name} of a cron line to be *, numbers from ${low} to ${high}, ranges, lists or steps; got "${text}"`,
  );
}

/** Says whether a time (a whole minute, UTC) is one that the line names. */
function parseLine(line: string): (date: Date) => boolean {
  const parts = line.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) {
    throw new Error(`Expected a cron line of ${FIELDS.length} fields, got "${line}"`);
  }
  const sets = FIELDS.map((field, index) => parseField(parts[index] ?? "", field));
  const [, , day = "*", , weekday = "*"] = parts;
  // crontab(5): when both day fields are restricted, either one is enough.
  const either = !day.startsWith("*") && !weekday.startsWith("*");
  const has = (field: number, value: number): boolean => sets[field]?.has(value) === true;
  return (date) => {
    if (!has(0, date.getUTCMinutes()) || !has(1, date.getUTCHours())) return false;
    if (!has(3, date.getUTCMonth() + 1)) return false;
    const byDay = has(2, date.getUTCDate());
    const byWeekday = has(4, date.getUTCDay());
    return either ? byDay || byWeekday : byDay && byWeekday;
  };
}

function nextOfLine(line: string, after: number): number {
  const isNamed = parseLine(line);
  const start = Math.floor(after / MINUTE) + 1;
  for (let minute = start; minute < start + SEARCH_LIMIT_MINUTES; minute += 1) {
    if (isNamed(new Date(minute * MINUTE))) return minute * MINUTE;
  }
  throw new Error(`The cron line "${line}" names no time within four years`);
}

function lineOf(schedule: Exclude<Schedule, { type: "interval" }>): string {
  if (schedule.type === "cron") return schedule.cron;
  const minute = schedule.minuteUTC ?? 0;
  if (schedule.type === "hourly") return `${minute} * * * *`;
  const time = `${minute} ${schedule.hourUTC}`;
  if (schedule.type === "daily") return `${time} * * *`;
  if (schedule.type === "monthly") return `${time} ${schedule.day} * *`;
  return `${time} * * ${DAYS.indexOf(schedule.dayOfWeek)}`;
}

/**
 * When a job runs next, in engine time. `previous` is null before its first run: an interval starts
 * with the deployment, all others wait for their time. Runs that were missed are not caught up on.
 * Throws when a cron line uses more than numbers, `*`, ranges, lists and steps.
 */
export function nextRun(schedule: Schedule, previous: number | null, now: number): number {
  if (schedule.type !== "interval") return nextOfLine(lineOf(schedule), now);
  if (previous === null) return now;
  const { seconds = 0, minutes = 0, hours = 0 } = schedule;
  const period = ((hours * 60 + minutes) * 60 + seconds) * 1000;
  const missed = Math.max(0, Math.floor((now - previous) / period));
  return previous + (missed + 1) * period;
}
