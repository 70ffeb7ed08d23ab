export { McpGateway } from "./gateway.ts";
export type { MountOptions } from "./gateway.ts";
export type { AuditOptions, McpGatewayOptions, OAuthOptions, SessionOptions } from "./options.ts";
export { mcpChanges } from "./changes.ts";
export type { McpChangesOptions } from "./changes.ts";
export { mcpStreaming } from "./streaming.ts";
export type { McpStreamingOptions } from "./streaming.ts";
export { mcpTasks } from "./tasks.ts";
export type { McpTasksOptions } from "./tasks.ts";
export type { AuditFilter, AuditPage, ListedAuditEntry, Pruned, RunQueryCtx } from "./audit.ts";
export {
  allow,
  audio,
  defineMcpAction,
  defineMcpMutation,
  defineMcpPrompt,
  defineMcpQuery,
  defineMcpResource,
  deny,
  image,
  isInterruption,
  mcpCall,
  mcpHeaders,
  mcpIdempotency,
  mcpPrompts,
  mcpResources,
  needScopes,
  notifyChanged,
  requireScopes,
  resourceLink,
  signIn,
  text,
  vMcpCall,
} from "@convex-mcp/convex-adapter";
export type {
  ActionToolOptions,
  Audience,
  AuditFailurePolicy,
  Authorize,
  AuthorizeRequest,
  ChangeKind,
  Decision,
  DispatchCall,
  DispatchReference,
  DispatchReply,
  FixedResource,
  FixedResourceOptions,
  FunctionPromptOptions,
  FunctionToolOptions,
  HandlerToolOptions,
  Idempotency,
  IdempotencyOptions,
  InlinePromptOptions,
  ListOptions,
  LoadContext,
  McpCall,
  McpCallCtx,
  McpChange,
  McpFeature,
  McpPrompt,
  McpPromptMessage,
  McpPromptResult,
  McpResource,
  McpTool,
  MirroredHeaders,
  MutationToolOptions,
  PromptOptions,
  QueryToolOptions,
  ResourceOptions,
  ResourcePart,
  RunMutationCtx,
  RunTaskReference,
  SessionPolicy,
  SuggestionArgs,
  TemplateResource,
  TemplateResourceOptions,
  ToolAudit,
  ToolKind,
  ToolMetadata,
  ToolOptions,
} from "@convex-mcp/convex-adapter";
export { ClientFailure } from "@convex-mcp/protocol";
export type {
  Channel,
  ClientCapabilities,
  ElicitResult,
  FormQuestion,
  LogLevel,
  Root,
  SamplingMessage,
  SamplingRequest,
  SamplingResult,
  UrlQuestion,
} from "@convex-mcp/protocol";
export type { CacheHint } from "@convex-mcp/protocol";
export type { AuditEntry, AuditOutcome, Redaction } from "@convex-mcp/audit";
