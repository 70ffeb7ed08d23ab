import { zodTool } from "@convex-mcp/protocol/zod";
import { z } from "zod";
import { createOurs } from "./ours.ts";
import { answerSearch, type ServerKind, toolDescription, toolIndexes, toolName } from "./tools.ts";
import { searchShape } from "./zodShape.ts";

/** The same with tools that validate their arguments, like those of the SDKs' `McpServer`. */
export const oursZod: ServerKind = {
  name: "ours, zodTool",
  stateless: (toolCount) => createOurs(zodTools(toolCount), false),
  sessions: (toolCount) => createOurs(zodTools(toolCount), true),
};

function zodTools(count: number) {
  return toolIndexes(count).map((index) =>
    zodTool<undefined, string, z.ZodObject>({
      name: toolName(index),
      description: toolDescription(index),
      input: z.object(searchShape()),
      handler: answerSearch,
    }),
  );
}
