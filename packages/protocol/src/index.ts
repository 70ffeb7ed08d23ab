export { createMcpHandler } from "./http/handler.ts";
export type { McpHandler } from "./http/handler.ts";
export { checkMcpOptions } from "./http/options.ts";
export type {
  Authentication,
  McpHandlerChecks,
  McpHandlerOptions,
  McpLimits,
} from "./http/options.ts";
export { corsHeaders, preflight } from "./http/cors.ts";
export { checkHost } from "./http/host.ts";
export type { HostPolicy } from "./http/host.ts";
export { checkOrigin, isAllowedOrigin } from "./http/origin.ts";
export type { OriginPolicy } from "./http/origin.ts";

export type { CachePolicy, Caller, ListRequest, RequestMark } from "./rpc/caller.ts";
export { InputRequired, isInterruption, MissingCapability } from "./rpc/channel.ts";
export type { Channel, Keyed } from "./rpc/channel.ts";
export type { Denial } from "./rpc/denial.ts";
export { missingCapabilityError } from "./rpc/failures.ts";
export { Refused } from "./rpc/refused.ts";
export type { Feature, ReportedRequest } from "./rpc/exchange.ts";

export { memorySessions } from "./sessions/memory.ts";
export type { MemorySessionsOptions } from "./sessions/memory.ts";
export type { NewSession, SessionStore } from "./sessions/store.ts";

export { serveCompletion } from "./methods/completion.ts";
export { memoryCompletion } from "./completion/memory.ts";
export type { Completer, Completers, MemoryCompletionOptions } from "./completion/memory.ts";
export type {
  CompletionOutcome,
  CompletionRequest,
  CompletionSource,
} from "./completion/source.ts";

export { servePrompts } from "./methods/prompts.ts";
export type { GetPromptRequest, PromptCatalog, PromptOutcome } from "./prompts/catalog.ts";
export { memoryPrompts } from "./prompts/memory.ts";
export type { InProcessPrompt, MemoryPromptsOptions } from "./prompts/memory.ts";

export { serveResources } from "./methods/resources.ts";
export type { ReadOutcome, ReadRequest, ResourceCatalog } from "./resources/catalog.ts";
export { memoryResources } from "./resources/memory.ts";
export type {
  InProcessResource,
  InProcessTemplate,
  MemoryResourcesOptions,
  Reading,
} from "./resources/memory.ts";
export { parseTemplate } from "./resources/template.ts";
export type { TemplateMatcher, TemplateVariables } from "./resources/template.ts";

export { askByMail } from "./channel/mail.ts";
export type { AskByMailOptions } from "./channel/mail.ts";
export { memoryMailbox } from "./channel/mailbox.ts";
export type { Mailbox, MailboxAnswer } from "./channel/mailbox.ts";
export { askInRounds } from "./channel/rounds.ts";
export type { AskInRoundsOptions } from "./channel/rounds.ts";
export { memoryContinuations } from "./channel/continuations.ts";
export type { ContinuationStore, MemoryContinuationsOptions } from "./channel/continuations.ts";
export { canBeAsked, readClientAnswer, toClientRequest } from "./channel/clientRequest.ts";
export type { ClientRequest, NeedyRequest } from "./channel/clientRequest.ts";
export { ClientFailure } from "./channel/asker.ts";
export type { Asker } from "./channel/asker.ts";
export { memoryCancellations } from "./channel/cancellations.ts";
export type { CancellationStore } from "./channel/cancellations.ts";
export { resumption } from "./channel/events.ts";
export { memoryEvents } from "./channel/memoryEvents.ts";
export type { MemoryEventsOptions } from "./channel/memoryEvents.ts";
export type { EventStore, Resumption, ResumptionOptions, StoredEvent } from "./channel/events.ts";
export { memoryLogLevels } from "./channel/logs.ts";
export type { LogLevelStore, MemoryLogLevelsOptions } from "./channel/logs.ts";
export { streaming } from "./channel/streaming.ts";
export type { StreamingOptions } from "./channel/streaming.ts";
export { memoryChanges } from "./changes/feed.ts";
export type { Change, ChangeFeed, ChangeFilter, MemoryChanges } from "./changes/feed.ts";
export type { WatchTarget } from "./changes/listen.ts";
export { memoryListeners } from "./changes/listeners.ts";
export type { Listener, ListenerStore, MemoryListenersOptions } from "./changes/listeners.ts";
export { serveChanges } from "./changes/serve.ts";
export type { ServeChangesOptions } from "./changes/serve.ts";
export { memorySubscriptions } from "./changes/subscriptions.ts";
export type { MemorySubscriptionsOptions, SubscriptionStore } from "./changes/subscriptions.ts";

export { serveTasks } from "./methods/tasks.ts";
export { memoryTasks } from "./tasks/memory.ts";
export type { MemoryTasksOptions } from "./tasks/memory.ts";
export type { TaskStore } from "./tasks/store.ts";
export type { Deferred, TaskRunner, TaskWork } from "./tools/deferred.ts";
export { declaresTasks, tasksCapability } from "./wire/task.ts";
export type { DetailedTask, Task, TaskStatus } from "./wire/task.ts";

export { isLogLevel, logLevels } from "./wire/questions.ts";
export type {
  ClientCapabilities,
  ElicitResult,
  FormQuestion,
  LogLevel,
  Root,
  SamplingMessage,
  SamplingRequest,
  SamplingResult,
  UrlQuestion,
} from "./wire/questions.ts";

export type { Authorize, Decision } from "./memory/guard.ts";
export type { ToolCallRequest, ToolCatalog, ToolOutcome } from "./tools/catalog.ts";
export { ToolError } from "./tools/failure.ts";
export { refuseHeaders } from "./tools/headers.ts";
export { memoryTools } from "./tools/memory.ts";
export type {
  InProcessTool,
  MemoryToolsOptions,
  ToolDecision,
  ToolInvocation,
} from "./tools/memory.ts";

export { errorCodes } from "./wire/errors.ts";
export type { Refusal, RpcError } from "./wire/errors.ts";
export { fixedList } from "./wire/listing.ts";
export type { FixedList, Listing } from "./wire/listing.ts";
export { rawJson } from "./wire/raw.ts";
export type { RawJson } from "./wire/raw.ts";
export { modernVersions, supportedVersions } from "./wire/versions.ts";
export type {
  ModernProtocolVersion,
  ProtocolVersion,
  SessionProtocolVersion,
} from "./wire/versions.ts";
export type {
  Annotations,
  AudioContent,
  BlobResourceContents,
  CacheHint,
  CallToolResult,
  Completion,
  CompletionReference,
  ContentBlock,
  EmbeddedResource,
  GetPromptResult,
  Icon,
  ImageContent,
  Implementation,
  Meta,
  ObjectSchema,
  Prompt,
  PromptArgument,
  PromptMessage,
  ReadResourceResult,
  RequestId,
  Resource,
  ResourceLink,
  ResourceTemplate,
  TextContent,
  TextResourceContents,
  Tool,
  ToolAnnotations,
  ToolExecution,
} from "./wire/types.ts";
