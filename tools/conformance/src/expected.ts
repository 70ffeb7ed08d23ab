/** A check that may fail for now, and why. */
export interface Expected {
  /** `*` for every target. */
  readonly target: string;
  readonly suite: string;
  readonly scenario: string;
  readonly check: string;
  readonly reason: string;
}

/**
 * Reads the file of expected failures: `target | suite | scenario | check | reason` a line, `*` for
 * every target, `#` before a remark. @throws Error naming a line without all five.
 */
export function parseExpected(text: string): readonly Expected[] {
  return text.split("\n").flatMap((line, at) => {
    if (line.trim() === "" || line.startsWith("#")) return [];
    const [target, suite, scenario, check, reason, ...rest] = line
      .split("|")
      .map((part) => part.trim());
    if (!target || !suite || !scenario || !check || !reason || rest.length > 0) {
      const form = "target | suite | scenario | check | reason";
      throw new Error(`Expected failures, line ${at + 1}: expected "${form}", got "${line}".`);
    }
    return [{ target, suite, scenario, check, reason }];
  });
}
