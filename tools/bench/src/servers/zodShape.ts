import { z } from "zod";

/** The arguments of `toolDefinition` as zod schemas, for the servers that validate with zod. */
export function searchShape() {
  return {
    query: z.string().describe("What to look for."),
    limit: z.number().describe("How many matches at most."),
    tags: z.array(z.string()).optional(),
  };
}
