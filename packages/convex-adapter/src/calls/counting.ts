import type { CountedFunction } from "../component/limits.ts";
import type { Config, Limits } from "../config.ts";
import type { RunMutationCtx } from "../ctx.ts";
import type { Who } from "../identity/who.ts";
import type { Limiting } from "./limiting.ts";

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
