import { createRedactor } from "./redact.ts";
import { SECRET_KEYS } from "./secrets.ts";

/**
 * What a payload shows. `"verbatim"`: everything. `"drop"`: nothing but its size. `{ redact }`: all
 * but these paths and the {@link SECRET_KEYS}.
 */
export type Redaction = "verbatim" | "drop" | { readonly redact: readonly string[] };

/** How big a payload may get. */
export interface PayloadLimits {
  /** The most bytes of its JSON in UTF-8. Default: 16,384. At least 128. */
  readonly bytes?: number;
  /** How many levels of objects and arrays are shown. Default: 32. From 1 to 100. */
  readonly depth?: number;
}

/** A value as an audit log keeps it. */
export interface Payload {
  /** Valid JSON within the limits; undefined when dropped. */
  readonly json: string | undefined;
  /** The size in UTF-8 of the whole value's JSON, before redaction and cut. */
  readonly bytes: number;
  /** True when something was left out to keep the limits. */
  readonly cut: boolean;
}

/** Compiles a redaction into a function that writes payloads. */
export function createPayloadWriter(
  redaction: Redaction | undefined,
  _limits: PayloadLimits = {},
): (value: unknown) => Payload {
  const paths = typeof redaction === "object" ? redaction.redact : [];
  const clean =
    redaction === "verbatim"
      ? (value: unknown) => value
      : createRedactor([...paths, ...SECRET_KEYS.map((key) => `**.${key}`)]);
  return (value) => {
    const bytes = (JSON.stringify(value) ?? "null").length;
    if (redaction === "drop") return { json: undefined, bytes, cut: false };
    return { json: JSON.stringify(clean(value)) ?? "null", bytes, cut: false };
  };
}
