import type { Defence } from "../defence.ts";

const attacks = "packages/convex-mcp-gateway/test/attacks.test.ts";
const network = "packages/auth/test/bridgeNetwork.test.ts";
const random = `${attacks} > is random, and never the same`;

/** What an attacker would have to guess, and how it is kept. */
export const secretDefences: readonly Defence[] = [
  {
    threat: "A session id is guessed.",
    source: "session.id",
    file: "packages/convex-adapter/src/sessions.ts",
    remove: "const sessionId = crypto.randomUUID();",
    with: "const sessionId = `${Date.now()}${Math.random()}`;",
    tests: [random],
  },
  {
    threat: "The token of a handle is guessed.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/streaming/converse.ts",
    remove: "token: crypto.randomUUID() };",
    with: 'token: "token" };',
    tests: [random],
  },
  {
    threat: "A task id is guessed.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/tasks/start.ts",
    remove: "const taskId = crypto.randomUUID();",
    with: "const taskId = `${Date.now()}${Math.random()}`;",
    tests: [random],
  },
  {
    threat: "An event id is guessed.",
    source: "handle.user-bound",
    file: "packages/protocol/src/channel/events.ts",
    remove: "const streamId = crypto.randomUUID();",
    with: 'const streamId = "0".repeat(36);',
    tests: [random],
  },
  {
    threat: "The id of a question is guessed, and answered by another.",
    source: "elicitation.session-bound",
    file: "packages/protocol/src/channel/mail.ts",
    remove: "const id = crypto.randomUUID();",
    with: "const id = `${Date.now()}${Math.random()}`;",
    tests: [random],
  },
  {
    threat: "A client id, a state or a challenge of the bridge is guessed.",
    source: "bridge.state",
    file: "packages/auth/src/bridge/pkce.ts",
    remove: "new Uint8Array(32)",
    with: "new Uint8Array(4)",
    tests: [`${network} > is random, 256 bits of it, and never the same`],
  },
  {
    threat: "Two sealed texts share an initial value, and tell of each other and of the key.",
    source: "https://csrc.nist.gov/pubs/sp/800/38/d/final",
    file: "packages/auth/src/bridge/seal.ts",
    remove: "crypto.getRandomValues(new Uint8Array(IV_BYTES))",
    with: "new Uint8Array(IV_BYTES)",
    tests: ["packages/auth/src/bridge/seal.test.ts > is different each time"],
  },
  {
    threat: "An API key is guessed.",
    source: "https://www.rfc-editor.org/rfc/rfc6750#section-5.2",
    file: "packages/auth/src/apikeys.ts",
    remove: "new Uint8Array(32)",
    with: "new Uint8Array(8)",
    tests: ["packages/auth/src/apikeys.test.ts > is a bearer token of 256 bits"],
  },
  {
    threat: "Whoever reads the database has the API keys of all users.",
    source: "https://www.rfc-editor.org/rfc/rfc6819#section-5.1.4.1.3",
    file: "packages/auth/src/apikeys.ts",
    remove: "hash: await hashApiKey(key), start",
    with: "hash: key, start",
    tests: ["packages/auth/src/apikeys.test.ts > can be found by its hash, which does not hold it"],
  },
  {
    threat: "Two tokens that look alike are answered alike by a cache.",
    source: "token.verification",
    file: "packages/auth/src/verdictcache.ts",
    remove: "const key = await digest(token);",
    with: "const key = String(token.length);",
    tests: ["packages/auth/src/introspection.test.ts > each token's own"],
  },
  {
    threat: "The secret that seals rounds is short enough to be guessed.",
    source: "handle.user-bound",
    file: "packages/protocol/src/channel/rounds.ts",
    remove: "secrets.length > 0 && secrets.every(({ length }) => length >= 32)",
    with: "true",
    tests: [
      "packages/protocol/test/asking.test.ts > secrets can change: the first seals, all open",
    ],
  },
  {
    threat: "The secret that an app gives for rounds is short enough to be guessed.",
    source: "handle.user-bound",
    file: "packages/convex-mcp-gateway/src/streaming.ts",
    remove: "all.length > 0 && all.every(({ length }) => length >= 32)",
    with: "true",
    tests: ["packages/convex-mcp-gateway/test/options.test.ts > mcpStreaming refuses"],
  },
  {
    threat: "The secret that seals grants is short enough to be guessed.",
    source: "https://www.rfc-editor.org/rfc/rfc9700#section-4.10",
    file: "packages/auth/src/bridge/settings.ts",
    remove: 'typeof secret === "string" && secret.length >= 32',
    with: 'typeof secret === "string"',
    tests: ["packages/auth/src/bridge/settings.test.ts > names secrets when it is wrong"],
  },
];
