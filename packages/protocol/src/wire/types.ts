/**
 * The MCP objects that a server sends, in the spelling of the specification.
 *
 * Written by hand so that the package depends on nothing; `types.test-d.ts` compares them both ways
 * with the types of the official SDK. They describe the newest session revision, 2025-11-25; what an
 * older revision does not know is left out on the way (`revise.ts`).
 */

/** A JSON-RPC request id. Its type is part of it: `1` and `"1"` are different ids. */
export type RequestId = string | number;

/** Extension data under `_meta`: keys are namespaced by their owner and pass through untouched. */
export type Meta = { readonly [key: string]: unknown };

/** A picture a client may show beside a name. Since 2025-11-25. */
export interface Icon {
  /** An `https:` or `data:` URL. */
  readonly src: string;
  readonly mimeType?: string | undefined;
  /** Sizes as in HTML, `"48x48"` or `"any"`. */
  readonly sizes?: readonly string[] | undefined;
  readonly theme?: "light" | "dark" | undefined;
}

/** The name and version of a program. Unverified: for display, never for a decision. */
export interface Implementation {
  readonly name: string;
  readonly version: string;
  /** Since 2025-06-18. */
  readonly title?: string | undefined;
  /** Since 2025-11-25. */
  readonly description?: string | undefined;
  /** Since 2025-11-25. */
  readonly websiteUrl?: string | undefined;
  /** Since 2025-11-25. */
  readonly icons?: readonly Icon[] | undefined;
}

/** Hints about who a piece of content is for. */
export interface Annotations {
  readonly audience?: readonly ("user" | "assistant")[] | undefined;
  /** From 0 (optional) to 1 (required). */
  readonly priority?: number | undefined;
  /** ISO 8601. Since 2025-06-18. */
  readonly lastModified?: string | undefined;
}

/** Text for the model or the user. */
export interface TextContent {
  readonly type: "text";
  readonly text: string;
  readonly annotations?: Annotations | undefined;
  readonly _meta?: Meta | undefined;
}

/** A picture, base64 in the standard alphabet with padding. */
export interface ImageContent {
  readonly type: "image";
  readonly data: string;
  readonly mimeType: string;
  readonly annotations?: Annotations | undefined;
  readonly _meta?: Meta | undefined;
}

/** A sound, base64 in the standard alphabet with padding. */
export interface AudioContent {
  readonly type: "audio";
  readonly data: string;
  readonly mimeType: string;
  readonly annotations?: Annotations | undefined;
  readonly _meta?: Meta | undefined;
}

/** The text of a resource. */
export interface TextResourceContents {
  readonly uri: string;
  readonly mimeType?: string | undefined;
  readonly text: string;
  readonly _meta?: Meta | undefined;
}

/** The bytes of a resource, base64. */
export interface BlobResourceContents {
  readonly uri: string;
  readonly mimeType?: string | undefined;
  readonly blob: string;
  readonly _meta?: Meta | undefined;
}

/** A resource's contents inside a result. */
export interface EmbeddedResource {
  readonly type: "resource";
  readonly resource: TextResourceContents | BlobResourceContents;
  readonly annotations?: Annotations | undefined;
  readonly _meta?: Meta | undefined;
}

/** A resource the client may read later. Since 2025-06-18; a text block before. */
export interface ResourceLink {
  readonly type: "resource_link";
  readonly uri: string;
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly mimeType?: string | undefined;
  /** Bytes, before any encoding. */
  readonly size?: number | undefined;
  readonly icons?: readonly Icon[] | undefined;
  readonly annotations?: Annotations | undefined;
  readonly _meta?: Meta | undefined;
}

/** One block of a tool's answer. */
export type ContentBlock =
  | TextContent
  | ImageContent
  | AudioContent
  | ResourceLink
  | EmbeddedResource;

/** A JSON Schema whose root is an object. The default dialect is 2020-12. */
export interface ObjectSchema {
  readonly type: "object";
  readonly properties?: { readonly [name: string]: object } | undefined;
  readonly required?: readonly string[] | undefined;
  readonly [keyword: string]: unknown;
}

/** Hints about a tool's behaviour. Clients treat them as untrusted. */
export interface ToolAnnotations {
  readonly title?: string | undefined;
  readonly readOnlyHint?: boolean | undefined;
  readonly destructiveHint?: boolean | undefined;
  readonly idempotentHint?: boolean | undefined;
  readonly openWorldHint?: boolean | undefined;
}

