import { parseTemplate, type TemplateVariables } from "@convex-mcp/protocol";
import type { GenericValidator, PropertyValidators } from "convex/values";
import { wrongSuggestions } from "../completion/mistakes.ts";
import { wrongCache } from "../cache.ts";
import { collect, missingFunction, unknownKind, wrongScopes } from "../mistakes.ts";
import { isTextual } from "../values/fromText.ts";
import type { FixedResource, McpResource, TemplateResource } from "./resource.ts";
import { variablesOf } from "./variables.ts";

/** A template that can be matched. */
export interface Family {
  readonly resource: TemplateResource;
  readonly match: (uri: string) => TemplateVariables | undefined;
}

/** The resources of one gateway, in the order they were declared. */
export interface ResourceCatalog {
  /** By URI. */
  readonly fixed: ReadonlyMap<string, FixedResource>;
  /** By template. */
  readonly families: ReadonlyMap<string, Family>;
}

/** RFC 3986: a scheme, and of what follows only characters that a URI has. */
const URI = /^[a-z][a-z\d+.-]*:[\w:/?#[\]@!$&'()*+,;=.~%-]*$/i;
/** Clients may ask for no longer one. */
const MAX_URI = 8192;

/**
 * Checks the declared resources once, when the gateway is made.
 *
 * @throws TypeError naming the resource: no name, a URI that is none or used twice, a template that cannot be matched, a
 *   variable without an argument or the reverse, an argument that no text can tell, a function that is `undefined`.
 */
export function createResourceCatalog(resources: readonly McpResource[]): ResourceCatalog {
  const fixed = new Map<string, FixedResource>();
  const families = new Map<string, Family>();
  const mistakeOf = (resource: McpResource): string | undefined => {
    const uri = uriOf(resource);
    const mistake = wrongBase(resource) ?? wrongUri(resource, uri);
    if (mistake !== undefined) return mistake;
    if (fixed.has(uri) || families.has(uri)) return `has the URI of another one: ${uri}`;
    if (resource.kind === "fixed") fixed.set(uri, resource);
    else families.set(uri, { resource, match: parseTemplate(uri) });
    return undefined;
  };
  collect("Resource", "defineMcpResource", resources, mistakeOf);
  return { fixed, families };
}

function uriOf({ kind, definition }: McpResource): string {
  return kind === "fixed" ? definition.uri : definition.uriTemplate;
}

function wrongBase({ name, fn, metadata, cache }: McpResource): string | undefined {
  if (typeof name !== "string" || name.trim() === "") return "has no name: expected a text";
  return missingFunction("query", fn) ?? wrongScopes(metadata.scopes) ?? wrongCache(cache);
}

function wrongUri(resource: McpResource, uri: unknown): string | undefined {
  return resource.kind === "fixed" ? wrongFixed(uri) : wrongTemplate(resource, uri);
}

function wrongFixed(uri: unknown): string | undefined {
  if (typeof uri === "string" && uri.length <= MAX_URI && URI.test(uri)) return undefined;
  const got = JSON.stringify(uri);
  return typeof uri === "string" && uri.includes("{")
    ? `has a wrong \`uri\`: one with variables is a \`uriTemplate\`, with \`args\`; got ${got}`
    : `has a wrong \`uri\`: expected an absolute one such as "invoices://recent", got ${got}`;
}

function wrongTemplate(
  { args, complete }: TemplateResource,
  template: unknown,
): string | undefined {
  const wrong = 'has a wrong `uriTemplate`: expected one such as "invoices://{id}"';
  if (typeof template !== "string") return `${wrong}, got ${JSON.stringify(template)}`;
  try {
    parseTemplate(template);
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
    return `has a wrong \`uriTemplate\`: ${why}`;
  }
  const names = variablesOf(template);
  if (names.length === 0) return `${wrong}, got one without variables. Give it as \`uri\``;
  // With every expression taken out, what is left is of the characters of a URI.
  if (!URI.test(template.replaceAll(/\{[^}]*\}/g, ""))) {
    return `${wrong}, got ${JSON.stringify(template)}`;
  }
  return wrongArgs(args, names) ?? wrongSuggestions(complete, args);
}

function wrongArgs(args: PropertyValidators, names: readonly string[]): string | undefined {
  if (typeof args !== "object" || args === null) {
    return "has no `args`: expected a validator for each variable of its template";
  }
  const missing = names.find((name) => !Object.hasOwn(args, name));
  if (missing !== undefined) return `has no argument for the variable {${missing}}`;
  for (const [name, validator] of Object.entries<GenericValidator>(args)) {
    const argument = `has an argument ${JSON.stringify(name)}`;
    if (!names.includes(name)) return `${argument}, which is no variable of its template`;
    const unknown = unknownKind(validator);
    if (unknown !== undefined) return `${argument} with ${unknown}`;
    if (!isTextual(validator)) {
      return `${argument} that a URI cannot tell: expected a string, id, int64, number, boolean, literal, or a union of these`;
    }
  }
  return undefined;
}
