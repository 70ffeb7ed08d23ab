import { CENSOR } from "./redact.ts";

/**
 * A text of JSON, redacted by what `createRedactor` made, as compact JSON. A text that is no JSON, or that is nested too
 * deeply to be written again, becomes the censor as a whole: nothing of it can be told from a secret. Never throws.
 *
 * @example redactJson(body, createRedactor(["customer.email", "**.token"]));
 */
export function redactJson(
  text: string,
  redact: (value: unknown) => unknown,
  censor: string = CENSOR,
): string {
  try {
    return JSON.stringify(redact(JSON.parse(text))) ?? JSON.stringify(censor);
  } catch {
    return JSON.stringify(censor);
  }
}