/** How a tool runs. Since 2025-11-25. */
export interface ToolExecution {
  readonly taskSupport?: "required" | "optional" | "forbidden" | undefined;
}

/** A tool as `tools/list` shows it. */
export interface Tool {
  /** 1 to 128 characters of `A-Z a-z 0-9 _ . -`, unique within a server. */
  readonly name: string;
  /** Since 2025-06-18. */
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly inputSchema: ObjectSchema;
  /**
   * Since 2025-06-18. A tool that has one answers with `structuredContent` that fits it. One whose root
   * is no object is shown since 2026-07-28 alone.
   */
  readonly outputSchema?: ObjectSchema | { readonly [keyword: string]: unknown } | undefined;
  readonly annotations?: ToolAnnotations | undefined;
  /** Since 2025-11-25. */
  readonly icons?: readonly Icon[] | undefined;
  /** Since 2025-11-25. */
  readonly execution?: ToolExecution | undefined;
  readonly _meta?: Meta | undefined;
}

/** What a tool answered; `isError` marks a failure that the model may see and correct. */
export interface CallToolResult {
  readonly content: readonly ContentBlock[];
  /** Any JSON value. Since 2025-06-18; until 2026-07-28 what is no object is sent as `{ result: value }`. */
  readonly structuredContent?: unknown;
  readonly isError?: boolean | undefined;
  readonly _meta?: Meta | undefined;
}

/** How long a client may keep an answer, and for whom. Since 2026-07-28. */
export interface CacheHint {
  /** Milliseconds, a whole number; 0 is stale at once. Default: 0. */
  readonly ttlMs?: number | undefined;
  /**
   * `"public"` lets caches share the answer between users, across tokens too: only for what does not
   * depend on who asks. Default: `"private"`.
   */
  readonly cacheScope?: "public" | "private" | undefined;
}

/** A resource as `resources/list` shows it. */
export interface Resource {
  /** Absolute (RFC 3986), unique within a server. */
  readonly uri: string;
  readonly name: string;
  /** Since 2025-06-18. */
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly mimeType?: string | undefined;
  /** Bytes, before any encoding. */
  readonly size?: number | undefined;
  readonly annotations?: Annotations | undefined;
  /** Since 2025-11-25. */
  readonly icons?: readonly Icon[] | undefined;
  readonly _meta?: Meta | undefined;
}

/** A family of resources as `resources/templates/list` shows it. */
export interface ResourceTemplate {
  /** RFC 6570, unique within a server. */
  readonly uriTemplate: string;
  readonly name: string;
  /** Since 2025-06-18. */
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly mimeType?: string | undefined;
  readonly annotations?: Annotations | undefined;
  /** Since 2025-11-25. */
  readonly icons?: readonly Icon[] | undefined;
  readonly _meta?: Meta | undefined;
}

/** What a resource holds; several parts where it is a folder, say. Never empty. */
export interface ReadResourceResult {
  readonly contents: readonly (TextResourceContents | BlobResourceContents)[];
  readonly _meta?: Meta | undefined;
}

/** One argument of a prompt. Its value is always a string. */
export interface PromptArgument {
  readonly name: string;
  /** Since 2025-06-18. */
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly required?: boolean | undefined;
}

/** A prompt as `prompts/list` shows it. */
export interface Prompt {
  /** Unique within a server. */
  readonly name: string;
  /** Since 2025-06-18. */
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly arguments?: readonly PromptArgument[] | undefined;
  /** Since 2025-11-25. */
  readonly icons?: readonly Icon[] | undefined;
  readonly _meta?: Meta | undefined;
}

/** One message of a prompt. */
export interface PromptMessage {
  readonly role: "user" | "assistant";
  readonly content: ContentBlock;
}

/** A prompt, filled in. */
export interface GetPromptResult {
  readonly description?: string | undefined;
  readonly messages: readonly PromptMessage[];
  readonly _meta?: Meta | undefined;
}

/** Suggestions for the value of an argument. */
export interface Completion {
  /** Best first. A client gets the first 100. */
  readonly values: readonly string[];
  /** How many there are in all. */
  readonly total?: number | undefined;
  readonly hasMore?: boolean | undefined;
}

/** What a completion is for: an argument of a prompt, or a variable of a resource template. */
export type CompletionReference =
  | { readonly type: "ref/prompt"; readonly name: string; readonly title?: string | undefined }
  | { readonly type: "ref/resource"; readonly uri: string };
