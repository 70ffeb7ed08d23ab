import type { Defence } from "../defence.ts";

const upstream = "packages/auth/test/bridgeUpstream.test.ts";
const time = "packages/auth/test/bridgeTime.test.ts";
const introspection = "packages/auth/src/introspection.test.ts";

/** What comes back from the provider, and how long anybody is waited for. */
export const providerDefences: readonly Defence[] = [
  {
    threat: "A code of another sign-in hides in an answer without an ID token.",
    source: "https://openid.net/specs/openid-connect-core-1_0.html#TokenResponse",
    file: "packages/auth/src/bridge/upstream.ts",
    remove: 'return expected.nonce === undefined ? undefined : "the answer lacks an ID token";',
    with: "return undefined;",
    tests: [`${upstream} > is refused without the ID token that openid asks for`],
  },
  {
    threat: "A refresh makes another user of one whom the tokens of an API name otherwise.",
    source: "https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse",
    file: "packages/auth/src/bridge/upstream.ts",
    remove: 'expected.subject ?? toText(decodeJwtPayload(access)?.["sub"])',
    with: 'toText(decodeJwtPayload(access)?.["sub"])',
    tests: [`${upstream} > changes no user: a refresh without an ID token`],
  },
  {
    threat: "What the provider gives after a theft was seen stays good.",
    source: "https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2",
    file: "packages/auth/src/bridge/refresh.ts",
    remove: "await revokeUpstream(tokens, settings);\n    return unknownToken();",
    with: "return unknownToken();",
    tests: [`${upstream} > is taken back when the sign-in was ended in the meantime`],
  },
  {
    threat: "Who signs in writes lines of their own into the app's log.",
    source: "https://cwe.mitre.org/data/definitions/117.html",
    file: "packages/auth/src/bridge/callback.ts",
    remove: 'error === undefined || /^\\w{1,64}$/.test(error) ? error : "another error"',
    with: "error",
    tests: [`${upstream} > is logged only as far as it is an error code`],
  },
  {
    threat: "A client's proof that nobody judges is passed over.",
    source: "https://www.rfc-editor.org/rfc/rfc7521#section-4.2",
    file: "packages/auth/src/bridge/clientauth.ts",
    remove: 'form.has("client_assertion") || form.has("client_assertion_type")',
    with: "false",
    tests: [
      `${upstream} > is that client_assertion is not understood`,
      `${upstream} > is that client_assertion_type is not understood`,
    ],
  },
  {
    threat: "On Convex a redirect takes token and client secret to another server.",
    source:
      "https://modelcontextprotocol.io/docs/2026-07-28/tutorials/security/security_best_practices",
    file: "packages/auth/src/introspection.ts",
    remove: "{ ...init, signal }), { redirect });",
    with: "{ ...init, signal }), {});",
    tests: [`${introspection} > says beside the request that no redirect is followed`],
  },
  {
    threat: "A server that does not answer holds whoever asks it, where fetch knows no signal.",
    source: "https://cwe.mitre.org/data/definitions/400.html",
    file: "packages/auth/src/deadline.ts",
    remove: "return Promise.race([work(signal), late]);",
    with: "return work(signal);",
    tests: ["packages/auth/src/deadline.test.ts > waits no longer"],
  },
  {
    threat: "A stranger's host holds the bridge that reads a document.",
    source: "bridge.cimd-fetch",
    file: "packages/auth/src/bridge/clientdocument.ts",
    remove: "inTime(TIMEOUT_MS,",
    with: "inTime(86_400_000,",
    tests: [`${time} > nor are the addresses of its host`],
  },
  {
    threat: "A provider that does not answer holds a refresh until another has its lease.",
    source: "https://cwe.mitre.org/data/definitions/400.html",
    file: "packages/auth/src/bridge/upstream.ts",
    remove: "inTime(TIMEOUT_MS,",
    with: "inTime(86_400_000,",
    tests: [`${time} > nor is a provider that answers nothing`],
  },
  {
    threat: "A stranger holds the bridge with a body that does not end.",
    source: "https://cwe.mitre.org/data/definitions/400.html",
    file: "packages/auth/src/bridge/body.ts",
    remove: "inTime(BODY_MS,",
    with: "inTime(86_400_000,",
    tests: [`${time} > a body that does not end holds nobody: /token`],
  },
  {
    threat: "An introspection endpoint that does not answer holds each request.",
    source: "https://cwe.mitre.org/data/definitions/400.html",
    file: "packages/auth/src/introspection.ts",
    remove: "inTime(timeoutMs,",
    with: "inTime(86_400_000,",
    tests: [`${introspection} > because it takes too long, and fetch knows no signal`],
  },
];
