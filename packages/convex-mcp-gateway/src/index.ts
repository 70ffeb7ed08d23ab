export { McpGateway } from "./gateway.ts";
export type { MountOptions } from "./gateway.ts";
export type { AuditOptions, McpGatewayOptions, OAuthOptions, SessionOptions } from "./options.ts";
export { mcpChanges } from "./changes.ts";
export type { McpChangesOptions } from "./changes.ts";
export { mcpStreaming } from "./streaming.ts";
export type { McpStreamingOptions } from "./streaming.ts";
export type { AuditFilter, AuditPage, ListedAuditEntry, RunQueryCtx } from "./audit.ts";
export type { Pruned } from "./audit/keeping.ts";
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
  InlinePromptOptions,
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
  PromptOptions,
  QueryToolOptions,
  ResourceOptions,
  ResourcePart,
  RunMutationCtx,
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
  UrlQuestion,
} from "@convex-mcp/protocol";
export type { AuditEntry, AuditKind, AuditOutcome, Redaction } from "@convex-mcp/audit";
