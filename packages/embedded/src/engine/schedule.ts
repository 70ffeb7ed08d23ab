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
const TERM = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/;

function parseField(text: string, [name, low, high]: (typeof FIELDS)[number]): Set<number> {
  const values = new Set<number>();
  for (const term of text.split(",")) {
    const match = TERM.exec(term);
    const from = Number(match?.[1] ?? low);
    const single = match?.[1] !== undefined && match[2] === undefined && match[3] === undefined;
    const to = single ? from : Number(match?.[2] ?? high);
    const step = Number(match?.[3] ?? 1);
    if (match === null || from < low || to > high || from > to || step < 1) {
      throw new Error(
        `Expected the ${name} of a cron line to be *, numbers from ${low} to ${high}, ranges, lists or steps; got "${text}"`,
      );
    }
    for (let value = from; value <= to; value += step) values.add(value);
  }
  return values;
}

function parseLine(line: string): Set<number>[] {
  const parts = line.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) {
    throw new Error(`Expected a cron line of ${FIELDS.length} fields, got "${line}"`);
  }
  return FIELDS.map((field, index) => parseField(parts[index] ?? "", field));
}

/** The first whole minute after `after` that the line names, in UTC. */
function nextOfLine(line: string, after: number): number {
  const [minutes, hours, days, months, weekdays] = parseLine(line);
  const [, , dayText = "*", , weekdayText = "*"] = line.trim().split(/\s+/);
  // crontab(5): when both day fields are restricted, either one is enough.
  const either = !dayText.startsWith("*") && !weekdayText.startsWith("*");
  const start = Math.floor(after / MINUTE) + 1;
  for (let minute = start; minute < start + SEARCH_LIMIT_MINUTES; minute += 1) {
    const date = new Date(minute * MINUTE);
    if (!minutes?.has(date.getUTCMinutes()) || !hours?.has(date.getUTCHours())) continue;
    if (!months?.has(date.getUTCMonth() + 1)) continue;
    const byDay = days?.has(date.getUTCDate()) === true;
    const byWeekday = weekdays?.has(date.getUTCDay()) === true;
    if (either ? byDay || byWeekday : byDay && byWeekday) return minute * MINUTE;
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
