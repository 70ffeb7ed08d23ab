import type { PropertyValidators } from "convex/values";
import type { JsonSchema } from "../values/jsonschema.ts";

/** What an app imports to add something to a tool; the bundles of apps that do not are without it. */
export interface Addition {
  /** What is wrong with it, for a tool with these arguments: the end of a sentence that begins with the tool's name. */
  readonly mistake: (args: PropertyValidators) => string | undefined;
  /** A tool's `inputSchema` with it. */
  readonly describe: (schema: JsonSchema, args: PropertyValidators) => JsonSchema;
}
