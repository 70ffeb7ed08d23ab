import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { webcrypto } from "node:crypto";
import { clearTimeout, setInterval, setTimeout } from "node:timers";
import { setFlagsFromString } from "node:v8";
import vm from "node:vm";
import {
  type Prelude,
  type PreludeHost,
  preludeSource,
  type RealmHandle,
  type RealmKind,
} from "./prelude.ts";
import type { Instance, Program } from "./program.ts";

const WEB_GLOBALS = [
  "URL",
  "URLSearchParams",
  "DOMException",
  "Event",
  "EventTarget",
  "AbortController",
  "AbortSignal",
  "ReadableStream",
  "ReadableStreamBYOBReader",
  "ReadableStreamBYOBRequest",
  "ReadableStreamDefaultController",
  "ReadableStreamDefaultReader",
  "ReadableByteStreamController",
  "ByteLengthQueuingStrategy",
  "CountQueuingStrategy",
  "TransformStream",
  "TransformStreamDefaultController",
  "WritableStream",
  "WritableStreamDefaultController",
  "WritableStreamDefaultWriter",
  "atob",
  "btoa",
  "TextEncoder",
  "TextDecoder",
  "TextDecoderStream",
  "TextEncoderStream",
  "Blob",
  "File",
  "Headers",
  "FormData",
  "structuredClone",
  "CryptoKey",
  "SubtleCrypto",
  "Crypto",
] as const;

/**
 * Shared with the host: `TextEncoder` and `crypto.subtle` make the host's buffers, and libraries test
 * them with `instanceof`.
 */
const BUFFERS = {
  ArrayBuffer,
  DataView,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};

const ERRORS = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

/** What differs from one realm to the next. */
export type RealmOptions = Pick<
  PreludeHost,
  "kind" | "env" | "convex" | "now" | "performanceNow" | "log"
>;

/** A context with Convex's globals only, and one program's modules in it. */
export interface Realm extends Instance, RealmHandle {
  readonly kind: RealmKind;
}

/** Makes realms; holds what they have in common (compiled prelude, the host's original globals). */
export interface RealmFactory {
  create(program: Program, options: RealmOptions): Realm;
}

function webGlobals(): Record<string, unknown> {
  const host = globalThis as unknown as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    WEB_GLOBALS.flatMap((name) => (name in host ? [[name, host[name]] as const] : [])),
  );
}

/**
 * Reads the host's globals once: create it before convex-test is loaded, which replaces some of them.
 */
export function createRealmFactory(): RealmFactory {
  // From Node 22 on, V8's cache of compiled modules keeps each of their contexts alive. Programs have a code cache of their own.
  setFlagsFromString("--no-compilation-cache");
  const shared = {
    globals: { ...webGlobals(), ...BUFFERS, crypto: webcrypto, AsyncLocalStorage, AsyncResource },
    errors: ERRORS,
    Request: globalThis.Request,
    Response: globalThis.Response,
    fetch: globalThis.fetch.bind(globalThis),
    setTimer: (callback: () => void, ms: number, repeat: boolean): number =>
      Number(repeat ? setInterval(callback, ms) : setTimeout(callback, ms)),
    clearTimer: (id: unknown): void => clearTimeout(Number(id)),
  };
  const first = new vm.Script(preludeSource, { filename: "convex-runtime" });
  const script = new vm.Script(preludeSource, {
    filename: "convex-runtime",
    cachedData: first.createCachedData(),
  });

  function create(program: Program, options: RealmOptions): Realm {
    const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: true } });
    const install = script.runInContext(context) as Prelude;
    const handle = install({ ...shared, ...options });
    return { kind: options.kind, ...program.instantiate(context), ...handle };
  }

  return { create };
}
