/** What a server may ask of its client while it works on a request, in the specification's spelling. */
import type { AudioContent, ImageContent, Meta, ObjectSchema, TextContent } from "./types.ts";

/** Asks the user to fill in a form. Never ask for a secret this way (client/elicitation). */
export interface FormQuestion {
  readonly mode?: "form" | undefined;
  readonly message: string;
  /** An object schema whose properties are strings, numbers, booleans, or choices of strings. */
  readonly requestedSchema: ObjectSchema;
}

/** Asks the user to visit a page, which does the asking. Since 2025-11-25. */
export interface UrlQuestion {
  readonly mode: "url";
  readonly message: string;
  /** Carries nothing that signs the user in; the page checks that the same user opened it. */
  readonly url: string;
}

/** How the user met a question. */
export interface ElicitResult {
  readonly action: "accept" | "decline" | "cancel";
  /** The filled-in form, checked against `requestedSchema`; only of a form that was accepted. */
  readonly content?: Readonly<Record<string, string | number | boolean | string[]>> | undefined;
}

/** One message of a conversation with the client's model. */
export interface SamplingMessage {
  readonly role: "user" | "assistant";
  readonly content: SamplingContent | readonly SamplingContent[];
  readonly _meta?: Meta | undefined;
}

/** Content of a sampling message; tool calls and their results pass as they are. */
export type SamplingContent =
  | TextContent
  | ImageContent
  | AudioContent
  | { readonly type: "tool_use" | "tool_result"; readonly [key: string]: unknown };

/** Asks the client's model (client/sampling). Further parameters pass as they are. */
export interface SamplingRequest {
  readonly messages: readonly SamplingMessage[];
  readonly maxTokens: number;
  readonly systemPrompt?: string | undefined;
  readonly temperature?: number | undefined;
  readonly [parameter: string]: unknown;
}

/** What the client's model answered. */
export interface SamplingResult extends SamplingMessage {
  readonly model: string;
  readonly stopReason?: string | undefined;
}

/** A place that the user lets the server work in. */
export interface Root {
  readonly uri: string;
  readonly name?: string | undefined;
}

/** What a client declares that it can be asked. Unknown members are kept. */
export interface ClientCapabilities {
  /** `{}` means forms alone. */
  readonly elicitation?: { readonly form?: object; readonly url?: object } | undefined;
  readonly sampling?: { readonly tools?: object; readonly context?: object } | undefined;
  readonly roots?: object | undefined;
  readonly extensions?: { readonly [id: string]: unknown } | undefined;
  readonly [capability: string]: unknown;
}

/** How much a log line matters, least first (RFC 5424). */
export const logLevels = [
  "debug",
  "info",
  "notice",
  "warning",
  "error",
  "critical",
  "alert",
  "emergency",
] as const;

/** One of {@link logLevels}. */
export type LogLevel = (typeof logLevels)[number];

/** Whether a foreign value names a log level. */
export function isLogLevel(value: unknown): value is LogLevel {
  return logLevels.some((level) => level === value);
}
