import type { Defence } from "../defence.ts";

const lifecycle = "packages/protocol/test/lifecycle.test.ts";
const asking = "packages/protocol/test/asking.test.ts";
const changes = "packages/protocol/test/changes.test.ts";
const gateway = "packages/convex-mcp-gateway/test";

/** Whatever names state is of no use to anybody but its owner: in the protocol, and in memory. */
export const memoryDefences: readonly Defence[] = [
  {
    threat: "A stolen session id opens a session in memory.",
    source: "session.user-bound",
    file: "packages/protocol/src/sessions/memory.ts",
    remove: "sessions.renew(owner, id, now() + ttlMs) !== undefined",
    with: "true",
    tests: [`${lifecycle} > is 404 in somebody else's session`],
  },
  {
    threat: "A request of somebody else's session is answered.",
    source: "session.foreign",
    file: "packages/protocol/src/rpc/dispatch.ts",
    remove:
      "if (checksSession(exchange.session, method, params) && !(await sessionHolds(exchange))) {",
    with: "if (false) {",
    tests: [`${lifecycle} > is 404 in somebody else's session`],
  },
  {
    threat: "A message without an answer is injected into somebody else's session.",
    source: "session.foreign",
    file: "packages/protocol/src/rpc/dispatch.ts",
    remove:
      "if (!(await sessionHolds(exchange))) return refuse(sessionNotFound, undefined, false);",
    with: "",
    tests: [`${lifecycle} > is 404 in somebody else's session`],
  },
  {
    threat: "A stolen session id and event id drain a stream.",
    source: "session.user-bound",
    file: "packages/protocol/src/http/get.ts",
    remove: "if (!(await sessionHolds(exchange))) return refusalReply(sessionNotFound);",
    with: "",
    tests: ["packages/protocol/test/resume.test.ts > is nobody else's"],
  },
  {
    threat: "A session id that the attacker chose becomes the victim's (fixation).",
    source: "session.minted-anew",
    file: "packages/protocol/src/methods/initialize.ts",
    remove: ", sessionId: undefined };",
    with: " };",
    tests: [`${lifecycle} > tells the store what was agreed, and never an old session id`],
  },
  {
    threat: "Somebody else answers a question of a session.",
    source: "elicitation.session-bound",
    file: "packages/protocol/src/channel/mailbox.ts",
    remove: "letter.sessionId === sessionId",
    with: "true",
    tests: [`${asking} > only the session that was asked can answer`],
  },
  {
    threat: "A round (requestState) of one user is continued by another.",
    source: "handle.user-bound",
    file: "packages/protocol/src/channel/rounds.ts",
    remove: "ownerOf(caller.principal) ?? null, method",
    with: "null, method",
    tests: [
      `${asking} > a seal opens for its own request alone, once, and in time`,
      `${gateway}/streaming.test.ts > go on for nobody else, and for no other arguments`,
    ],
  },
  {
    threat: "What a user agreed to is used for other arguments.",
    source: "handle.user-bound",
    file: "packages/protocol/src/channel/rounds.ts",
    remove: "method, sorted(asked)]",
    with: "method]",
    tests: [
      `${asking} > a seal opens for its own request alone, once, and in time`,
      `${gateway}/streaming.test.ts > go on for nobody else, and for no other arguments`,
    ],
  },
  {
    threat: "A round is continued twice.",
    source: "handle.user-bound",
    file: "packages/protocol/src/channel/rounds.ts",
    remove: "(await continuations?.redeem(caller, round.nonce, round.expiresAt)) !== false",
    with: "true",
    tests: [
      `${asking} > a seal opens for its own request alone, once, and in time`,
      `${gateway}/streaming.test.ts > ask, and go on once with the answer`,
    ],
  },
  {
    threat: "A round is continued long after.",
    source: "handle.user-bound",
    file: "packages/protocol/src/channel/rounds.ts",
    remove: "round.expiresAt > now() &&",
    with: "",
    tests: [`${asking} > a seal opens for its own request alone, once, and in time`],
  },
  {
    threat: "A client writes its own round.",
    source: "handle.user-bound",
    file: "packages/protocol/src/channel/seal.ts",
    remove:
      "if (await crypto.subtle.verify(algorithm, key, signature, toMessage(payload, context))) {",
    with: "if (true) {",
    tests: [
      "packages/protocol/src/channel/seal.test.ts > does not open when one character of it is another",
    ],
  },
  {
    threat: "A task id shows somebody else's task, in memory.",
    source: "handle.user-bound",
    file: "packages/protocol/src/tasks/memory.ts",
    remove: "const { ownerOf, ttlMs",
    with: 'const ownerOf = () => "all";\n  const { ttlMs',
    tests: ["packages/protocol/test/tasks.test.ts > unknown, foreign and expired are alike"],
  },
  {
    threat: "A client listens to what it may not read.",
    source: "handle.user-bound",
    file: "packages/protocol/src/changes/listen.ts",
    remove: "names.filter((_, at) => allowed[at])",
    with: "names",
    tests: [
      `${changes} > asks whether the caller may know`,
      `${gateway}/changes.test.ts > grants what the caller can read, and of the rest says nothing`,
    ],
  },
  {
    threat: "A session subscribes to what it may not read.",
    source: "handle.user-bound",
    file: "packages/protocol/src/changes/session.ts",
    remove: 'if (!allowed) return invalidParams("There is no such resource to subscribe to.");',
    with: "",
    tests: [
      `${changes} > cannot subscribe to what it may not know`,
      `${gateway}/changes.test.ts > cannot subscribe to what its user cannot read`,
    ],
  },
  {
    threat: "One caller holds all streams.",
    source: "https://cwe.mitre.org/data/definitions/770.html",
    file: "packages/protocol/src/changes/listeners.ts",
    remove: "if (owner !== undefined && own.size >= maxPerOwner) return undefined;",
    with: "",
    tests: [`${changes} > are as many as one caller may have, and a further one is refused`],
  },
  {
    threat: "What one owner keeps pushes out what others do.",
    source: "https://cwe.mitre.org/data/definitions/770.html",
    file: "packages/protocol/src/memory/shares.ts",
    remove: "const payer = kept > maxPerOwner ? owner : greediest(shares, owner, kept);",
    with: "const [payer] = shares.keys();",
    tests: [
      "packages/protocol/src/memory/shares.test.ts > never cost an owner anything who keeps no more than an equal part",
      "packages/protocol/test/tasks.test.ts > and nobody's tasks end those of others",
    ],
  },
  {
    threat: "A cursor shows what its holder may not see.",
    source: "handle.user-bound",
    file: "packages/protocol/src/memory/guard.ts",
    remove: "return items.filter((_, index) => decisions[index] === true);",
    with: "return items;",
    tests: [
      "packages/protocol/test/corners.test.ts > a cursor shows nobody else what they may not see",
    ],
  },
];
