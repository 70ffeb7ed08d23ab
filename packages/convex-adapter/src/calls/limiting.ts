import type { Refused } from "@convex-mcp/protocol";
import type { CountedFunction, Exceeded, Use } from "../component/limits.ts";
import type { RunMutationCtx } from "../ctx.ts";

/** The place of every tool that is unknown, or denied: no name that a client made up is a key. */
export const NO_TOOL = "*";

/** One request of a caller who may ask so often. */
export interface Limiting {
  /** For the dispatcher, which counts in its own transaction. */
  readonly uses: Use[];
  /**
   * A `ctx` whose first mutation is this one of the component, and counts before it runs; it throws `Refused`. `anyway`: the
   * work is done, so it is counted even where that is too much.
   */
  readonly before: (mutation: CountedFunction, anyway?: boolean) => RunMutationCtx;
  /** Counts alone; it throws `Refused`. */
  readonly take: () => Promise<void>;
  /** Counts, and says whether the session holds that the caller names, if one is named: one mutation. It throws `Refused`. */
  readonly holds: () => Promise<boolean>;
  /** What to throw for what the dispatcher refused; counts it where refusals are counted. */
  readonly refused: (exceeded: Exceeded) => Promise<Refused>;
}
