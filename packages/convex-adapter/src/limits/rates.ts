/** How often one caller may ask. */
export interface Rate {
  /** Requests in a period; a whole number from 1 on. */
  readonly rate: number;
  /** The period in milliseconds, from a second to 31 days. */
  readonly periodMs: number;
  /** How many may come at once after a pause; a whole number from 1 on. Default `rate`. */
  readonly burst?: number;
  /**
   * `"token bucket"` (default): what was used comes back bit by bit. `"fixed window"`: all at once with each window, whose
   * times are UTC; those of a day begin at midnight.
   */
  readonly kind?: "token bucket" | "fixed window";
}

const SECOND = 1_000;
/** The component keeps what was counted three times as long. */
const LONGEST = 31 * 24 * 60 * 60_000;

/**
 * A rate with its defaults.
 *
 * @throws TypeError naming the option that is wrong.
 */
export function checkedRate(option: string, rate: Rate): Required<Rate> {
  const { rate: requests, periodMs, burst = requests, kind = "token bucket" } = rate ?? {};
  const wrong = (name: string, expected: string, got: unknown) =>
    new TypeError(
      `mcpRateLimits: expected ${option}.${name} to be ${expected}, got ${String(got)}.`,
    );
  if (!isCount(requests)) throw wrong("rate", "a whole number from 1 on", requests);
  if (!isCount(burst)) throw wrong("burst", "a whole number from 1 on", burst);
  if (!(Number.isInteger(periodMs) && periodMs >= SECOND && periodMs <= LONGEST)) {
    throw wrong("periodMs", `${SECOND} to ${LONGEST} milliseconds`, periodMs);
  }
  if (kind !== "token bucket" && kind !== "fixed window") {
    throw wrong("kind", '"token bucket" or "fixed window"', kind);
  }
  return { rate: requests, periodMs, burst, kind };
}

/** `10 in 1 minute`. */
export function describeRate({ rate, periodMs }: Required<Rate>): string {
  for (const [name, ms] of UNITS) {
    if (periodMs % ms === 0) return `${rate} in ${counted(periodMs / ms, name)}`;
  }
  return `${rate} in ${counted(periodMs / SECOND, "second")}`;
}

/** `1 second`, `2 seconds`. */
export function counted(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}

const UNITS = [
  ["day", 24 * 60 * 60_000],
  ["hour", 60 * 60_000],
  ["minute", 60_000],
] as const;

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 1e9;
}
