import type { LogLevel } from "@convex-mcp/protocol";

/** What an action says to its caller, as JSON in a report of that kind. */
export interface Reports {
  readonly progress: {
    readonly value: number;
    readonly total?: number | undefined;
    readonly message?: string | undefined;
  };
  readonly log: {
    readonly level: LogLevel;
    readonly data: unknown;
    readonly logger?: string | undefined;
  };
  /** The channel's method, and what it is given. */
  readonly question: {
    readonly method: "elicit" | "sample" | "listRoots";
    readonly key: string;
    readonly params: object;
  };
}

/** What becomes of a question, as JSON. */
export type Reply =
  | { readonly kind: "answer"; readonly answer: unknown }
  /** The run ends here; `required` is JSON. */
  | {
      readonly kind: "interrupted";
      readonly name: string;
      readonly message: string;
      readonly required: string;
    }
  | { readonly kind: "failed"; readonly message: string };
