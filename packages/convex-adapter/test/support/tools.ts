import { makeFunctionReference } from "convex/server";
import { v } from "convex/values";
import type { McpTool, QueryTool } from "../../src/tools/tool.ts";

/** A right tool, with what a test changes of it. */
export function tool(changes: Partial<QueryTool> = {}): QueryTool {
  return {
    kind: "query",
    name: "list_things",
    description: "Lists things.",
    fn: makeFunctionReference<"query">("things:list"),
    consistency: "snapshot",
    args: { limit: v.number() },
    describe: {},
    metadata: {},
    audit: {},
    ...changes,
  };
}

/** A tool as JavaScript could declare it, past the types. */
export function wrongTool(changes: object): McpTool {
  return { ...tool(), ...changes };
}
