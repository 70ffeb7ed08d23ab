import type { Prompt } from "@convex-mcp/protocol";
import type { GenericValidator, PropertyValidators } from "convex/values";
import { wrongSuggestions } from "../completion/mistakes.ts";
import { collect, missingFunction, unknownKind, wrongName, wrongScopes } from "../mistakes.ts";
import { isFieldName } from "../values/fieldName.ts";
import { isOfStrings } from "../values/fromText.ts";
import { own } from "../values/own.ts";
import type { McpPrompt } from "./prompt.ts";

/** The prompts of one gateway, by name, in the order they were declared. */
export type PromptCatalog = ReadonlyMap<string, McpPrompt>;

/**
 * Checks the declared prompts once, when the gateway is made.
 *
 * @throws TypeError naming the prompt: a forbidden or repeated name, no description, an argument that is no string,
 *   suggestions for an argument that there is not, a function that is `undefined`.
 */
export function createPromptCatalog(prompts: readonly McpPrompt[]): PromptCatalog {
  return collect("Prompt", "defineMcpPrompt", prompts, mistakeOf);
}

function mistakeOf({ name, definition, args, complete, metadata, run }: McpPrompt) {
  const wrong = wrongName(name);
  if (wrong !== undefined) return wrong;
  if (typeof definition.description !== "string" || definition.description.trim() === "") {
    return "has no description: expected a sentence that tells people when to use it";
  }
  return (
    missingFunction("query", "fn" in run ? run.fn : run.messages) ??
    wrongArgs(args) ??
    wrongSuggestions(complete, args) ??
    wrongScopes(metadata.scopes)
  );
}

function wrongArgs(args: PropertyValidators): string | undefined {
  if (typeof args !== "object" || args === null) {
    return "has no `args`: expected an object of validators, {} for none";
  }
  for (const [name, validator] of Object.entries<GenericValidator>(args)) {
    const argument = `has an argument ${JSON.stringify(name)}`;
    if (!isFieldName(name)) {
      return `${argument}, which Convex refuses: expected printable ASCII that does not start with $`;
    }
    const unknown = unknownKind(validator);
    if (unknown !== undefined) return `${argument} with ${unknown}`;
    if (!isOfStrings(validator)) {
      return `${argument} that is no string: arguments of prompts are strings, as v.string() or a union of literals`;
    }
  }
  return undefined;
}

/** A prompt as `prompts/list` shows it. Made when it is asked for: an HTTP action evaluates its modules on every request. */
export function describePrompt({ definition, args, describe }: McpPrompt): Prompt {
  const shown = Object.entries<GenericValidator>(args).map(([name, validator]) => ({
    name,
    description: own(describe, name),
    required: validator.isOptional !== "optional",
  }));
  return { ...definition, arguments: shown };
}
