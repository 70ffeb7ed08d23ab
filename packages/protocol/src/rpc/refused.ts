import type { Refusal } from "../wire/errors.ts";

/**
 * Thrown by a store or a catalog that refuses a request at the HTTP level, where it could not return that: 429 for a caller
 * who asks too often. It is no failure, and is not reported. Once a stream is open it is an error in it.
 */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}
