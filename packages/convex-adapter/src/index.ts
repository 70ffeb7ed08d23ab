export { allow, deny, needScopes, signIn } from "./calls/decision.ts";
export type { Authorize, AuthorizeRequest, Decision } from "./calls/decision.ts";
export { allOf, anyOf, readOnly, requireRoles, requireScopes } from "./calls/policies.ts";
export type { RolesOf } from "./calls/policies.ts";
export { audio, image, resourceLink, text } from "./calls/content.ts";
export type {
  Dispatch,
  DispatchCall,
  DispatchReference,
  DispatchReply,
  RunTask,
  RunTaskReference,
  TaskTicket,
} from "./calls/functions.ts";
export { countRefusal } from "./calls/record.ts";
export { checkCache } from "./cache.ts";
export type { ListOptions } from "./cache.ts";
export { createRunTask, taskWorkOf } from "./calls/taskWork.ts";
export { createToolCatalog } from "./calls/toolCatalog.ts";
export { createBridgeAdmin } from "./bridge/admin.ts";
export type {
  BridgeAdmin,
  BridgeClient,
  BridgeClientPage,
  BridgeGrant,
  BridgeUser,
} from "./bridge/admin.ts";
export { createBridgeRecorder } from "./bridge/recorder.ts";
export { countBridgeRefusal } from "./bridge/refusals.ts";
export { checkProxyHeader, statedAddress } from "./identity/proxy.ts";
export type { BridgeAudit, BridgeRecorder } from "./bridge/recorder.ts";
export { createBridgeStore } from "./bridge/store.ts";
export type { BridgeTables } from "./bridge/store.ts";
export type { ComponentApi } from "./component/_generated/component.js";
export type {
  AuditFailurePolicy,
  AuditSettings,
  Config,
  McpFeature,
  SessionPolicy,
  SessionSettings,
  TaskWork,
} from "./config.ts";
export type { RunMutationCtx, RunQueryCtx } from "./ctx.ts";
export { notifyChanged } from "./changes/publish.ts";
export type { McpChange } from "./changes/publish.ts";
export type { ChangeKind } from "./changes/feed.ts";
export { serveStoredChanges } from "./changes/serve.ts";
export type { ChangesSettings } from "./changes/serve.ts";
export { createDispatch } from "./dispatch.ts";
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
export { mcpApiKeys } from "./identity/apiKeys.ts";
export type { ApiKeyOptions, ListedApiKey, McpApiKeys, NewApiKey } from "./identity/apiKeys.ts";
export { mcpCaller } from "./identity/caller.ts";
export type { McpCallerCtx } from "./identity/caller.ts";
export type { McpCaller } from "./identity/principal.ts";
export type { Principal } from "./identity/principal.ts";
export { resolveTokens } from "./identity/resolve.ts";
export type {
  IdentityRequest,
  ResolvedIdentity,
  ResolveIdentity,
  TokenJudge,
} from "./identity/resolve.ts";
export type { Resource } from "./identity/refusals.ts";
export { createRequestScope, requestMetadata } from "./identity/scope.ts";
export type { LoadContext, RequestMetadata, RequestScope } from "./identity/scope.ts";
export { converse } from "./streaming/converse.ts";
export { isInterruption } from "./streaming/interruption.ts";
export type { McpCallCtx } from "./streaming/line.ts";
export { mcpCall } from "./streaming/mcpCall.ts";
export type { McpCall } from "./streaming/mcpCall.ts";
export { serveStreaming } from "./streaming/serve.ts";
export type { StreamingSettings } from "./streaming/serve.ts";
export type { Rate } from "./limits/rates.ts";
export { mcpRateLimits } from "./limits/serve.ts";
export type { RateLimitOptions } from "./limits/serve.ts";
export { createSessionStore } from "./sessions.ts";
export { createTasks } from "./tasks/serve.ts";
export type { TaskSettings } from "./tasks/settings.ts";
export { createCatalog } from "./tools/catalog.ts";
export type { Catalog } from "./tools/catalog.ts";
export { mcpHeaders } from "./tools/headers.ts";
export type { MirroredHeaders } from "./tools/headers.ts";
export { mcpIdempotency } from "./tools/idempotency.ts";
export type { Idempotency, IdempotencyOptions } from "./tools/idempotency.ts";
export { defineMcpAction, defineMcpMutation, defineMcpQuery } from "./tools/define.ts";
export type {
  ActionToolOptions,
  PreparedToolOptions,
  FunctionToolOptions,
  HandlerToolOptions,
  MutationToolOptions,
  QueryToolOptions,
  ToolOptions,
} from "./tools/define.ts";
export { vMcpCall } from "./component/handle.ts";
export { vKind as vAuditKind, vOutcome as vAuditOutcome } from "./component/shared.ts";
export type { McpCallArgument } from "./component/handle.ts";
export type { McpTool, ToolAudit, ToolKind, ToolMetadata, ToolRedaction } from "./tools/tool.ts";
export { decode } from "./values/decode.ts";
export type { Decoded } from "./values/decode.ts";
export { encode } from "./values/encode.ts";
export type { Json } from "./values/encode.ts";
export type { Issue } from "./values/issue.ts";
export { toJsonSchema } from "./values/jsonschema.ts";
export type { JsonSchema } from "./values/jsonschema.ts";
