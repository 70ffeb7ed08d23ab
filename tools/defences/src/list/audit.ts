import type { Defence } from "../defence.ts";

const INTEGRITY =
  "https://owasp.org/Top10/A09_2021-Security_Logging_and_Monitoring_Failures/" as const;
const chain = "packages/convex-adapter/test/auditChain.test.ts";
const gateway = "packages/convex-mcp-gateway/test";

/** The log: nobody edits it unseen, nobody fills it, nobody stays in it, nobody hides from it. */
export const auditDefences: readonly Defence[] = [
  {
    threat: "An entry is edited.",
    source: INTEGRITY,
    file: "packages/convex-adapter/src/component/verifying.ts",
    remove: "else if ((await leafHash(row)) !== leaf.hash)",
    with: "else if (false)",
    tests: [`${chain} > verification finds an edit of`],
  },
  {
    threat: "An entry is deleted.",
    source: INTEGRITY,
    file: "packages/convex-adapter/src/component/verifying.ts",
    remove: 'if (!isGone(leaf, prunedTo)) report("deleted"',
    with: 'if (false) report("deleted"',
    tests: [`${chain} > verification finds an entry that was deleted`],
  },
  {
    threat: "An entry is added that nobody made.",
    source: INTEGRITY,
    file: "packages/convex-adapter/src/component/verifying.ts",
    remove: "return others.filter((id) => !sealed.has(id));",
    with: "return [];",
    tests: [`${chain} > verification finds an entry that no link has`],
  },
  {
    threat: "A link is edited.",
    source: INTEGRITY,
    file: "packages/convex-adapter/src/component/verifying.ts",
    remove: "if ((await linkHash(link)) !== link.hash) {",
    with: "if (false) {",
    tests: [`${chain} > verification finds a link that was edited`],
  },
  {
    threat: "The whole chain is made anew.",
    source: INTEGRITY,
    file: "packages/convex-adapter/src/component/verifying.ts",
    remove: "if (anchor?.sequence === sequence && anchor.hash !== link.hash) {",
    with: "if (false) {",
    tests: [`${chain} > a chain that was made anew, by a link that was noted elsewhere`],
  },
  {
    threat: "Pruning up to a time to come hides what is deleted by hand until then.",
    source: INTEGRITY,
    file: "packages/convex-adapter/src/component/retention.ts",
    remove: "Math.min(before, Date.now())",
    with: "before",
    tests: [`${chain} > pruning says nothing of what is still to come`],
  },
  {
    threat: "The oldest links are deleted, and a forged one says that they were dropped.",
    source: INTEGRITY,
    file: "packages/convex-adapter/src/component/verifying.ts",
    remove: 'before === undefined ? q : q.gte("sequence", expected)',
    with: 'q.gte("sequence", before === undefined ? 0 : expected)',
    tests: [
      `${chain} > that the oldest were deleted, where a forged link says that they were dropped`,
    ],
  },
  {
    threat: "A link is added where a page of verification ends.",
    source: INTEGRITY,
    file: "packages/convex-adapter/src/component/verifying.ts",
    remove: "return links.length < 2 ? [] :",
    with: "return true ? [] :",
    tests: [`${chain} > a link too many, where a page ends`],
  },
  {
    threat: "A person is taken out by hand, in the name of a link that there never was.",
    source: INTEGRITY,
    file: "packages/convex-adapter/src/component/verifying.ts",
    remove: "(leaf.erased && row.erased.link < floor)",
    with: "row.erased.link < floor",
    tests: [`${chain} > a person that was taken out by hand, in the name of link -1`],
  },
  {
    threat: "A flood of calls makes so many links that nothing is ever sealed again.",
    source: "https://cwe.mitre.org/data/definitions/770.html",
    file: "packages/convex-adapter/src/component/sealing.ts",
    remove: "if (beyond > 2 * DRAIN_BATCH) break;",
    with: "",
    tests: [`${chain} > looks at few of the links that are made in minutes`],
  },
  {
    threat: "Who was erased comes back with the end of a session or a task.",
    source: "https://eur-lex.europa.eu/eli/reg/2016/679/oj",
    file: "packages/convex-adapter/src/component/erasure.ts",
    remove: "await eraseFromOwn(ctx, person);",
    with: "",
    tests: [
      "packages/convex-adapter/test/sessions.test.ts > is not whose it was, once they are erased",
      "packages/convex-adapter/test/tasks.test.ts > forget a person who is erased",
      `${gateway}/taskSteps.test.ts > that are still to come say nothing of who was erased`,
    ],
  },
  {
    threat: "A call in somebody else's session leaves no trace.",
    source: "audit.denied",
    file: "packages/convex-adapter/src/dispatch.ts",
    remove: "await writeEntry(config, ctx, call.entry, call.session);",
    with: "",
    tests: [`${gateway}/recording.test.ts > is what was refused in a session that is not theirs`],
  },
  {
    threat: "A call with `before` in somebody else's session leaves no trace.",
    source: "audit.denied",
    file: "packages/convex-adapter/src/calls/before.ts",
    remove: "await writeEntry(config, caller.context.ctx, entry, session);\n    return",
    with: "return",
    tests: [`${gateway}/before.test.ts > does not run for a session that is none`],
  },
  {
    threat: "A stranger fills the log with sessions that there are not.",
    source: "https://cwe.mitre.org/data/definitions/770.html",
    file: "packages/convex-adapter/src/component/audit.ts",
    remove: "if (holds || isKnown) await",
    with: "await",
    tests: [
      "packages/convex-adapter/test/audit.test.ts > writes that it was refused where the session is another's, and nothing of a stranger",
    ],
  },
  {
    threat: "A stranger fills the log with lists.",
    source: "https://cwe.mitre.org/data/definitions/770.html",
    file: "packages/convex-adapter/src/calls/reading.ts",
    remove: 'config.audit.reads !== true || caller.principal.kind === "anonymous") return list();',
    with: "config.audit.reads !== true) return list();",
    tests: [`${gateway}/recording.test.ts > is every list of a user, and how completions went`],
  },
  {
    threat: "Each name that a client makes up has its own row of statistics.",
    source: "https://cwe.mitre.org/data/definitions/770.html",
    file: "packages/convex-adapter/src/component/statistics.ts",
    remove: 'isUnknown ? "" : (called ?? "")',
    with: 'called ?? ""',
    tests: [
      "packages/convex-adapter/test/auditFolding.test.ts > have one row for all the names that there are not",
    ],
  },
];
