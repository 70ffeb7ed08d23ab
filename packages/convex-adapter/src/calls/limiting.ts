import type { Refused, ToolOutcome } from "@convex-mcp/protocol";
import type { CountedFunction, Exceeded, Use } from "../component/limits.ts";
import type { Config } from "../config.ts";
import type { Who } from "./guard.ts";
import type { RunMutationCtx } from "./record.ts";

/** The place of every tool that is unknown, or denied: no name that a client made up is a key. */
export const NO_TOOL = "*";

/** How often callers may ask; made by `mcpRateLimits`. */
export interface Limits {
  /** What a request counts against; `tool` for a call of one, or `NO_TOOL`. `undefined` where nothing limits it. */
  readonly of: (config: Config, caller: Who, tool?: string) => Limiting | undefined;
  /** The end of a tool's call that may have been refused. */
  readonly settle: (outcome: Promise<ToolOutcome>) => Promise<ToolOutcome>;
}

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

/** The limits of a gateway, if it has some. */
export function limitsOf({ features }: Config): Limits | undefined {
  return features.find(({ limits }) => limits)?.limits;
}

/** What a request counts against, if it does. */
export function limitingOf(config: Config, caller: Who, tool?: string): Limiting | undefined {
  return limitsOf(config)?.of(config, caller, tool);
}

/** A `ctx` for one mutation of the component, which counts first where something is limited. */
export function countingCtx(
  config: Config,
  caller: Who,
  mutation: CountedFunction,
  tool?: string,
): RunMutationCtx {
  return limitingOf(config, caller, tool)?.before(mutation) ?? caller.context.ctx;
}
