export { McpGateway } from "./gateway.ts";
export type { MountOptions } from "./gateway.ts";
export type { AuditOptions, McpGatewayOptions, OAuthOptions, SessionOptions } from "./options.ts";
export type { AuditFilter, AuditPage, ListedAuditEntry, Pruned, RunQueryCtx } from "./audit.ts";
export {
  allow,
  audio,
  defineMcpAction,
  defineMcpMutation,
  defineMcpQuery,
  deny,
  image,
  needScopes,
  requireScopes,
  resourceLink,
  signIn,
  text,
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
  McpTool,
  QueryToolOptions,
  RunMutationCtx,
  SessionPolicy,
  ToolAudit,
  ToolKind,
  ToolMetadata,
  ToolOptions,
} from "@convex-mcp/convex-adapter";
export { ClientFailure, isInterruption } from "@convex-mcp/protocol";
export type {
  Channel,
  ClientCapabilities,
  ElicitResult,
  FormQuestion,
  LogLevel,
  UrlQuestion,
} from "@convex-mcp/protocol";
export type { AuditEntry, AuditOutcome, Redaction } from "@convex-mcp/audit";
