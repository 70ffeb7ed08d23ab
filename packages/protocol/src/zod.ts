import { z } from "zod";
import type { Deferred } from "./tools/deferred.ts";
import { failedResult } from "./tools/failure.ts";
import type { InProcessTool, ToolInvocation } from "./tools/memory.ts";
import type { CallToolResult, ObjectSchema, Tool } from "./wire/types.ts";

/** What a tool of this form is declared with; everything that `tools/list` shows but the schemas. */
export interface ZodToolOptions<C, P, Input extends z.ZodObject> extends Omit<
  Tool,
  "inputSchema" | "outputSchema"
> {
  readonly input: Input;
  /** Answers a call with parsed arguments. A string is short for one text block. */
  readonly handler: (
    args: z.output<Input>,
    invocation: ToolInvocation<C, P>,
  ) => CallToolResult | Deferred | string | Promise<CallToolResult | Deferred | string>;
}

/** The same for a tool whose answer is structured. */
export interface ZodStructuredToolOptions<
  C,
  P,
  Input extends z.ZodObject,
  Output extends z.ZodObject,
> extends Omit<ZodToolOptions<C, P, Input>, "handler"> {
  readonly output: Output;
  /**
   * Answers a call with parsed arguments. The value is sent as `structuredContent`, and as JSON text
   * for the clients that read only text. One that does not fit `output` is the tool's own failure.
   */
  readonly handler: (
    args: z.output<Input>,
    invocation: ToolInvocation<C, P>,
  ) => z.input<Output> | Promise<z.input<Output>>;
}

/**
 * Declares an in-process tool with zod schemas: they give its JSON Schema, and its handler typed
 * arguments. Wrong arguments become an `isError` result that names each one and what was expected, so
 * that the model can correct itself (2025-11-25, server/tools).
 *
 * @throws Error when a schema has no JSON Schema, such as one with a `z.bigint()`.
 * @example
 * const add = zodTool({
 *   name: "add",
 *   description: "Adds two numbers.",
 *   input: z.object({ a: z.number(), b: z.number() }),
 *   output: z.object({ sum: z.number() }),
 *   handler: ({ a, b }) => ({ sum: a + b }),
 * });
 */
export function zodTool<C, P, Input extends z.ZodObject, Output extends z.ZodObject>(
  options: ZodStructuredToolOptions<C, P, Input, Output>,
): InProcessTool<C, P>;
export function zodTool<C, P, Input extends z.ZodObject>(
  options: ZodToolOptions<C, P, Input>,
): InProcessTool<C, P>;
export function zodTool<C, P>(
  options:
    | ZodToolOptions<C, P, z.ZodObject>
    | ZodStructuredToolOptions<C, P, z.ZodObject, z.ZodObject>,
): InProcessTool<C, P> {
  const { input, handler, output, ...shown } = { output: undefined, ...options };
  const definition: Tool = {
    ...shown,
    inputSchema: toObjectSchema(input, "input"),
    ...(output && { outputSchema: toObjectSchema(output, "output") }),
  };
  return {
    definition,
    run: async (args, invocation) => {
      const parsed = await input.safeParseAsync(args);
      if (!parsed.success) return failedResult(explain(definition.name, parsed.error));
      const answer = await handler(parsed.data, invocation);
      if (output) return structuredResult(await output.parseAsync(answer));
      return typeof answer === "string"
        ? { content: [{ type: "text", text: answer }] }
        : (answer as CallToolResult | Deferred);
    },
  };
}

function toObjectSchema(schema: z.ZodObject, io: "input" | "output"): ObjectSchema {
  return { ...z.toJSONSchema(schema, { io }), type: "object" } as ObjectSchema;
}

function structuredResult(value: Readonly<Record<string, unknown>>): CallToolResult {
  return {
    content: [{ type: "text", text: JSON.stringify(value) }],
    structuredContent: value,
  };
}

// A model needs the first few mistakes, and hostile input must not make the answer grow with it.
const maxIssues = 10;
const maxIssueLength = 300;

function explain(name: string, { issues }: z.ZodError): string {
  const lines = issues.slice(0, maxIssues).map(({ path, message }) => {
    const place = path.length === 0 ? "arguments" : path.map(String).join(".");
    return `- ${place}: ${message}`.slice(0, maxIssueLength);
  });
  if (issues.length > maxIssues) lines.push(`- and ${issues.length - maxIssues} more`);
  return `The arguments of ${name} do not fit its input schema:\n${lines.join("\n")}`;
}
