import type { Defence } from "../defence.ts";

const rates = "packages/auth/test/bridgeRates.test.ts";
const addresses = "packages/auth/src/bridge/address.test.ts";
const memory = "packages/auth/src/bridge/memory.test.ts";
const tables = "packages/convex-adapter/test/bridgeStore.test.ts";
const gateway = "packages/convex-mcp-gateway/test";

/** How often: whom a request counts for, and that it does. */
export const rateDefences: readonly Defence[] = [
  {
    threat: "A stranger registers clients as fast as they can.",
    source: "bridge.registration-limits",
    file: "packages/auth/src/bridge/memoryRates.ts",
    remove: 'if (retryAfterMs > 0) return { kind: "limited", retryAfterMs };',
    with: "",
    tests: [
      `${rates} > refuses a network that has too many in an hour`,
      `${memory} > refuse what is beyond one, write nothing then, and count nothing`,
    ],
  },
  {
    threat: "A stranger registers clients as fast as they can, on Convex.",
    source: "bridge.registration-limits",
    file: "packages/convex-adapter/src/component/bridgeClients.ts",
    remove: "if (wait !== undefined) return wait;",
    with: "",
    tests: [`${tables} > refuse what is beyond one, write nothing then, and count nothing`],
  },
  {
    threat: "A stranger has the bridge ask others without end.",
    source: "bridge.cimd-fetch",
    file: "packages/auth/src/bridge/lookup.ts",
    remove: 'if (found.kind === "limited") return tooMany(found);',
    with: "",
    tests: [`${rates} > is that of registrations: nobody has us ask others without end`],
  },
  {
    threat: "A stranger has the bridge ask others without end, on Convex.",
    source: "bridge.cimd-fetch",
    file: "packages/convex-adapter/src/component/bridgeClients.ts",
    remove: "return (await waitFor(ctx, rates)) ?? null;",
    with: "return null;",
    tests: [`${tables} > count a document that is absent, and none that is there`],
  },
  {
    threat: "One network uses up what all may register.",
    source: "bridge.registration-limits",
    file: "packages/auth/src/bridge/client.ts",
    remove: "return [{ key, perHour: registration.perOwnerHourly }, all];",
    with: "return [all];",
    tests: [`${rates} > counts all that one network can choose as one`],
  },
  {
    threat: "One subscriber has many networks of IPv6, and a share for each.",
    source: "https://www.rfc-editor.org/rfc/rfc6177#section-2",
    file: "packages/auth/src/bridge/address.ts",
    remove: ".slice(0, 3)",
    with: ".slice(0, 4)",
    tests: [
      `${rates} > counts all that one network can choose as one`,
      `${addresses} > counts an IPv6 subscriber as one`,
    ],
  },
  {
    threat: "All who come by IPv4 to a socket of both share what is one stranger's.",
    source: "https://www.rfc-editor.org/rfc/rfc4291#section-2.5.5.2",
    file: "packages/auth/src/bridge/address.ts",
    remove: "if (isMapped) return",
    with: "if (false) return",
    tests: [`${addresses} > counts an IPv6 subscriber as one`],
  },
  {
    threat: "Whatever stands where an address is expected has a share of its own.",
    source: "bridge.registration-limits",
    file: "packages/auth/src/bridge/address.ts",
    remove: "return parseIpv4(address) === undefined ? undefined : address;",
    with: "return address;",
    tests: [`${addresses} > makes up no network for`],
  },
  {
    threat: "The first user of a shared client has it evicted for all others.",
    source: "https://www.rfc-editor.org/rfc/rfc7591#section-5",
    file: "packages/auth/src/bridge/memory.ts",
    remove: 'client.used && client.owner !== grant.owner ? "" : grant.owner',
    with: "client.used ? client.owner : grant.owner",
    tests: [`${memory} > are nobody's once a second user signs in`],
  },
  {
    threat: "The first user of a shared client has it evicted for all others, on Convex.",
    source: "https://www.rfc-editor.org/rfc/rfc7591#section-5",
    file: "packages/convex-adapter/src/component/bridgeClients.ts",
    remove: "isShared ? { ...change, owner: NOBODY } : change",
    with: "change",
    tests: [`${tables} > are nobody's once a second user signs in`],
  },
  {
    threat: "Who is beyond a limit has `before` run.",
    source: "https://cwe.mitre.org/data/definitions/770.html",
    file: "packages/convex-adapter/src/calls/before.ts",
    remove: "limiting?.holds() ?? sessionHolds(config, caller)",
    with: "sessionHolds(config, caller)",
    tests: [`${gateway}/limitedTasks.test.ts > has no \`before\` run, which`],
  },
  {
    threat: "Who is beyond a limit fills the log with tasks that they cannot be given.",
    source: "https://cwe.mitre.org/data/definitions/770.html",
    file: "packages/convex-adapter/src/tasks/start.ts",
    remove: 'limiting?.before("record") ?? caller.context.ctx',
    with: "caller.context.ctx",
    tests: [
      `${gateway}/limitedTasks.test.ts > has nothing recorded of a task that their client cannot be given`,
    ],
  },
  {
    threat: "Who is beyond a limit opens streams.",
    source: "https://cwe.mitre.org/data/definitions/770.html",
    file: "packages/convex-adapter/src/changes/serve.ts",
    remove: "await opening(caller);\n        return listeners",
    with: "return listeners",
    tests: [
      `${gateway}/limits.test.ts > a stream of changes that a session opens, before anything is read for it`,
    ],
  },
  {
    threat: "A user has a limit for each API key that they make.",
    source: "https://cwe.mitre.org/data/definitions/770.html",
    file: "packages/convex-adapter/src/limits/uses.ts",
    remove: "limitedAs === undefined ? ownerOf(principal) : `limited as ${limitedAs}`",
    with: "ownerOf(principal)",
    tests: [`${gateway}/identity.test.ts > is one of a user's, who has no more of a limit`],
  },
  {
    threat: "The API keys of all users share one limit.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/identity/apiKeys.ts",
    remove: "limitedAs: `apikeys ${owner}`",
    with: 'limitedAs: "apikeys"',
    tests: [`${gateway}/identity.test.ts > is one of a user's, who has no more of a limit`],
  },
  {
    threat: "One session leaves wishes to cancel without end.",
    source: "https://cwe.mitre.org/data/definitions/770.html",
    file: "packages/convex-adapter/src/component/cancellations.ts",
    remove: "if (theirs.length === MAX_PER_SESSION && oldest)",
    with: "if (oldest === null)",
    tests: ["packages/convex-adapter/test/conversation.test.ts > is one of few of a session"],
  },
];
