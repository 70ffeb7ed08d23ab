import { createContext, Script } from "node:vm";
import type { Bundle } from "./bundle.ts";

/** Web globals of a Convex isolate; the language's own come with the context. */
const GLOBALS = [
  "AbortController",
  "AbortSignal",
  "Blob",
  "CryptoKey",
  "DOMException",
  "Event",
  "EventTarget",
  "Headers",
  "ReadableStream",
  "Request",
  "Response",
  "TextDecoder",
  "TextEncoder",
  "TransformStream",
  "URL",
  "URLSearchParams",
  "WritableStream",
  "atob",
  "btoa",
  "clearInterval",
  "clearTimeout",
  "console",
  "crypto",
  "performance",
  "queueMicrotask",
  "setInterval",
  "setTimeout",
  "structuredClone",
] as const;

type Answer = (request: Request, jwks: string) => Promise<Response>;

/** A context that nothing ran in yet and that cannot make code from strings, as each HTTP action gets one. */
export interface FreshContext {
  /** Evaluates a bundle, as every request does again. */
  readonly evaluate: (bundle: Bundle) => Answer;
}

/** Creates a context. */
export function createFreshContext(): FreshContext {
  const globals: Record<string, unknown> = {
    process: { env: { CONVEX_SITE_URL: "http://localhost:3000" } },
  };
  for (const name of GLOBALS) globals[name] = globalThis[name];
  globals["self"] = globals;
  createContext(globals, { codeGeneration: { strings: false, wasm: true } });
  return {
    evaluate: ({ source, cachedData }) => {
      new Script(source, { cachedData }).runInContext(globals);
      return (globals["bundle"] as { answer: Answer }).answer;
    },
  };
}
