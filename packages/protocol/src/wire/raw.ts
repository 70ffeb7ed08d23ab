const raw: unique symbol = Symbol.for("@convex-mcp/protocol.rawJson");

/** A JSON text that is written into the response as it is. Made by {@link rawJson}. */
export interface RawJson {
  readonly [raw]: string;
}

/**
 * Marks a ready-serialised result, so that it is spliced instead of parsed and serialised again.
 * The text is trusted: it must be one valid JSON value of the type that its place asks for.
 */
export function rawJson(json: string): RawJson {
  return { [raw]: json };
}

/** The text of a {@link RawJson}; `undefined` for any other value. */
export function rawText(value: object): string | undefined {
  return raw in value ? (value as RawJson)[raw] : undefined;
}
