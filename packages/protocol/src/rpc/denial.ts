import type { Refusal } from "../wire/errors.ts";
import type { Outcome } from "./exchange.ts";
import { sessionNotFound } from "./failures.ts";

/** The ways in which any catalog may decline a request. */
export type Denial =
  /** Answered with 404. */
  | { readonly kind: "sessionNotFound" }
  /** Answered at the HTTP level, such as 401 with `WWW-Authenticate`. */
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** Answered with 200 and this JSON-RPC error. */
  | {
      readonly kind: "error";
      readonly code: number;
      readonly message: string;
      readonly data?: unknown;
    };

/** How a method ends whose catalog declined. */
export function denialOutcome(denial: Denial): Outcome {
  switch (denial.kind) {
    case "sessionNotFound":
      return { kind: "refused", refusal: sessionNotFound };
    case "refused":
      return denial;
    case "error": {
      const { code, message, data } = denial;
      return { kind: "error", error: { code, message, data } };
    }
  }
}
