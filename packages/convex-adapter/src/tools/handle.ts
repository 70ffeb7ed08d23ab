import type { PropertyValidators } from "convex/values";
import { vMcpCall } from "../component/handle.ts";

/** Arguments as clients know them, and whether the function has the one that they do not. */
export function withoutHandle(args: PropertyValidators): {
  args: PropertyValidators;
  takesHandle: boolean;
} {
  // What is no object is refused later, by name. Without a copy, since this runs for every tool on every request.
  if (args?.["mcp"] === undefined) return { args, takesHandle: false };
  const { mcp, ...others } = args;
  // `v.optional` makes another validator of the same fields.
  const takesHandle = mcp?.kind === "object" && mcp.fields === vMcpCall.fields;
  return takesHandle ? { args: others, takesHandle } : { args, takesHandle };
}
