import { parseTemplate } from "@convex-mcp/protocol";

/** The names of the variables of a template, `never` for one without; any string for one that is not known literally. */
export type TemplateVariable<Template extends string> = string extends Template
  ? string
  : Template extends `${string}{${infer Expression}}${infer Rest}`
    ? | Listed<Expression extends `${"+" | "/" | "?"}${infer List}` ? List : Expression>
      | TemplateVariable<Rest>
    : never;

type Listed<List extends string> = List extends `${infer Name},${infer Rest}`
  ? Name | Listed<Rest>
  : List;

/** The names of a template's variables, in their order. @throws TypeError where `parseTemplate` does. */
export function variablesOf(template: string): readonly string[] {
  return parseTemplate(template).variables;
}
