import type { Defence } from "../defence.ts";

const gateway = "packages/convex-mcp-gateway/test";
const attacks = `${gateway}/attacks.test.ts`;
const watched = "packages/convex-adapter/test/changes.test.ts";
const changes = "packages/protocol/test/changes.test.ts";
const loopback = "apps/node-server/src/loopback.test.ts";

/** How long and how much: streams, tasks, caches, and servers on a desk. */
export const limitDefences: readonly Defence[] = [
  {
    threat: "A page rebinds its name to the gateway.",
    source: "origin.checked",
    file: "packages/convex-mcp-gateway/src/gateway.ts",
    remove: "hosts: { canonical: resource.url, allowed: options.allowedHosts },",
    with: "",
    tests: [`${attacks} > is refused before anybody is asked`],
  },
  {
    threat: "A page rebinds its name to a server on its reader's desk.",
    source: "origin.checked",
    file: "apps/node-server/src/endpoint.ts",
    remove: "hosts: { canonical: url, allowed: [`127.0.0.1:${new URL(url).port}`] },",
    with: "",
    tests: [`${loopback} > answers to its own names alone`],
  },
  {
    threat: "Neighbours in the network use a server on somebody's desk.",
    source:
      "https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http",
    file: "apps/node-server/src/server.ts",
    remove: 'options.port, "127.0.0.1", resolve',
    with: 'options.port, "0.0.0.0", resolve',
    tests: [`${loopback} > listens on this machine alone`],
  },
  {
    threat: "A stream goes on after its token's end.",
    source: "listen.token-expiry",
    file: "packages/protocol/src/changes/tell.ts",
    remove: "Math.min(maxMs, expiresMs)",
    with: "maxMs",
    tests: [`${changes} > ends with the caller's token, in the same way`],
  },
  {
    threat: "A stream goes on after its token's end, on Convex.",
    source: "listen.token-expiry",
    file: "packages/convex-adapter/src/changes/serve.ts",
    remove: "expiresAt: ({ principal, context }) => expiryOf(principal, context),",
    with: "",
    tests: [`${gateway}/identity.test.ts > a stream of changes ends with a token with \`exp\``],
  },
  {
    threat: "The end that the platform's token names is passed over.",
    source: "listen.token-expiry",
    file: "packages/convex-adapter/src/identity/expiry.ts",
    remove: 'return typeof exp === "number" ? exp * 1_000 : undefined;',
    with: "return undefined;",
    tests: [
      "packages/convex-adapter/src/identity/expiry.test.ts > where the platform's token says so",
    ],
  },
  {
    threat: "A stream tells of what its listener may not read any more.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/changes/feed.ts",
    remove: "return allowed ? { kind, uri: name } : undefined;",
    with: "return { kind, uri: name };",
    tests: [
      `${gateway}/changes.test.ts > tells no more once the permission is gone, and goes on`,
      `${gateway}/changes.test.ts > tells no more of what cannot be read any more`,
    ],
  },
  {
    threat: "What changed for nobody is told to everybody.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/changes/publish.ts",
    remove: 'if ("owner" in change && typeof owner !== "string") {',
    with: "if (false) {",
    tests: [`${gateway}/changes.test.ts > tells nobody of what is somebody's who is not known`],
  },
  {
    threat: "A stranger's audit log is everybody's.",
    source: "audit.denied",
    file: "packages/convex-mcp-gateway/src/audit.ts",
    remove: 'if (name in filter && typeof filter[name] !== "string") {',
    with: "if (false) {",
    tests: [`${gateway}/gateway.test.ts > a stranger's is not everybody's`],
  },
  {
    threat: "One user has all the streams of an app.",
    source: "https://cwe.mitre.org/data/definitions/770.html",
    file: "packages/convex-adapter/src/component/listeners.ts",
    remove: " || kept >= maxPerOwner",
    with: "",
    tests: [`${watched} > are so many; a further one ends the oldest`],
  },
  {
    threat: "One request names so many resources that each change costs.",
    source: "https://cwe.mitre.org/data/definitions/770.html",
    file: "packages/protocol/src/changes/listen.ts",
    remove: "value.length <= maxNames && ",
    with: "",
    tests: ["packages/protocol/test/changes.test.ts > takes no more than 100"],
  },
  {
    threat: "One session subscribes without end.",
    source: "https://cwe.mitre.org/data/definitions/770.html",
    file: "packages/convex-adapter/src/component/subscriptions.ts",
    remove: "here.length >= MAX_PER_SESSION ? here : theirs.length >= MAX_PER_OWNER ? theirs : []",
    with: "[]",
    tests: [
      `${watched} > are 100 of a session; a further one ends the oldest`,
      `${watched} > are 500 of an owner, in however many sessions`,
    ],
  },
  {
    threat: "One user has tasks without end.",
    source: "https://cwe.mitre.org/data/definitions/770.html",
    file: "packages/convex-adapter/src/component/taskRuns.ts",
    remove: "theirs.length - ended.length >= maxOpen || ",
    with: "",
    tests: [`${gateway}/tasks.test.ts > are refused while too many go on, whoever else has tasks`],
  },
  {
    threat: "Strangers have tasks, and each those of all.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/tasks/start.ts",
    remove: 'if (principal.kind === "anonymous") {',
    with: "if (false) {",
    tests: [`${gateway}/tasks.test.ts > and strangers get none: they wait, or sign in`],
  },
  {
    threat: "A task asks without end, or as much as it likes.",
    source: "https://cwe.mitre.org/data/definitions/770.html",
    file: "packages/convex-adapter/src/component/taskCalls.ts",
    remove: "if (waiting.length === MAX_WAITING) {",
    with: "if (false) {",
    tests: ["packages/convex-adapter/test/tasks.test.ts > is bounded: in number, in length"],
  },
  {
    threat: "A shared cache shows one user's list to others.",
    source: "cache.private",
    file: "packages/convex-adapter/src/cache.ts",
    remove: 'principal.kind === "anonymous" ? hint :',
    with: "principal ? hint :",
    tests: ["packages/convex-adapter/src/cache.test.ts > is never public for a user"],
  },
  {
    threat: "A page that a call asks to visit is opened by another user.",
    source: "url-mode.same-user",
    file: "packages/convex-mcp-gateway/test/app/linking.ts",
    remove: " || row.owner !== user?.tokenIdentifier",
    with: " || user === null",
    tests: [`${attacks} > is of use to the user of the call alone`],
  },
  {
    threat: "A call that is sent again happens again.",
    source: "retry.idempotent",
    file: "packages/convex-adapter/src/tools/idempotency.ts",
    remove: "if (kept !== null) return repeat(tool, argument, kept, call);",
    with: "",
    tests: [`${attacks} > under a new id happens once, and tells another user nothing`],
  },
  {
    threat: "A user calls as often as they like, beyond the limit that the app set.",
    source: "https://cwe.mitre.org/data/definitions/770.html",
    file: "packages/convex-adapter/src/dispatch.ts",
    remove: "if (exceeded) return exceeded;",
    with: "",
    tests: [`${gateway}/limits.test.ts > is told so with 429, which says when to come back`],
  },
];
