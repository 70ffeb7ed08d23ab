import { type Infer, v } from "convex/values";

export const vOutcome = v.union(
  v.literal("ok"),
  v.literal("failed"),
  v.literal("denied"),
  v.literal("invalid"),
  v.literal("running"),
  v.literal("lost"),
  v.literal("interrupted"),
  v.literal("replayed"),
  v.literal("cancelled"),
  v.literal("aborted"),
  v.literal("unknown"),
);
export type Outcome = Infer<typeof vOutcome>;

/** What an entry is about. */
export const vKind = v.union(
  v.literal("tool"),
  v.literal("list"),
  v.literal("resource"),
  v.literal("prompt"),
  v.literal("completion"),
  v.literal("task"),
  v.literal("session"),
  v.literal("auth"),
  v.literal("registration"),
  v.literal("consent"),
);

/** What an entry says of how a call ended: everything that is not known when it starts. */
export const endFields = {
  outcome: vOutcome,
  result: v.optional(v.string()),
  resultBytes: v.optional(v.number()),
  cut: v.optional(v.boolean()),
  durationMs: v.optional(v.number()),
  errorCode: v.optional(v.string()),
  error: v.optional(v.string()),
};

/** An audit entry as it is stored. Payloads are JSON strings: Convex sorts keys, and refuses some that JSON has. */
export const entryFields = {
  kind: vKind,
  tool: v.optional(v.string()),
  name: v.optional(v.string()),
  subject: v.optional(v.string()),
  issuer: v.optional(v.string()),
  clientName: v.optional(v.string()),
  clientVersion: v.optional(v.string()),
  sessionId: v.optional(v.string()),
  requestId: v.optional(v.string()),
  platformRequestId: v.optional(v.string()),
  ip: v.optional(v.string()),
  userAgent: v.optional(v.string()),
  args: v.optional(v.string()),
  argsBytes: v.optional(v.number()),
  decision: v.optional(v.string()),
  traceparent: v.optional(v.string()),
  count: v.optional(v.number()),
  ...endFields,
};

export const vEntry = v.object(entryFields);
export type Entry = Infer<typeof vEntry>;
export const vEnd = v.object(endFields);

/** How an entry is kept: how long, whether its content is sealed, and among how many. */
export const keepingFields = {
  retentionMs: v.number(),
  chain: v.optional(v.boolean()),
  keep: v.optional(v.number()),
};
/** An entry that another function writes beside what it does. */
export const vRecording = v.object({ entry: vEntry, ...keepingFields });
export type Recording = Infer<typeof vRecording>;
export type Keeping = Omit<Infer<typeof vRecording>, "entry">;
export type End = Infer<typeof vEnd>;

/** A session as a request names it, and who asks. */
export const sessionKeyFields = { sessionId: v.string(), owner: v.string() };
export const vSessionKey = v.object(sessionKeyFields);
export type SessionKey = Infer<typeof vSessionKey>;

/** The key of a call that shall not happen twice: its owner's, and the tool's. */
export const answerKeyFields = { owner: v.string(), tool: v.string(), key: v.string() };

/** A handle, and for whom the code that uses it runs. */
export const handleFields = {
  handle: v.object({ id: v.string(), token: v.string() }),
  owner: v.string(),
};

/** What an action has to say: how far it is, a line of log, or a question. */
export const vReportKind = v.union(v.literal("progress"), v.literal("log"), v.literal("question"));

export const vReport = v.object({ sequence: v.number(), kind: vReportKind, json: v.string() });
export type Report = Infer<typeof vReport>;

/**
 * What changed: a list, or something that has a name.
 */
export const subjectFields = {
  kind: v.union(
    v.literal("tools"),
    v.literal("prompts"),
    v.literal("resources"),
    v.literal("resource"),
    v.literal("task"),
  ),
  /** The URI of a resource, the id of a task; of a list nothing. */
  name: v.string(),
};
export const vSubject = v.object(subjectFields);
export type Subject = Infer<typeof vSubject>;

/** Where a task stands; whether it waits for an answer, its questions tell. By its deadline its run did not end: `lost`, or did not begin, and never will: `missed`. */
export const vTaskStatus = v.union(
  v.literal("working"),
  v.literal("completed"),
  v.literal("failed"),
  v.literal("cancelled"),
  v.literal("lost"),
  v.literal("missed"),
);

/** A question of a task to its owner; `params` is JSON. */
export const vTaskQuestion = v.object({ key: v.string(), method: v.string(), params: v.string() });

/** Documents deleted in one transaction; each is small, and a drain goes on in a transaction of its own. */
export const DRAIN_BATCH = 200;

/**
 * The letters of payloads that a transaction looks at before it stops. It may read 16 MiB; a letter has up to 3 bytes,
 * a row that is deleted is read twice, and one more row has up to half a MiB.
 */
export const MAX_CHARS = 2 * 1024 * 1024;

/** How much of `MAX_CHARS` a row takes. */
export function sizeOf({ args = "", result = "" }: Entry): number {
  return args.length + result.length;
}

/** What a drain did: `done` is false while it goes on in the background. */
export const vDrained = v.object({ deleted: v.number(), done: v.boolean() });
