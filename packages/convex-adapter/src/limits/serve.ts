import type { ToolOutcome } from "@convex-mcp/protocol";
import { errorOutcome } from "../calls/failure.ts";
import { type Limiting, NO_TOOL } from "../calls/limiting.ts";
import { countRefusal } from "../calls/record.ts";
import { sessionHolds } from "../calls/session.ts";
import type { CountedFunction, Exceeded } from "../component/limits.ts";
import type { Config, McpFeature } from "../config.ts";
import type { RunMutationCtx } from "../ctx.ts";
import type { Who } from "../identity/who.ts";
import { checkProxyHeader } from "../identity/proxy.ts";
import { checkedRate, type Rate } from "./rates.ts";
import { RateLimited, rateLimited } from "./refusal.ts";
import { countedFor, type Rates } from "./uses.ts";

/** Options of {@link mcpRateLimits}. What is not named is not limited. */
export interface RateLimitOptions {
  /** Of each user: all that they ask for, whatever they ask with. */
  readonly user?: Rate;
  /**
   * Of each client of each user, by the `client_id` or `azp` of their token, so that one client leaves room for the others.
   * Clients whose token names none are one; what a client says of itself does not count.
   */
  readonly client?: Rate;
  /**
   * Of each network address that strangers ask from; of IPv6 each /64. Those whose address the platform does not tell are
   * one. Signed-in users are not limited by it.
   */
  readonly address?: Rate;
  /**
   * Of each caller's calls of a tool, by its name. `"*"` is for each tool that is not named, and for all that is unknown or
   * denied together.
   */
  readonly tools?: Readonly<Record<string, Rate>>;
  /**
   * How a tool's call is refused: `"status"` (default) is 429, `"toolError"` an `isError` result that tells the model how
   * long to wait. Anything else is 429.
   */
  readonly answer?: "status" | "toolError";
  /**
   * The header that the proxy in front of the deployment sets to the caller's address: `"CF-Connecting-IP"`. Of a list the
   * last one counts. Only where nobody can reach the deployment past the proxy: anybody else writes what they like. Default:
   * the address that the platform tells.
   */
  readonly trustedProxyHeader?: string;
}

/**
 * Limits how often callers may ask, in the transactions that their requests make anyway: a tool's call stays one function
 * call. Who is beyond a limit writes nothing, no audit entry either, and is told when to come back.
 *
 * @example
 * new McpGateway(components.mcpGateway, {
 *   ...,
 *   features: [mcpRateLimits({ user: { rate: 60, periodMs: 60_000 }, address: { rate: 10, periodMs: 60_000 } })],
 * });
 * @throws TypeError when a rate is wrong. A tool that the gateway does not have is one to the gateway.
 */
export function mcpRateLimits(options: RateLimitOptions): McpFeature {
  const rates = checkedRates(options);
  const { answer = "status" } = options;
  if (answer !== "status" && answer !== "toolError") {
    const got = JSON.stringify(answer);
    throw new TypeError(
      `mcpRateLimits: expected answer to be "status" or "toolError", got ${got}.`,
    );
  }
  return {
    scopes: [],
    serve: (config) => {
      checkTools(config, rates);
      return [];
    },
    limits: {
      of: (config, caller, tool) => limitingFor(config, rates, caller, tool),
      settle: answer === "status" ? (outcome) => outcome : toToolError,
    },
  };
}

function checkedRates(options: RateLimitOptions): Rates {
  const { tools = {}, trustedProxyHeader } = options;
  const rate = (name: "user" | "client" | "address") =>
    options[name] === undefined ? undefined : checkedRate(name, options[name]);
  if (typeof tools !== "object" || tools === null) {
    const got = JSON.stringify(tools);
    throw new TypeError(`mcpRateLimits: expected tools to be rates by name, got ${got}.`);
  }
  const named = Object.entries(tools).map(
    ([name, it]) => [name, checkedRate(`tools.${name}`, it)] as const,
  );
  checkProxyHeader("mcpRateLimits", trustedProxyHeader);
  return {
    user: rate("user"),
    client: rate("client"),
    address: rate("address"),
    tools: new Map(named),
    trustedProxyHeader,
  };
}

function checkTools({ catalog, features }: Config, { tools }: Rates): void {
  const unknown = [...tools.keys()].find((name) => name !== NO_TOOL && !catalog.has(name));
  if (unknown !== undefined) {
    const got = JSON.stringify(unknown);
    throw new TypeError(`mcpRateLimits: expected tools to name tools of this gateway, got ${got}.`);
  }
  if (features.filter(({ limits }) => limits).length > 1) {
    throw new TypeError("mcpRateLimits: expected it once in features, got several.");
  }
}

async function toToolError(outcome: Promise<ToolOutcome>): Promise<ToolOutcome> {
  try {
    return await outcome;
  } catch (error) {
    if (!(error instanceof RateLimited)) throw error;
    return errorOutcome(error.text);
  }
}

function limitingFor(
  config: Config,
  rates: Rates,
  caller: Who,
  tool: string | undefined,
): Limiting | undefined {
  const limits = countedFor(rates, caller, tool);
  if (limits.length === 0) return undefined;
  const uses = limits.map(({ use }) => use);
  const { ctx } = caller.context;
  const refused = async (exceeded: Exceeded) => {
    await countRefusal(config, ctx, "rateLimit");
    return rateLimited(limits, exceeded);
  };
  const before: Limiting["before"] = (mutation, anyway) =>
    beforeNext(config, ctx, mutation, { uses, anyway, refused });
  const take = async () => {
    const exceeded = await ctx.runMutation(config.component.limits.take, { uses });
    if (exceeded !== null) throw await refused(exceeded);
  };
  return {
    uses,
    refused,
    before,
    take,
    holds: async () => {
      if (caller.sessionId !== undefined) return sessionHolds(config, caller, before("check"));
      await take();
      return true;
    },
  };
}

function beforeNext(
  { component }: Config,
  ctx: RunMutationCtx,
  next: CountedFunction,
  {
    uses,
    anyway = false,
    refused,
  }: Pick<Limiting, "uses" | "refused"> & { anyway?: boolean | undefined },
): RunMutationCtx {
  let counted = false;
  return {
    runMutation: async (mutation, args) => {
      if (counted) return ctx.runMutation(mutation, args);
      counted = true;
      const reply = await ctx.runMutation(component.limits.first, { uses, anyway, next, args });
      if (reply.kind === "exceeded") throw await refused(reply);
      return reply.value;
    },
  };
}
