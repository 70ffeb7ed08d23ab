import type { PromptCatalog, PromptOutcome } from "../prompts/catalog.ts";
import { denialOutcome } from "../rpc/denial.ts";
import type { Exchange, Feature, MethodCall, Outcome } from "../rpc/exchange.ts";
import { invalidParams } from "../rpc/failures.ts";
import { declineParams } from "../rpc/session.ts";
import { isObject } from "../wire/json.ts";
import type { JsonObject } from "../wire/json.ts";
import { printable } from "../wire/printable.ts";
import { revisePrompt, reviseMessages } from "../wire/revisePrimitives.ts";
import type { Revision } from "../wire/versions.ts";
import { listOutcome } from "./list.ts";

/** `prompts/list` and `prompts/get` (server/prompts). */
export function servePrompts<C, P>(catalog: PromptCatalog<C, P>): Feature<C, P> {
  return {
    capabilities: () => ({ prompts: {} }),
    methods: [
      [
        "prompts/list",
        {
          session: "dispatcher",
          run: (exchange, call) =>
            listOutcome(exchange, call, {
              list: (request) => catalog.list(exchange.caller, request),
              member: "prompts",
              nameOf: ({ name }) => name,
              revise: revisePrompt,
              cache: catalog.cache,
            }),
        },
      ],
      [
        "prompts/get",
        {
          session: "method",
          interactive: true,
          routedBy: "name",
          run: (exchange, call) => getPrompt(catalog, exchange, call),
        },
      ],
    ],
  };
}

async function getPrompt<C, P>(
  catalog: PromptCatalog<C, P>,
  exchange: Exchange<C, P>,
  { id, params, channel }: MethodCall,
): Promise<Outcome> {
  const { name, arguments: args = {}, _meta: meta } = params;
  const metaFits = meta === undefined || isObject(meta);
  if (typeof name !== "string" || !isStrings(args) || !metaFits) {
    return await declineParams(
      exchange,
      'prompts/get: "name" must be a string, "arguments" an object of strings, "_meta" an object.',
    );
  }
  const outcome = await catalog.get(exchange.caller, { id, name, arguments: args, meta, channel });
  return toOutcome(exchange.revision, name, outcome);
}

function toOutcome(revision: Revision, name: string, outcome: PromptOutcome): Outcome {
  switch (outcome.kind) {
    case "result":
      return { kind: "result", result: reviseMessages(outcome.result, revision) };
    case "notFound":
      return invalidParams(`Unknown prompt: ${printable(name, 128)}`);
    case "invalid":
      return invalidParams(outcome.message);
    default:
      return denialOutcome(outcome);
  }
}

function isStrings(value: unknown): value is JsonObject & Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every((member) => typeof member === "string");
}
