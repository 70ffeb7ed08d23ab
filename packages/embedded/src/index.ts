export { codegen } from "./codegen.ts";
export type { CodegenOptions } from "./codegen.ts";
export { EmbeddedError } from "./errors.ts";
export type { EmbeddedErrorCode } from "./errors.ts";
export type { FunctionCall } from "./runtime/bridge.ts";
export { startEmbedded } from "./start.ts";
export type { Embedded, EmbeddedOptions, RunOptions } from "./start.ts";
