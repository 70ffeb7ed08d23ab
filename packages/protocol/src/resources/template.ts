/**
 * The part of RFC 6570 that resource templates are written in, for matching rather than expanding:
 * literals and the expressions `{var}`, `{+var}`, `{/a,b}` and `{?a,b}`.
 */

/** The variables of a matched URI, decoded. A query variable that the URI lacks is absent. */
export type TemplateVariables = Readonly<Record<string, string>>;

interface Expression {
  readonly operator: "" | "+" | "/" | "?";
  readonly names: readonly string[];
}

const expressionPattern = /\{([^{}]*)\}/;

/** A template that was read: the variables of a URI, or `undefined` for a URI of another family. */
export interface TemplateMatcher {
  (uri: string): TemplateVariables | undefined;
  /** The names of the template's variables, in their order. */
  readonly variables: readonly string[];
}

/**
 * Reads a template into a matcher.
 *
 * A variable of `{var}` and `{/var}` ends at the next `/`, `?` or `#`; one of `{+var}` may hold them. A value is not empty
 * and decodes as UTF-8. The variables of `{?a,b}` may come in any order, be absent, and be joined by
 * ones that the template does not know.
 *
 * @throws TypeError for an expression outside of that part, or a name used twice.
 */
export function parseTemplate(template: string): TemplateMatcher {
  // With a capturing group, every other piece is the inside of an expression.
  const pieces = template.split(expressionPattern);
  const expressions = pieces
    .filter((_, at) => at % 2 === 1)
    .map((text) => parseExpression(template, text));
  const names = expressions.flatMap((expression) => expression.names);
  if (pieces.some((piece, at) => at % 2 === 0 && /[{}]/.test(piece))) {
    throw new TypeError(`${template}: every brace must be part of a pair.`);
  }
  if (new Set(names).size < names.length) {
    throw new TypeError(`${template}: every variable needs a name of its own.`);
  }
  const queryAt = expressions.findIndex(({ operator }) => operator === "?");
  if (queryAt >= 0 && (queryAt < expressions.length - 1 || pieces.at(-1) !== "")) {
    throw new TypeError(`${template}: {?...} must be the end.`);
  }
  const pattern = new RegExp(
    `^${pieces.map((piece, at) => (at % 2 === 0 ? escape(piece) : patternOf(expressions[(at - 1) / 2]))).join("")}$`,
  );
  return Object.assign((uri: string) => match(pattern, expressions, uri), { variables: names });
}

function parseExpression(template: string, text: string): Expression {
  const [, operator = "", list = ""] = /^([+/?]?)(\w+(?:,\w+)*)$/.exec(text) ?? [];
  const names = list.split(",");
  const known = operator === "" || operator === "+" || operator === "/" || operator === "?";
  if (list === "" || !known) {
    const expected = "expected {var}, {+var}, {/var} or {?var}, named by letters, digits and _";
    throw new TypeError(`${template}: ${expected}, got {${text}}.`);
  }
  if (names.length > 1 && (operator === "" || operator === "+")) {
    throw new TypeError(`${template}: expected one variable in {${text}}.`);
  }
  return { operator, names };
}

function patternOf(expression: Expression | undefined): string {
  const { operator, names } = expression ?? { operator: "", names: [] };
  switch (operator) {
    case "+":
      return "(.+)";
    case "/":
      return names.map(() => "/([^/?#]+)").join("");
    case "?":
      return "(?:\\?([^#]*))?";
    default:
      return "([^/?#]+)";
  }
}

function match(
  pattern: RegExp,
  expressions: readonly Expression[],
  uri: string,
): TemplateVariables | undefined {
  const found = pattern.exec(uri);
  if (!found) return undefined;
  const values = found.slice(1);
  // No prototype: a variable may have any name.
  const variables: Record<string, string> = Object.create(null);
  for (const { operator, names } of expressions) {
    const sources =
      operator === "?" ? queryValues(names, values.shift()) : values.splice(0, names.length);
    for (const [at, name] of names.entries()) {
      const source = sources[at];
      if (source === undefined) continue;
      const value = decode(source);
      if (value === undefined) return undefined;
      variables[name] = value;
    }
  }
  return variables;
}

function queryValues(names: readonly string[], query = ""): (string | undefined)[] {
  const pairs = new Map(
    query.split("&").map((pair): [string, string] => {
      const at = pair.indexOf("=");
      return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
  return names.map((name) => pairs.get(name));
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // Percent signs that are no UTF-8: a URI that this template could not have made.
    return undefined;
  }
}

function escape(literal: string): string {
  return literal.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
