import type { Defence } from "../defence.ts";

const gateway = "packages/convex-mcp-gateway/test";
const policies = "packages/convex-adapter/src/calls/policies.test.ts";
const decision = "packages/convex-adapter/src/calls/decision.test.ts";

/** Who may do what, and that nobody learns of what they may not. */
export const policyDefences: readonly Defence[] = [
  {
    threat: "A policy that throws allows.",
    source: "https://owasp.org/Top10/A01_2021-Broken_Access_Control/",
    file: "packages/convex-adapter/src/calls/decision.ts",
    remove: "return deny(`authorize threw: ${errorText(error)}`);",
    with: "return allow();",
    tests: [`${decision} > reads a policy that`],
  },
  {
    threat: "A call whose context could not be loaded is allowed.",
    source: "https://owasp.org/Top10/A01_2021-Broken_Access_Control/",
    file: "packages/convex-adapter/src/calls/guard.ts",
    remove: "return deny(`loadContext threw: ${errorText(error)}`);",
    with: 'return { kind: "allow" };',
    tests: [
      `${gateway}/gateway.test.ts > denies and records what it cannot decide, and says nothing of it`,
    ],
  },
  {
    threat: "A policy that answers nonsense allows.",
    source: "https://owasp.org/Top10/A01_2021-Broken_Access_Control/",
    file: "packages/convex-adapter/src/calls/decision.ts",
    remove: 'if (answer === false) return deny("authorize answered false");',
    with: "if (!answer) return allow();",
    tests: [`${decision} > as a denial`],
  },
  {
    threat: "A stranger calls what needs a user.",
    source: "token.everywhere",
    file: "packages/convex-adapter/src/calls/policies.ts",
    remove: "if (identity === null) return signIn(...needed);",
    with: "",
    tests: [`${policies} > asks a stranger to sign in for a tool`],
  },
  {
    threat: "A user calls what their scopes do not cover.",
    source: "scope.challenge",
    file: "packages/convex-adapter/src/calls/policies.ts",
    remove: "if (missingScopes(scopes, needed, options).length === 0) return allow();",
    with: "return allow();",
    tests: [
      `${policies} > names all that are needed`,
      `${gateway}/gateway.test.ts > answers 403 with the scopes that a call needs`,
    ],
  },
  {
    threat: "A tool that is only shown can be called.",
    source: "scope.challenge",
    file: "packages/convex-adapter/src/calls/policies.ts",
    remove: 'return mode === "list" && options.showLocked === true ?',
    with: "return options.showLocked === true ?",
    tests: [`${policies} > lists what is locked where it is told to`],
  },
  {
    threat: "One of several policies that denies is outvoted.",
    source: "https://owasp.org/Top10/A01_2021-Broken_Access_Control/",
    file: "packages/convex-adapter/src/calls/policies.ts",
    remove: 'if (decision.kind === "deny") return decision;',
    with: "",
    tests: [`${policies} > asks nobody after a denial`],
  },
  {
    threat: "A list shows what its reader may not call.",
    source: "https://owasp.org/Top10/A01_2021-Broken_Access_Control/",
    file: "packages/convex-adapter/src/calls/guard.ts",
    remove: 'items.filter((_, index) => decisions[index]?.kind === "allow")',
    with: "items",
    tests: [
      `${gateway}/gateway.test.ts > lists what each caller may call`,
      `${gateway}/attacks.test.ts > of somebody who sees more is of no use`,
    ],
  },
  {
    threat: "A tool is called that its caller was denied.",
    source: "https://owasp.org/Top10/A01_2021-Broken_Access_Control/",
    file: "packages/convex-adapter/src/calls/toolCatalog.ts",
    remove: 'if (decision.kind !== "allow" || tool === undefined) {',
    with: "if (tool === undefined) {",
    tests: [
      `${gateway}/gateway.test.ts > tells an unknown tool, a denied one and one of another's name apart for nobody`,
    ],
  },
  {
    threat: "A resource or prompt is read that its caller was denied.",
    source: "https://owasp.org/Top10/A01_2021-Broken_Access_Control/",
    file: "packages/convex-adapter/src/calls/guard.ts",
    remove: 'if (decision.kind === "allow") {',
    with: "if (true) {",
    tests: [`${gateway}/resources.test.ts > does not find`],
  },
  {
    threat: "A tool in memory that is denied looks other than one that there is not.",
    source: "tool.unknown",
    file: "packages/protocol/src/memory/guard.ts",
    remove: 'return decision ? undefined : { kind: "unknown" };',
    with: "return undefined;",
    tests: ["packages/protocol/test/tools.test.ts > is an unknown tool to a stranger"],
  },
  {
    threat: "A call of a session that is not the caller's runs.",
    source: "session.foreign",
    file: "packages/convex-adapter/src/dispatch.ts",
    remove: "if (client !== null) return { ...call.entry, ...client };",
    with: "return { ...call.entry, ...client };",
    tests: [
      "packages/convex-adapter/test/calls.test.ts > runs nothing and records nothing",
      `${gateway}/gateway.test.ts > belong to their user, and look like none to everybody else`,
    ],
  },
  {
    threat: "A client sets the argument that says for whom a function runs.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/values/decode.ts",
    remove: 'return wrong(at, onlyFields(path, known), "an unknown field");',
    with: "return undefined;",
    tests: [`${gateway}/identity.test.ts > is no client's to see or to set`],
  },
  {
    threat: "An id of another table reaches a function.",
    source: "https://owasp.org/Top10/A03_2021-Injection/",
    file: "packages/convex-adapter/src/dispatch.ts",
    remove: "if (issues.length > 0) {",
    with: "if (false) {",
    tests: [
      "packages/convex-adapter/test/calls.test.ts > with an id of no table is not run",
      `${gateway}/gateway.test.ts > says that an id is none, of the right table`,
    ],
  },
  {
    threat: "What an app throws reaches the model, with whatever it holds.",
    source: "https://cwe.mitre.org/data/definitions/209.html",
    file: "packages/convex-adapter/src/dispatch.ts",
    remove: "toErrorResult(failureText(tool.name, error, call.entry.platformRequestId))",
    with: "toErrorResult(String(error))",
    tests: [
      "packages/convex-adapter/test/calls.test.ts > that throws is rolled back alone",
      `${gateway}/gateway.test.ts > rolls a failing mutation back, keeps its entry and tells no detail`,
    ],
  },
  {
    threat: "A client's name writes lines, or turns text around, in the log that people read.",
    source: "client.unverified",
    file: "packages/convex-adapter/src/calls/client.ts",
    remove: '.replace(/\\p{C}/gu, "")',
    with: "",
    tests: [
      `${gateway}/gateway.test.ts > keep a client's name as one line, in the direction it is read`,
    ],
  },
  {
    threat: "Somebody who is refused leaves no trace.",
    source: "audit.denied",
    file: "packages/convex-adapter/src/calls/toolCatalog.ts",
    remove: "await record(config, caller, entry, true);",
    with: "",
    tests: [
      `${gateway}/gateway.test.ts > is recorded whatever session the caller names, and without one that is not theirs`,
    ],
  },
  {
    threat: "A text that includes a role's name is that role.",
    source: "https://owasp.org/Top10/A01_2021-Broken_Access_Control/",
    file: "packages/convex-adapter/src/calls/policies.ts",
    remove: "if (Array.isArray(roles)) return roles;",
    with: "return roles as readonly unknown[];",
    tests: [`${policies} > takes no text for a list: a part of a name is no role`],
  },
];
