export { allow, deny, needScopes, requireScopes, signIn } from "./calls/decision.ts";
export type { Authorize, AuthorizeRequest, Decision } from "./calls/decision.ts";
export { audio, image, resourceLink, text } from "./calls/content.ts";
export { countRefusal } from "./calls/record.ts";
export type { RunMutationCtx } from "./calls/record.ts";
export type { DispatchReference } from "./calls/run.ts";
export { createToolCatalog } from "./calls/toolCatalog.ts";
export type { ComponentApi } from "./component/_generated/component.js";
export type {
  AuditFailurePolicy,
  AuditSettings,
  Config,
  LoadContext,
  McpFeature,
  SessionPolicy,
  SessionSettings,
} from "./config.ts";
export { notifyChanged } from "./changes/publish.ts";
export type { McpChange } from "./changes/publish.ts";
export type { ChangeKind } from "./changes/feed.ts";
export { serveStoredChanges } from "./changes/serve.ts";
export type { ChangesSettings } from "./changes/serve.ts";
export { createDispatch } from "./dispatch.ts";
export type { Dispatch, DispatchCall, DispatchReply } from "./dispatch.ts";
export { defineMcpPrompt } from "./prompts/define.ts";
export type {
  FunctionPromptOptions,
  InlinePromptOptions,
  PromptOptions,
} from "./prompts/define.ts";
export type { McpPrompt, McpPromptMessage, McpPromptResult } from "./prompts/prompt.ts";
export { mcpPrompts } from "./prompts/serve.ts";
export { defineMcpResource } from "./resources/define.ts";
export type {
  FixedResourceOptions,
  ResourceOptions,
  TemplateResourceOptions,
} from "./resources/define.ts";
export type {
  FixedResource,
  McpResource,
  ResourcePart,
  TemplateResource,
} from "./resources/resource.ts";
export { mcpResources } from "./resources/serve.ts";
export type { SuggestionArgs } from "./completion/completable.ts";
export { authenticate } from "./identity/authenticate.ts";
export type { Audience, AuthenticationPolicy } from "./identity/authenticate.ts";
export type { Principal } from "./identity/principal.ts";
export type { Resource } from "./identity/refusals.ts";
export { createRequestScope } from "./identity/scope.ts";
export type { RequestMetadata, RequestScope } from "./identity/scope.ts";
export { converse } from "./streaming/converse.ts";
export { isInterruption } from "./streaming/interruption.ts";
export { mcpCall } from "./streaming/mcpCall.ts";
export type { McpCall, McpCallCtx } from "./streaming/mcpCall.ts";
export { serveStreaming } from "./streaming/serve.ts";
export type { StreamingSettings } from "./streaming/serve.ts";
export { createSessionStore } from "./sessions.ts";
export { createCatalog } from "./tools/catalog.ts";
export type { Catalog } from "./tools/catalog.ts";
export { defineMcpAction, defineMcpMutation, defineMcpQuery } from "./tools/define.ts";
export type {
  ActionToolOptions,
  FunctionToolOptions,
  HandlerToolOptions,
  QueryToolOptions,
  ToolOptions,
} from "./tools/define.ts";
export { vMcpCall } from "./component/handle.ts";
export type { McpTool, ToolAudit, ToolKind, ToolMetadata } from "./tools/tool.ts";
export { decode } from "./values/decode.ts";
export type { Decoded } from "./values/decode.ts";
export { encode } from "./values/encode.ts";
export type { Json } from "./values/encode.ts";
export type { Issue } from "./values/issue.ts";
export { toJsonSchema } from "./values/jsonschema.ts";
export type { JsonSchema } from "./values/jsonschema.ts";
