/** An error of an OAuth endpoint: a registered code, and a sentence that may be sent to anybody. */
export interface OAuthError {
  readonly error: string;
  readonly description: string;
  /** Of what was asked for too often: when to come back, in seconds. */
  readonly retryAfter?: number;
}

/** A judged input: its value, or what to answer. */
export type Judged<T> =
  | { readonly ok: true; readonly value: T }
  | ({ readonly ok: false } & OAuthError);

export function accept<T>(value: T): Judged<T> {
  return { ok: true, value };
}

export function reject(error: string, description: string): { readonly ok: false } & OAuthError {
  return { ok: false, error, description };
}

/** A foreign value as an object, or undefined. */
export function toObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** A foreign value as a text that is not empty, or undefined. */
export function toText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
