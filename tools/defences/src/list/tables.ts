import type { Defence } from "../defence.ts";

const sessions = "packages/convex-adapter/test/sessions.test.ts";
const conversation = "packages/convex-adapter/test/conversation.test.ts";
const watched = "packages/convex-adapter/test/changes.test.ts";
const gateway = "packages/convex-mcp-gateway/test";

/** Whatever names state is of no use to anybody but its owner: in the component's tables. */
export const tableDefences: readonly Defence[] = [
  {
    threat: "A stolen session id opens the session.",
    source: "session.user-bound",
    file: "packages/convex-adapter/src/component/sessions.ts",
    remove: "found.owner === key.owner && ",
    with: "",
    tests: [
      `${sessions} > does not exist for anybody else`,
      `${sessions} > is not kept alive by somebody else`,
      `${gateway}/gateway.test.ts > belong to their user, and look like none to everybody else`,
    ],
  },
  {
    threat: "A session id works for ever.",
    source:
      "https://modelcontextprotocol.io/docs/2025-11-25/tutorials/security/security_best_practices",
    file: "packages/convex-adapter/src/component/sessions.ts",
    remove: " && found.expiresAt > Date.now() ? found : null",
    with: " ? found : null",
    tests: [`${sessions} > is gone at the end of its idle time`],
  },
  {
    threat: "One user opens sessions without end.",
    source: "https://cwe.mitre.org/data/definitions/770.html",
    file: "packages/convex-adapter/src/component/sessions.ts",
    remove: 'for (const idle of theirs.slice(kept)) await deleteSession(ctx, idle, "Replaced");',
    with: "",
    tests: [`${sessions} > replaces the session that was idle longest`],
  },
  {
    threat: "An event id of one session replays the stream of another.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/component/streams.ts",
    remove: "latest?.sessionId === session.sessionId && latest.owner === session.owner",
    with: "latest !== null",
    tests: [
      `${conversation} > is replayed in its order, from an event on, to its end`,
      `${gateway}/streaming.test.ts > is fetched by its own client alone`,
    ],
  },
  {
    threat: "Somebody else answers a question that is kept in the database.",
    source: "elicitation.session-bound",
    file: "packages/convex-adapter/src/component/mailbox.ts",
    remove: "found?.sessionId === sessionId && found.owner === owner",
    with: "found !== null",
    tests: [
      `${conversation} > a letter does not exist for`,
      `${gateway}/streaming.test.ts > takes an answer from nobody else`,
    ],
  },
  {
    threat: "Somebody else stops a request, by the number that it has in its session.",
    source: "cancel.session",
    file: "packages/convex-adapter/src/component/cancellations.ts",
    remove: "newest.owner === owner && ",
    with: "",
    tests: [`${conversation} > is of one request of one session, and does not last`],
  },
  {
    threat: "A task id shows somebody else's task.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/component/tasks.ts",
    remove: "return task?.owner === owner ? task : null;",
    with: "return task;",
    tests: [
      "packages/convex-adapter/test/tasks.test.ts > is nothing to",
      `${gateway}/tasks.test.ts > unknown, foreign, malformed and a stranger's are alike`,
    ],
  },
  {
    threat: "A task is kept, and answered, for ever.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/component/tasks.ts",
    remove: "task !== null && task.expiresAt > Date.now() ? task : null",
    with: "task",
    tests: [`${gateway}/tasks.test.ts > is unknown once its time is over`],
  },
  {
    threat: "Who knows a task's id speaks for its run.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/component/taskCalls.ts",
    remove: "task.run.token === handle.token && ",
    with: "",
    tests: [`${gateway}/tasks.test.ts > and a handle is of no use to another user`],
  },
  {
    threat: "A task's handle works for another user who holds it.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/component/taskCalls.ts",
    remove: " && (owner ?? task.owner) === task.owner",
    with: "",
    tests: [`${gateway}/tasks.test.ts > and a handle is of no use to another user`],
  },
  {
    threat: "A handle of a call works with another token, or for another user.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/component/handles.ts",
    remove: "found?.token === token && found.owner === owner",
    with: "found !== null",
    tests: [`${conversation} > is nothing to whoever uses it as`],
  },
  {
    threat: "A handle works after its call.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/component/handles.ts",
    remove: "return theirs && found.expiresAt > Date.now() ? found : null;",
    with: "return theirs ? found : null;",
    tests: [`${conversation} > is nothing after its time`],
  },
  {
    threat: "A user listens to changes on another's stream.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/component/changes.ts",
    remove: "listener === null || listener.owner !== owner",
    with: "listener === null",
    tests: [`${watched} > is over for nobody's, another's, and a replaced stream`],
  },
  {
    threat: "A user hears how somebody else's task goes.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/component/changes.ts",
    remove: "task?.owner === owner ? standing(task).updatedAt : 0",
    with: "task ? standing(task).updatedAt : 0",
    tests: [`${watched} > of a task finds nothing for another user`],
  },
  {
    threat: "Who stole a session id subscribes in it.",
    source: "session.user-bound",
    file: "packages/convex-adapter/src/component/subscriptions.ts",
    remove: "if (found === null) return null;",
    with: 'if (found === null) { await ctx.db.insert("subscriptions", { ...session, uri, expiresAt: Infinity }); return null; }',
    tests: [`${watched} > are neither made nor taken back by`],
  },
  {
    threat: "Who stole a session id ends its subscriptions.",
    source: "session.user-bound",
    file: "packages/convex-adapter/src/component/subscriptions.ts",
    remove: "if (found?.owner === session.owner) await",
    with: "if (found) await",
    tests: [`${watched} > are neither made nor taken back by`],
  },
  {
    threat: "An idempotency key of one user gives another the answer.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/component/answers.ts",
    remove: 'withIndex("by_key", (q) => q.eq("owner", owner).eq("tool", tool).eq("key", key))',
    with: 'filter((q) => q.eq(q.field("key"), key))',
    tests: ["packages/convex-adapter/test/answers.test.ts > are found by owner, tool and key"],
  },
];
