import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { linkFields } from "./chain.ts";
import {
  answerKeyFields,
  entryFields,
  keepingFields,
  sessionKeyFields,
  subjectFields,
  vKind,
  vRecording,
  vReportKind,
  vTaskStatus,
} from "./shared.ts";
import { statisticFields } from "./tally.ts";

export default defineSchema({
  /** Written when a client initializes, touched when minutes have passed, deleted by DELETE or at `expiresAt`. Read by each request that names it. */
  sessions: defineTable({
    sessionId: v.string(),
    /** `tokenIdentifier` of the user it was made for; nobody else ever finds it. */
    owner: v.string(),
    protocolVersion: v.string(),
    clientName: v.string(),
    clientVersion: v.string(),
    /** The client's capabilities as a JSON string: Convex keys are narrower than JSON's. */
    capabilities: v.string(),
    /** The least level of log lines that its client asked for. */
    logLevel: v.optional(v.string()),
    lastSeenAt: v.number(),
    expiresAt: v.number(),
    /** What its end says that comes without a request of its owner. Absent where none is recorded. */
    recording: v.optional(vRecording),
  })
    .index("by_sessionId", ["sessionId"])
    .index("by_owner", ["owner", "lastSeenAt"])
    .index("by_person", ["recording.entry.subject", "recording.entry.issuer"])
    .index("by_expiresAt", ["expiresAt"]),

  /**
   * Append-only, but for `running` entries of actions, which are closed once, and for the erasure of a person. Drained
   * at `expiresAt`. Its indexes: docs/decisions/0009.
   */
  auditEntries: defineTable({
    ...entryFields,
    /** When a `running` entry counts as lost. Absent on closed entries. */
    deadline: v.optional(v.number()),
    expiresAt: v.number(),
    /** From when on the entry says its last word. Absent while it runs; of a lost one later than its deadline. */
    settledAt: v.optional(v.number()),
    /** Hides what is personal in its hash. Present where the content is to be sealed, gone with the person. */
    salt: v.optional(v.string()),
    /** How many entries the gateway that wrote it wants kept. */
    keep: v.optional(v.number()),
    /** That its person is gone: when, by which link, and the hash of what was theirs. */
    erased: v.optional(
      v.object({ at: v.number(), link: v.number(), person: v.optional(v.string()) }),
    ),
  })
    .index("by_subject_outcome", ["subject", "outcome"])
    .index("by_tool_outcome", ["tool", "outcome"])
    .index("by_client_outcome", ["clientName", "outcome"])
    .index("by_session_outcome", ["sessionId", "outcome"])
    .index("by_kind_outcome", ["kind", "outcome"])
    .index("by_subject_tool", ["subject", "tool"])
    .index("by_subject_client", ["subject", "clientName"])
    .index("by_tool_client", ["tool", "clientName"])
    .index("by_session_tool", ["sessionId", "tool"])
    .index("by_subject_kind", ["subject", "kind"])
    .index("by_tool_kind", ["tool", "kind"])
    .index("by_client_kind", ["clientName", "kind"])
    .index("by_session_kind", ["sessionId", "kind"])
    .index("by_settledAt", ["settledAt"])
    .index("by_deadline", ["deadline"])
    .index("by_expiresAt", ["expiresAt"]),

  /**
   * The chain over the log: what was sealed, erased, pruned and dropped, each link hashed with the one before. Written by
   * crons and by whoever erases or prunes, never patched. The oldest are dropped with their entries.
   */
  auditLinks: defineTable(linkFields)
    .index("by_sequence", ["sequence"])
    .index("by_kind", ["kind", "to"]),

  /** How far sealing is. One row, read and written by what writes links. */
  auditState: defineTable({
    /** Up to which `settledAt` entries are sealed. */
    sealedTo: v.number(),
    /** The next link's sequence. */
    links: v.number(),
    /** As the newest sealed entry says. */
    keep: v.optional(v.number()),
  }),

  /** What was called on one day (UTC), folded from the entries by the sealer alone. */
  auditStatistics: defineTable(statisticFields)
    .index("by_day", ["day", "kind", "name"])
    .index("by_name", ["kind", "name", "day"])
    .index("by_expiresAt", ["expiresAt"]),

  /** How often strangers were refused in one minute, up to a limit. Becomes an entry when the minute is over. */
  auditRefusals: defineTable({
    minute: v.number(),
    reason: v.string(),
    /** Of its entry; absent: `"auth"`. */
    kind: v.optional(vKind),
    count: v.number(),
    ...keepingFields,
  }).index("by_minute", ["minute", "reason"]),

  /** How far an export is: by its name, the next link. */
  auditExports: defineTable({ name: v.string(), next: v.number() }).index("by_name", ["name"]),

  /** What was answered to a call with an idempotency key: written once, in the call's transaction; read when it comes again. */
  answers: defineTable({
    ...answerKeyFields,
    /** A digest of the arguments. */
    call: v.string(),
    /** The serialised result; absent where it was too big. */
    json: v.optional(v.string()),
    expiresAt: v.number(),
  })
    .index("by_key", ["owner", "tool", "key"])
    .index("by_expiresAt", ["expiresAt"]),

  /** A question to the client of a session: written when it is put, patched by the answer, deleted when that is taken. */
  letters: defineTable({
    ...sessionKeyFields,
    letterId: v.string(),
    /** JSON. */
    answer: v.optional(v.string()),
    expiresAt: v.number(),
  })
    .index("by_letterId", ["letterId"])
    .index("by_expiresAt", ["expiresAt"]),

  /** A round of 2026-07-28 that was continued, so that it is not continued again. Written once, read when it comes back. */
  continuations: defineTable({ nonce: v.string(), owner: v.string(), expiresAt: v.number() })
    .index("by_nonce", ["nonce"])
    .index("by_expiresAt", ["expiresAt"]),

  /** The wish of a session's client that a request be stopped. Written by its notification, read while the request runs. */
  cancellations: defineTable({
    ...sessionKeyFields,
    /** As JSON text, which keeps 1 and "1" apart. */
    requestId: v.string(),
    expiresAt: v.number(),
  })
    .index("by_request", ["sessionId", "requestId"])
    .index("by_expiresAt", ["expiresAt"]),

  /** A message of a stream that a client may come back for, in parts where it is long. Append-only. */
  streamEvents: defineTable({
    ...sessionKeyFields,
    streamId: v.string(),
    sequence: v.number(),
    part: v.number(),
    data: v.string(),
    /** The stream ends with this message. */
    last: v.boolean(),
    expiresAt: v.number(),
  })
    .index("by_stream", ["streamId", "sequence", "part"])
    .index("by_expiresAt", ["expiresAt"]),

  /** What an action was given to reach its caller: opened with its audit entry, deleted when it ends. */
  handles: defineTable({
    handleId: v.string(),
    token: v.string(),
    owner: v.string(),
    /** The caller no longer wants the result. */
    cancelled: v.boolean(),
    expiresAt: v.number(),
  })
    .index("by_handleId", ["handleId"])
    .index("by_expiresAt", ["expiresAt"]),

  /** What an action told or asked its caller, and the reply. Deleted with its handle. */
  reports: defineTable({
    handleId: v.string(),
    /** `tokenIdentifier` of the user for whom the action runs. */
    owner: v.string(),
    sequence: v.number(),
    kind: vReportKind,
    json: v.string(),
    reply: v.optional(v.string()),
    expiresAt: v.number(),
  })
    .index("by_handle", ["handleId", "sequence"])
    .index("by_expiresAt", ["expiresAt"]),

  /** That something changed. Written with the change itself, looked for by the streams that tell of it. Append-only. */
  changes: defineTable({
    ...subjectFields,
    /** `tokenIdentifier` of the only user who is told. Absent: everybody who may know of it. */
    owner: v.optional(v.string()),
    expiresAt: v.number(),
  })
    .index("by_subject", ["kind", "name", "owner"])
    .index("by_expiresAt", ["expiresAt"]),

  /** A stream that tells of changes. Written when it opens, looked at by each of its looks, never patched. */
  listeners: defineTable({
    owner: v.string(),
    /** Whose subscriptions it tells of. */
    sessionId: v.optional(v.string()),
    expiresAt: v.number(),
  })
    .index("by_owner", ["owner"])
    .index("by_expiresAt", ["expiresAt"]),

  /** A resource that the client of a session wants to be told of. Worth nothing without its session. */
  subscriptions: defineTable({
    ...sessionKeyFields,
    uri: v.string(),
    /** When the drain looks whether the session still lives. */
    expiresAt: v.number(),
  })
    .index("by_session", ["sessionId", "uri"])
    .index("by_owner", ["owner"])
    .index("by_expiresAt", ["expiresAt"]),

  /** A call that goes on after its request was answered. Inserted with its audit entry, patched by its run, its owner's wishes and the cron. */
  tasks: defineTable({
    taskId: v.string(),
    /** `tokenIdentifier` of the user who started it; nobody else ever finds it. */
    owner: v.string(),
    tool: v.string(),
    status: vTaskStatus,
    statusMessage: v.optional(v.string()),
    /** JSON-RPC error as JSON, of a task that failed. */
    error: v.optional(v.string()),
    entryId: v.optional(v.string()),
    /** What its steps say that come without a request of its owner. Absent where none are recorded. */
    recording: v.optional(vRecording),
    /** What its run needs, from the start on until it has ended. */
    run: v.optional(
      v.object({
        token: v.string(),
        /** `UserIdentity` as JSON. Never the token that it came from. */
        identity: v.string(),
        /** What its client can be asked, as JSON. */
        capabilities: v.string(),
        deadlineMs: v.number(),
        /** The app's scheduled function, until it begins. */
        scheduledId: v.optional(v.string()),
      }),
    ),
    /** When the run that is to come, or goes on, counts as lost. Absent once there is none. */
    deadline: v.optional(v.number()),
    createdAt: v.number(),
    updatedAt: v.number(),
    expiresAt: v.number(),
  })
    .index("by_taskId", ["taskId"])
    .index("by_owner", ["owner"])
    .index("by_deadline", ["deadline"])
    .index("by_person", ["recording.entry.subject", "recording.entry.issuer"])
    .index("by_expiresAt", ["expiresAt"]),

  /** A task's arguments, until it begins, and its result: JSON, in parts that fit into documents. */
  taskTexts: defineTable({
    taskId: v.string(),
    kind: v.union(v.literal("args"), v.literal("result")),
    part: v.number(),
    text: v.string(),
    expiresAt: v.number(),
  })
    .index("by_task", ["taskId", "kind", "part"])
    .index("by_expiresAt", ["expiresAt"]),

  /** What a task asked its owner, and the reply. Kept after it, as no second question may have its key. */
  taskQuestions: defineTable({
    taskId: v.string(),
    key: v.string(),
    method: v.string(),
    /** JSON. */
    params: v.string(),
    /** JSON. */
    reply: v.optional(v.string()),
    waiting: v.boolean(),
    expiresAt: v.number(),
  })
    .index("by_key", ["taskId", "key"])
    .index("by_waiting", ["taskId", "waiting"])
    .index("by_expiresAt", ["expiresAt"]),

  /** A key that a user made, by its hash: read by each request that brings it, patched once an hour, deleted when it is revoked. */
  apiKeys: defineTable({
    hash: v.string(),
    /** Its first letters, for its owner. */
    start: v.string(),
    /** What the app calls the user. */
    owner: v.string(),
    name: v.string(),
    scopes: v.array(v.string()),
    expiresAt: v.number(),
    lastUsedAt: v.optional(v.number()),
  })
    .index("by_hash", ["hash"])
    .index("by_owner", ["owner", "expiresAt"])
    .index("by_expiresAt", ["expiresAt"]),

  /** A client that registered with the bridge, or a client ID metadata document that it read. Patched by sign-ins, once an hour at most. */
  bridgeClients: defineTable({
    clientId: v.string(),
    /** A hash: of whoever registered it, then of the user who signs in with it; empty once there are several. */
    owner: v.string(),
    used: v.boolean(),
    /** JSON. */
    data: v.string(),
    /** One of the rows by which the unused ones are counted. */
    sample: v.boolean(),
    /** When it was saved, or signed in with. */
    at: v.number(),
    expiresAt: v.number(),
  })
    .index("by_clientId", ["clientId"])
    .index("by_owner", ["owner", "used", "at"])
    .index("by_age", ["used", "at"])
    .index("by_sample", ["used", "sample", "at"])
    .index("by_expiresAt", ["expiresAt"]),

  /** A sign-in through the bridge that is in progress: inserted when a person agrees, patched once when they come back. */
  bridgeSignIns: defineTable({
    signInId: v.string(),
    /** A hash of the caller's address. */
    owner: v.string(),
    taken: v.boolean(),
    /** Sealed; emptied when it is taken. */
    data: v.string(),
    /** One of the rows by which all are counted. */
    sample: v.boolean(),
    expiresAt: v.number(),
  })
    .index("by_signInId", ["signInId"])
    .index("by_owner", ["owner"])
    .index("by_sample", ["sample"])
    .index("by_expiresAt", ["expiresAt"]),

  /** What a sign-in through the bridge gave to a client: found by its code, then by its refresh tokens, which each patch it. */
  bridgeGrants: defineTable({
    grantId: v.string(),
    /** A hash of the user. */
    owner: v.string(),
    clientId: v.string(),
    /** A hash of the code and all that it is bound to. */
    codeKey: v.string(),
    liveUntil: v.number(),
    /** A hash of the refresh token that is good, once the code is redeemed. */
    current: v.optional(v.string()),
    /** A hash of the one before it, and until when that is answered too. */
    previous: v.optional(v.object({ current: v.string(), until: v.number() })),
    /** Who asks the provider for new tokens, and until when nobody else may. */
    lease: v.optional(v.object({ id: v.string(), until: v.number() })),
    /** Sealed: the provider's tokens among it. */
    data: v.string(),
    /** The entry of the sign-in, for those of what becomes of it. */
    recording: v.optional(vRecording),
    expiresAt: v.number(),
  })
    .index("by_grantId", ["grantId"])
    .index("by_owner", ["owner"])
    .index("by_person", ["recording.entry.subject", "recording.entry.issuer"])
    .index("by_expiresAt", ["expiresAt"]),

  /** What seals the rounds of 2026-07-28, where the app has no secret of its own: one row, made once, never changed. */
  secrets: defineTable({ secret: v.string() }),
});
