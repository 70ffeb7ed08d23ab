import type { PropertyValidators } from "convex/values";
import { missingFunction } from "../mistakes.ts";
import type { Suggestions } from "./completable.ts";

/** What is wrong with the suggestions of something with these arguments. */
export function wrongSuggestions(
  complete: Suggestions,
  args: PropertyValidators,
): string | undefined {
  for (const [name, fn] of Object.entries(complete)) {
    if (!Object.hasOwn(args, name)) {
      return `has a \`complete\` for ${JSON.stringify(name)}, which is none of its arguments`;
    }
    const missing = missingFunction("query", fn, `complete.${name}`);
    if (missing !== undefined) return missing;
  }
  return undefined;
}
