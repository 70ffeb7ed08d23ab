/** What everybody puts in place of a value. */
export const CENSOR = "[redacted]";
