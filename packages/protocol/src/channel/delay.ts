// The most that a timer takes: one of more, Infinity included, fires at once.
const longest = 2 ** 31 - 1;

/** Checks options that are waited for, in milliseconds. @throws TypeError naming the one that is wrong. */
export function checkDelays(
  owner: string,
  delays: Readonly<Record<string, number | undefined>>,
): void {
  for (const [name, ms] of Object.entries(delays)) {
    if (ms === undefined || (ms >= 1 && ms <= longest)) continue;
    const expected = `expected ${name} to be 1 to ${longest} milliseconds`;
    throw new TypeError(`${owner}: ${expected}, got ${String(ms)}.`);
  }
}
