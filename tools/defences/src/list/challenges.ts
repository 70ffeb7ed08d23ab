import type { Defence } from "../defence.ts";

const guard = "packages/auth/src/guard.test.ts";

/** What a refusal says, and what the documents that it leads to. */
export const challengeDefences: readonly Defence[] = [
  {
    threat:
      "A token that could not be judged is told that it is a bad one, and its user is signed out.",
    source: "token.refused",
    file: "packages/auth/src/guard.ts",
    remove: 'if (error !== "invalid_token") return',
    with: "if (false) return",
    tests: [`${guard} > answers 503, and blames nobody, when the token could not be judged`],
  },
  {
    threat: "A token without the scopes comes in.",
    source: "scope.challenge",
    file: "packages/auth/src/guard.ts",
    remove: "if (missingScopes(verdict.scopes ?? [], scopes, { implies }).length > 0) {",
    with: "if (false) {",
    tests: [`${guard} > answers 403 with all the scopes that are needed`],
  },
  {
    threat: "A name that every object has counts for a scope.",
    source: "scope.hierarchy",
    file: "packages/auth/src/scopes.ts",
    remove: "if (Object.hasOwn(implies, scope)) implies",
    with: "implies",
    tests: ["packages/auth/src/scopes.test.ts > takes nothing from the prototype of the hierarchy"],
  },
  {
    threat: "A text in a challenge ends its value, and begins another.",
    source: "challenge.form",
    file: "packages/auth/src/challenge.ts",
    remove: '.replace(/["\\\\]/g, "\\\\$&")',
    with: "",
    tests: ["packages/auth/src/challenge.test.ts > is read back by parseChallenges"],
  },
  {
    threat: "A text in a challenge begins another header.",
    source: "challenge.form",
    file: "packages/auth/src/challenge.ts",
    remove: '.replace(/[^\\x20-\\x7e]/gu, "?")',
    with: "",
    tests: [
      "packages/auth/src/challenge.test.ts > holds printable ASCII only and can always be a header",
    ],
  },
  {
    threat: "Clients ask for tokens that never end.",
    source: "scope.minimal",
    file: "packages/auth/src/metadata.ts",
    remove: '.filter((scope) => scope !== "offline_access")',
    with: "",
    tests: [
      "packages/auth/src/metadata.test.ts > without offline_access",
      "packages/convex-mcp-gateway/test/discovery.test.ts > names no offline_access",
    ],
  },
  {
    threat: "Tokens are sent in the clear.",
    source: "https://www.rfc-editor.org/rfc/rfc9728#section-7.1",
    file: "packages/auth/src/url.ts",
    remove:
      'if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {',
    with: "if (false) {",
    tests: [
      "packages/auth/src/metadata.test.ts > throws a TypeError for",
      "packages/convex-mcp-gateway/test/options.test.ts > an issuer in the clear",
    ],
  },
  {
    threat: "A client takes the metadata of one resource for that of another.",
    source: "metadata.resource",
    file: "packages/auth/src/metadata.ts",
    remove: "resource: options.resource,",
    with: "resource: new URL(options.resource).origin,",
    tests: ["packages/auth/src/metadata.test.ts > spells resource and issuers as they were given"],
  },
  {
    threat: "The metadata of all resources of a host are one.",
    source: "metadata.location",
    file: "packages/auth/src/metadata.ts",
    remove: 'url.pathname === "/" ? "" : url.pathname',
    with: '""',
    tests: ["packages/auth/src/metadata.test.ts > puts the well-known path between host and path"],
  },
  {
    threat: "A quote in a description ends it for clients that know no escapes.",
    source: "https://www.rfc-editor.org/rfc/rfc6750#section-3",
    file: "packages/auth/src/challenge.ts",
    remove: `params.errorDescription?.replace(/["\\\\]/g, "'")`,
    with: "params.errorDescription",
    tests: [
      "packages/auth/src/challenge.test.ts > quotes each value, and puts the foreign text last",
    ],
  },
];
