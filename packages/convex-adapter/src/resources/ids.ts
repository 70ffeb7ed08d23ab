/**
 * Whether a query refused its arguments for an id that is none of its table. Only the platform knows ids, and says so
 * with the query's other mistakes: "Found ID …" or "does not match validator" naming `v.id("…")`
 * (`crates/common/src/schemas/validator.rs`); convex-test says it in its own words.
 */
export function refusesId(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { message } = error;
  return (
    (/^(?:Uncaught )?ArgumentValidationError: [^]*v\.id\(/.test(message) &&
      !/required field|extra field/.test(message)) ||
    /^Validator error: Expected (?:ID for table|one of)/.test(message)
  );
}
