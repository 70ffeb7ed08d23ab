import type { Defence } from "../defence.ts";

const attacks = "packages/auth/test/bridgeAttacks.test.ts";
const gateway = "packages/convex-mcp-gateway/test/bridge.test.ts";

/** What the bridge keeps and says: how much strangers may store, what a stolen table holds, and whose it is. */
export const keepingDefences: readonly Defence[] = [
  {
    threat: "Whoever reads the database has the tokens of all users.",
    source: "https://www.rfc-editor.org/rfc/rfc9700#section-4.10",
    file: "packages/auth/src/bridge/registration.ts",
    remove: "secretHash: await sha256(secret)",
    with: "secretHash: secret",
    tests: [`${attacks} > stores no token, code or secret that could be used`],
  },
  {
    threat: "Registrations of one stranger fill the table.",
    source: "https://www.rfc-editor.org/rfc/rfc7591#section-5",
    file: "packages/auth/src/bridge/memory.ts",
    remove: "makeRoom(clients, client.owner, room, (row) => !row.used);",
    with: "",
    tests: [`${attacks} > keeps what a stranger can register in bounds, and blocks nobody else`],
  },
  {
    threat: "A flood of registrations pushes out clients that people use.",
    source: "https://www.rfc-editor.org/rfc/rfc7591#section-5",
    file: "packages/auth/src/bridge/memory.ts",
    remove: "room, (row) => !row.used);",
    with: "room);",
    tests: [`${attacks} > evicts no client that somebody has signed in with`],
  },
  {
    threat: "Registrations of one stranger fill the table, on Convex.",
    source: "https://www.rfc-editor.org/rfc/rfc7591#section-5",
    file: "packages/convex-adapter/src/component/bridgeClients.ts",
    remove: "await evictUnused(ctx, { owner, sample }, room)",
    with: "0",
    tests: [
      "packages/convex-adapter/test/bridgeStore.test.ts > hold about their total against many owners",
    ],
  },
  {
    threat: "One subscriber has as many addresses as IPv6 gives, and a share for each.",
    source: "https://www.rfc-editor.org/rfc/rfc7591#section-5",
    file: "packages/auth/src/bridge/client.ts",
    remove: 'const network = callerNetwork(address ?? "") ?? "";',
    with: 'const network = address ?? "";',
    tests: [`${attacks} > keeps what a stranger can register in bounds`],
  },
  {
    threat: "Sign-ins that nobody finishes fill the table.",
    source: "https://cwe.mitre.org/data/definitions/770.html",
    file: "packages/auth/src/bridge/memory.ts",
    remove: "makeRoom(transactions, transaction.owner, room);",
    with: "",
    tests: [
      `${attacks} > keeps sign-ins in progress in bounds, and evicts the stranger's own first`,
    ],
  },
  {
    threat: "A registration is as long as a stranger likes.",
    source: "https://cwe.mitre.org/data/definitions/770.html",
    file: "packages/auth/src/bridge/body.ts",
    remove: "readText(request.body, MAX_BODY_BYTES)",
    with: "readText(request.body, Infinity)",
    tests: ["packages/auth/src/bridge/registration.test.ts > refuses a body of"],
  },
  {
    threat: "What broke inside is told to a stranger.",
    source: "https://cwe.mitre.org/data/definitions/209.html",
    file: "packages/auth/src/bridge/bridge.ts",
    remove: 'description: "Something went wrong; try again." };',
    with: "description: String(cause) };",
    tests: ["packages/auth/test/bridge.test.ts > says nothing of what broke, and reports it"],
  },
  {
    threat: "What one bridge of an app gave is used at another.",
    source: "https://www.rfc-editor.org/rfc/rfc9700#section-4.4",
    file: "packages/convex-mcp-gateway/src/bridge.ts",
    remove: "all.map((secret) => `${secret} ${path}`)",
    with: "all",
    tests: [`${gateway} > cannot use at one bridge of an app what another gave`],
  },
  {
    threat: "A user ends what another has connected.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/component/bridgeGrants.ts",
    remove: " || (owners !== undefined && !owners.includes(row.owner))",
    with: "",
    tests: [
      `${gateway} > is to show users what they have connected, and to end it, of nobody else`,
    ],
  },
  {
    threat: "A client cannot tell whose answer it has (mix-up).",
    source: "bridge.issuer",
    file: "packages/auth/src/bridge/callback.ts",
    remove: "{ code, state, iss: settings.issuer }",
    with: "{ code, state }",
    tests: ["packages/auth/test/bridge.test.ts > goes from registration to revocation"],
  },
  {
    threat: "A client cannot tell whose refusal it has (mix-up).",
    source: "bridge.issuer",
    file: "packages/auth/src/bridge/authorization.ts",
    remove: "iss: issuer,",
    with: "",
    tests: ["packages/auth/test/bridge.test.ts > tells the client when the user cancels"],
  },
  {
    threat: "A subject of another issuer has what this provider's user of that name connected.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/bridge/admin.ts",
    remove: "user.issuer === undefined || sameIssuer(user.issuer, issuer)",
    with: "true",
    tests: [
      "packages/convex-mcp-gateway/test/bridge.test.ts > is to show users what they have connected, and to end it, of nobody else",
    ],
  },
  {
    threat: "Clients are not told to prove who they are, or to send the challenge in the clear.",
    source: "bridge.pkce",
    file: "packages/auth/src/bridge/metadata.ts",
    remove: 'code_challenge_methods_supported: ["S256"]',
    with: 'code_challenge_methods_supported: ["plain"]',
    tests: ["packages/auth/src/bridge/metadata.test.ts > says what the bridge does"],
  },
];
