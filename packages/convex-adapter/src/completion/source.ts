import {
  type CompletionOutcome,
  type CompletionRequest,
  type CompletionSource,
  errorCodes,
} from "@convex-mcp/protocol";
import { v, type Value } from "convex/values";
import { decline } from "../calls/guard.ts";
import { INVALID, readArgs, readBesideSession, type ReadEntry } from "../calls/reading.ts";
import { NOT_FOUND } from "../calls/record.ts";
import type { Completions, Config } from "../config.ts";
import { handedArgs } from "../identity/caller.ts";
import type { Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";
import type { Who } from "../identity/who.ts";
import { decode } from "../values/decode.ts";
import type { Completable, SuggestionArgs } from "./completable.ts";

/** The suggestions of a gateway's features: decided as a call of what is completed, and made by the app's queries. */
export function createCompletionSource(
  config: Config,
  features: readonly Completions[],
): CompletionSource<RequestScope, Principal> {
  return {
    complete: async (caller, request) => {
      const [found] = features.flatMap(({ find }) => find(request) ?? []);
      const known = found !== undefined && Object.hasOwn(found.args, request.argument.name);
      const subject = known ? found.subject : undefined;
      const { id, meta, argument, context } = request;
      const entry: ReadEntry = {
        kind: "completion",
        id,
        meta,
        ...(subject === undefined ? { errorCode: NOT_FOUND } : { name: subject.tool }),
        ...(known ? readArgs(config, { ...context, [argument.name]: argument.value }) : {}),
      };
      const decided = await decline(config, caller, subject, context, entry);
      if (decided.kind !== "allowed") return decided;
      const { decision } = decided;
      return known
        ? suggest(config, caller, found, request, { ...entry, decision })
        : { kind: "notFound" };
    },
  };
}

async function suggest(
  config: Config,
  caller: Who,
  { complete, args, subject, ...taking }: Completable,
  { argument, context }: CompletionRequest,
  entry: ReadEntry,
): Promise<CompletionOutcome> {
  const fn = Object.hasOwn(complete, argument.name) ? complete[argument.name] : undefined;
  const given = suggestionArgs(argument.value, context, Object.keys(args));
  const what = `The completion of "${argument.name}" of ${subject.kind} "${subject.tool}"`;
  const ask = async () =>
    fn === undefined || given === undefined
      ? []
      : toValues(
          await caller.context.ctx.runQuery(fn, await handedArgs(taking, given, caller.principal)),
        );
  const told = given === undefined ? { ...entry, ...INVALID } : entry;
  const reading = await readBesideSession(config, caller, what, ask, told);
  if (reading.kind !== "value") return reading;
  if (given === undefined) return NOT_TEXT;
  const { value: values } = reading;
  return { kind: "result", completion: { values, total: values.length, hasMore: false } };
}

const NOT_TEXT: CompletionOutcome = {
  kind: "error",
  code: errorCodes.invalidParams,
  message: "completion/complete: expected well-formed Unicode text, got an unpaired surrogate.",
};

const vSuggestionArgs = v.object({
  value: v.string(),
  context: v.optional(v.record(v.string(), v.string())),
});

/** Of the context what is an argument at all: a client may send any name, and Convex takes but ASCII. */
function suggestionArgs(
  value: string,
  context: Readonly<Record<string, string>>,
  names: readonly string[],
): Record<string, Value> | undefined {
  const settled = Object.entries(context).filter(([name]) => names.includes(name));
  const given: SuggestionArgs = {
    value,
    ...(settled.length === 0 ? {} : { context: Object.fromEntries(settled) }),
  };
  const decoded = decode(vSuggestionArgs, given);
  return decoded.ok ? (decoded.value as Record<string, Value>) : undefined;
}

function toValues(result: Value): readonly string[] {
  if (Array.isArray(result) && result.every((item) => typeof item === "string")) return result;
  throw new TypeError("expected a list of strings from the query");
}
