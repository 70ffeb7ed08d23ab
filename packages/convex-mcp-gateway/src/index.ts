export { McpGateway } from "./gateway.ts";
export type { MountOptions } from "./gateway.ts";
export type { AuditOptions, McpGatewayOptions, OAuthOptions, SessionOptions } from "./options.ts";
export { mcpStreaming } from "./streaming.ts";
export type { McpStreamingOptions } from "./streaming.ts";
export type { AuditFilter, AuditPage, ListedAuditEntry, Pruned, RunQueryCtx } from "./audit.ts";
export {
  allow,
  audio,
  defineMcpAction,
  defineMcpMutation,
  defineMcpQuery,
  deny,
  image,
  isInterruption,
  mcpCall,
  needScopes,
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
  Decision,
  DispatchCall,
  DispatchReference,
  DispatchReply,
  FunctionToolOptions,
  HandlerToolOptions,
  LoadContext,
  McpCall,
  McpCallCtx,
  McpFeature,
  McpTool,
  QueryToolOptions,
  RunMutationCtx,
  SessionPolicy,
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
export type { AuditEntry, AuditOutcome, Redaction } from "@convex-mcp/audit";
