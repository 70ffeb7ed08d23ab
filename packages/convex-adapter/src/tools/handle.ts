import type { GenericValidator, PropertyValidators } from "convex/values";
import { vMcpCall } from "../component/handle.ts";

/** Arguments as clients know them, and whether the function has the one that they do not. */
export function withoutHandle(args: PropertyValidators): {
  args: PropertyValidators;
  takesHandle: boolean;
} {
  // What is no object is refused later, by name. Without a copy, since this runs for every tool on every request.
  if (args?.["mcp"] === undefined) return { args, takesHandle: false };
  const { mcp, ...others } = args;
  return isHandle(mcp) ? { args: others, takesHandle: true } : { args, takesHandle: false };
}

/** Whether a validator is `vMcpCall`; `v.optional` makes another of the same fields. */
export function isHandle(validator: GenericValidator | undefined): boolean {
  return validator?.kind === "object" && validator.fields === vMcpCall.fields;
}
