import type { RequirementId } from "@convex-mcp/spec";

/** A line of the source that keeps an attacker out, and the tests that miss it. */
export interface Defence {
  /** What an attacker could do without it. */
  readonly threat: string;
  /** Where it is asked for: a requirement of `tools/spec`, or a page. */
  readonly source: RequirementId | `https://${string}`;
  /** From the root of the repository. */
  readonly file: string;
  /** A text that is there exactly once: the condition itself, and no more than has to change. */
  readonly remove: string;
  /** What stands there without the defence; it has to be valid code. */
  readonly with: string;
  /** Each must fail without it: a test file and a part of the test's name, with ` > ` between them. */
  readonly tests: readonly string[];
}
