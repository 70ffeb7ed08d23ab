import type { CompletionRequest, CompletionSource } from "../completion/source.ts";
import { denialOutcome } from "../rpc/denial.ts";
import { markOf } from "../rpc/exchange.ts";
import type { Exchange, Feature, MethodCall, Outcome } from "../rpc/exchange.ts";
import { invalidParams } from "../rpc/failures.ts";
import { declineParams } from "../rpc/session.ts";
import { isObject } from "../wire/json.ts";
import type { Completion, CompletionReference } from "../wire/types.ts";

/** `completion/complete` (server/utilities/completion). */
export function serveCompletion<C, P>(source: CompletionSource<C, P>): Feature<C, P> {
  return {
    capabilities: () => ({ completions: {} }),
    methods: [
      [
        "completion/complete",
        { session: "method", run: (exchange, call) => complete(source, exchange, call) },
      ],
    ],
  };
}

async function complete<C, P>(
  source: CompletionSource<C, P>,
  exchange: Exchange<C, P>,
  call: MethodCall,
): Promise<Outcome> {
  const request = parseCompletion(call);
  if (typeof request === "string") {
    return await declineParams(exchange, `completion/complete: ${request}`);
  }
  const outcome = await source.complete(exchange.caller, request);
  switch (outcome.kind) {
    case "result":
      return { kind: "result", result: { completion: limited(outcome.completion) } };
    case "notFound":
      return invalidParams("completion/complete: nothing of that name can be completed.");
    default:
      return denialOutcome(outcome);
  }
}

// The most that an answer may hold.
const maxValues = 100;

function limited({ values, total, hasMore }: Completion): Completion {
  const cut = values.length > maxValues;
  return { values: values.slice(0, maxValues), total, hasMore: cut || hasMore };
}

function parseCompletion(call: MethodCall): CompletionRequest | string {
  const { ref, argument, context } = call.params;
  const reference = parseReference(ref);
  if (reference === undefined) {
    return '"ref" must be { type: "ref/prompt", name } or { type: "ref/resource", uri }.';
  }
  const { name, value } = isObject(argument) ? argument : {};
  if (typeof name !== "string" || typeof value !== "string") {
    return '"argument" must be { name, value }, both strings.';
  }
  const settled = context === undefined ? {} : isObject(context) ? (context.arguments ?? {}) : null;
  if (!isObject(settled) || Object.values(settled).some((item) => typeof item !== "string")) {
    return '"context" must be { arguments }, an object of strings.';
  }
  return {
    ...markOf(call),
    ref: reference,
    argument: { name, value },
    context: settled as Readonly<Record<string, string>>,
  };
}

function parseReference(ref: unknown): CompletionReference | undefined {
  if (!isObject(ref)) return undefined;
  const { type, name, uri } = ref;
  if (type === "ref/prompt" && typeof name === "string") return { type, name };
  if (type === "ref/resource" && typeof uri === "string") return { type, uri };
  return undefined;
}
