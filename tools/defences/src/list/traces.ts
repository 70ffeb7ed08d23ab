import type { Defence } from "../defence.ts";

const LOGGING = "https://cwe.mitre.org/data/definitions/778.html" as const;
const component = "packages/convex-adapter/src/component";
const foreign = "packages/convex-mcp-gateway/test/foreign.test.ts";
const bridge = "packages/convex-mcp-gateway/test/bridgeAudit.test.ts";

/** What leaves a trace in the log: who asks for what is another's, and what ended. */
export const traceDefences: readonly Defence[] = [
  {
    threat: "Who ends somebody else's session leaves no trace.",
    source: LOGGING,
    file: `${component}/sessions.ts`,
    remove:
      'await countMisuse(ctx, "Session", await isForeign(ctx, session), misuse);\n      return false;',
    with: "return false;",
    tests: [`${foreign} > that is ended is counted`],
  },
  {
    threat: "A request in somebody else's session leaves no trace.",
    source: LOGGING,
    file: `${component}/sessions.ts`,
    remove:
      'await countMisuse(ctx, "Session", await isForeign(ctx, session), misuse);\n    return null;',
    with: "return null;",
    tests: [
      `${foreign} > is counted by ping`,
      `${foreign} > is counted once for a stream, a response and a batch`,
    ],
  },
  {
    threat: "A stranger tries stolen sessions, and leaves no trace.",
    source: LOGGING,
    file: "packages/convex-adapter/src/calls/session.ts",
    remove: "if (isStrangers && config.audit.refusals !== true) return false;",
    with: "if (isStrangers) return false;",
    tests: [`${foreign} > is counted where a stranger calls in it`],
  },
  {
    threat: "A stolen session looks like one that ran out.",
    source: LOGGING,
    file: `${component}/misuse.ts`,
    remove: '${isForeign ? "foreign" : "unknown"}${what}',
    with: "unknown${what}",
    tests: [`${foreign} > that is ended is counted`],
  },
  {
    threat: "The entry of a call does not say that its session was stolen.",
    source: LOGGING,
    file: `${component}/audit.ts`,
    remove: "stolen ? { error: FOREIGN } : {}",
    with: "{}",
    tests: [`${foreign} > has an entry for each call of a user, which says whose it is not`],
  },
  {
    threat: "A stolen task or stream looks like one that ran out.",
    source: LOGGING,
    file: `${component}/refusals.ts`,
    remove: 'isForeign ? reason.replace("unknown", "foreign") : reason',
    with: "reason",
    tests: [`${foreign} > is counted: a task`, `${foreign} > is counted: a stream`],
  },
  {
    threat: "A look at somebody else's task leaves no trace.",
    source: LOGGING,
    file: "packages/convex-adapter/src/tasks/store.ts",
    remove: "await unknown(caller, taskId);",
    with: "",
    tests: [`${foreign} > is counted: a task`],
  },
  {
    threat: "Who asks for the rest of somebody else's stream leaves no trace.",
    source: LOGGING,
    file: "packages/convex-adapter/src/streaming/events.ts",
    remove: 'await countRefusal(config, caller.context.ctx, "unknownStream", { named });',
    with: "",
    tests: [`${foreign} > is counted: a stream`],
  },
  {
    threat: "An answer to somebody else's question leaves no trace.",
    source: LOGGING,
    file: `${component}/mailbox.ts`,
    remove: 'if (owner !== session.owner) await countMisuse(ctx, "Answer", true, misuse);',
    with: "",
    tests: [`${foreign} > is counted: a stream`],
  },
  {
    threat: "A stolen `requestState` leaves no trace.",
    source: LOGGING,
    file: "packages/protocol/src/channel/rounds.ts",
    remove: "await continuations?.refused?.(caller);",
    with: "",
    tests: [`${foreign} > is counted: the state of a round`],
  },
  {
    threat: "Who probes for resources by subscribing leaves no trace.",
    source: LOGGING,
    file: "packages/convex-adapter/src/changes/serve.ts",
    remove: 'if (!may && target.kind === "resource") {',
    with: "if (false) {",
    tests: [`${foreign} > is counted: a subscription`],
  },
  {
    threat: "A list that was refused reads as one that was given.",
    source: LOGGING,
    file: "packages/convex-adapter/src/calls/reading.ts",
    remove: "...(isWrong && INVALID)",
    with: "",
    tests: [
      "packages/convex-mcp-gateway/test/recording.test.ts > is a list that was refused for its cursor",
    ],
  },
  {
    threat: "A prompt that only asked reads as one that was given.",
    source: LOGGING,
    file: "packages/convex-adapter/src/prompts/source.ts",
    remove: "if (asked !== undefined) throw asked;",
    with: "",
    tests: [
      "packages/convex-mcp-gateway/test/askingPrompts.test.ts > is recorded as interrupted while it asks",
    ],
  },
  {
    threat: "A sign-in is pushed out by newer ones, and the log has it as going on.",
    source: LOGGING,
    file: `${component}/bridgeGrants.ts`,
    remove: "await end(ctx, row, row.expiresAt > now ? REPLACED : EXPIRED);",
    with: "await ctx.db.delete(row._id);",
    tests: [`${bridge} > has that a sign-in made way for a newer one`],
  },
  {
    threat: "A sign-in runs out, and the log has it as going on.",
    source: LOGGING,
    file: `${component}/expiry.ts`,
    remove: 'if ("codeKey" in row) await endExpired(ctx, row);\n      else await',
    with: "await",
    tests: [`${bridge} > has that a sign-in ran out`],
  },
  {
    threat: "A flood pushes sign-ins out that are under way, and leaves no trace.",
    source: LOGGING,
    file: `${component}/bridgeSignIns.ts`,
    remove: "if (lost.length > 0) await countDisplaced",
    with: "if (false) await countDisplaced",
    tests: [`${bridge} > is counted: a sign-in under way that made way`],
  },
  {
    threat: "A secret that a client of the bridge says of itself is read in the log.",
    source: "https://cwe.mitre.org/data/definitions/532.html",
    file: "packages/convex-adapter/src/bridge/recorder.ts",
    remove: 'typeof value === "string" ? redactText(value) : value',
    with: "value",
    tests: [`${bridge} > has no secret that a client says of itself`],
  },
  {
    threat: "One filter reads the whole log.",
    source: "https://cwe.mitre.org/data/definitions/770.html",
    file: `${component}/search.ts`,
    remove: "if (filter.issuer !== undefined) throw mistake(ISSUER_ALONE);",
    with: "",
    tests: [
      "packages/convex-adapter/test/reading.test.ts > refuses an issuer that nothing else narrows",
    ],
  },
];
