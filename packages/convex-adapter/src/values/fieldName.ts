/** Printable ASCII, at most 1024, not starting with `$` (`sync_types/src/identifier.rs`). */
const FIELD_NAME = /^(?!\$)[\x20-\x7E]{0,1024}$/;

/** Whether Convex takes a key. `__proto__` is one that its conversion from JSON loses. */
export function isFieldName(key: string): boolean {
  return FIELD_NAME.test(key) && key !== "__proto__";
}
