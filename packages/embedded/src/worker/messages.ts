import type { JSONValue } from "convex/values";
import type { MessagePort } from "node:worker_threads";
import type { EmbeddedErrorCode } from "../errors.ts";

/** What a worker is started for. */
export type WorkerJob =
  | {
      readonly kind: "serve";
      readonly projectDir: string;
      readonly port: number;
      readonly env: Readonly<Record<string, string>>;
      readonly crons: boolean;
      /** Where calls are recorded; the other side drains it synchronously. */
      readonly calls: MessagePort;
    }
  | {
      readonly kind: "codegen";
      readonly projectDir: string;
      readonly env: Readonly<Record<string, string>>;
      readonly componentDir: string | undefined;
    };

/** What a running engine is asked for. */
export type Command =
  | {
      readonly kind: "run";
      readonly component: string;
      readonly name: string;
      readonly args: JSONValue;
      readonly identity: object | null;
    }
  | { readonly kind: "advance"; readonly ms: number }
  | { readonly kind: "close" };

/** A command with the number that its answer carries. */
export interface Numbered {
  readonly id: number;
  readonly command: Command;
}

/** An error that crosses threads. */
export interface Failure {
  readonly code: EmbeddedErrorCode | null;
  readonly message: string;
  readonly stack: string;
  /** A ConvexError's data. */
  readonly data?: JSONValue;
}

/** What a worker says. */
export type Report =
  | { readonly kind: "log"; readonly line: string }
  | { readonly kind: "ready"; readonly url: string; readonly warnings: readonly string[] }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "result"; readonly id: number; readonly value: JSONValue }
  | { readonly kind: "error"; readonly id: number; readonly failure: Failure };
