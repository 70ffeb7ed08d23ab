import type { AskInRoundsOptions } from "@convex-mcp/protocol";
import { countRefusal } from "../calls/record.ts";
import type { Config } from "../config.ts";
import { ownerOf, type Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";
import { secretOf } from "../identity/secret.ts";

type Options = AskInRoundsOptions<RequestScope, Principal>;

/**
 * What the rounds of 2026-07-28 need: their seal's secret, which is read where a round begins or goes on (a query, unless
 * the app has one), and a note of each that went on (a mutation).
 */
export function roundOptions(
  config: Config,
  secret: string | readonly string[] | undefined,
): Options {
  const { component } = config;
  return {
    ownerOf,
    continuations: {
      redeem: (caller, nonce, expiresAt) =>
        caller.context.ctx.runMutation(component.continuations.redeem, {
          nonce,
          owner: ownerOf(caller.principal),
          expiresAt,
        }),
      refused: ({ context }) => countRefusal(config, context.ctx, "requestState"),
    },
    secret: secret ?? (({ context }) => secretOf(component, context.ctx)),
  };
}
