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

/** Whether a result is ready-serialised. */
export function isRawJson(value: object): value is RawJson {
  return raw in value;
}

/** The text that {@link rawJson} was given. */
export function rawText(value: RawJson): string {
  return value[raw];
}
