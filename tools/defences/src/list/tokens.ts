import type { Defence } from "../defence.ts";

const adapter = "packages/convex-adapter/src/identity/authenticate.test.ts";
const identity = "packages/convex-mcp-gateway/test/identity.test.ts";
const attacks = "packages/convex-mcp-gateway/test/attacks.test.ts";

/** Who a caller is, to the gateway. */
export const tokenDefences: readonly Defence[] = [
  {
    threat: "A token in the query is believed, and stays in logs and histories.",
    source: "token.header-only",
    file: "packages/convex-adapter/src/identity/authenticate.ts",
    remove: 'parseBearer(request.headers.get("Authorization"))',
    with: 'parseBearer(new URL(request.url).searchParams.get("access_token") ? "Bearer opaque-ann" : request.headers.get("Authorization"))',
    tests: [`${attacks} > in the query, a cookie or the body is no token`],
  },
  {
    threat: "Who sends a broken Authorization header is taken for a stranger.",
    source: "token.malformed",
    file: "packages/convex-adapter/src/identity/authenticate.ts",
    remove: 'if (bearer.kind === "invalid") {',
    with: "if (false) {",
    tests: [
      `${adapter} > with another scheme`,
      `${adapter} > with two tokens`,
      "packages/convex-mcp-gateway/test/gateway.test.ts > never takes a bad Authorization header for a stranger's",
    ],
  },
  {
    threat: "Who sends a bad token is taken for a stranger.",
    source: "token.refused",
    file: "packages/convex-adapter/src/identity/authenticate.ts",
    remove: 'if (bearer.kind === "bearer" || identity === "invalid") {',
    with: "if (false) {",
    tests: [`${adapter} > with a bad token`, `${adapter} > with a token that it says nothing of`],
  },
  {
    threat: "A stranger comes in where only users may.",
    source: "token.everywhere",
    file: "packages/convex-adapter/src/identity/authenticate.ts",
    remove: "return policy.anonymous\n",
    with: "return true\n",
    tests: [
      `${adapter} > and brings no token is asked to sign in`,
      `${attacks} > is 401, and nothing is told`,
    ],
  },
  {
    threat: "A token for another resource is believed.",
    source: "token.audience",
    file: "packages/convex-adapter/src/identity/authenticate.ts",
    remove: "return audienceMatches(audiencesOf(claims), allowed)\n",
    with: "return true\n",
    tests: [
      `${adapter} > a token that the platform knows`,
      `${attacks} > a tenant that there is not is refused as another's is`,
    ],
  },
  {
    threat: "A token of no client is that of a client id that is not set.",
    source: "token.audience",
    file: "packages/convex-adapter/src/identity/authenticate.ts",
    remove: "(id) => id && id === claims",
    with: "(id) => id === claims",
    tests: [`${adapter} > a token that the platform knows`],
  },
  {
    threat: "A judge's user has the name, and so the data, of a user of the platform.",
    source: "session.user-bound",
    file: "packages/convex-adapter/src/identity/resolve.ts",
    remove: '["resolved", from, subject].map(encodeURIComponent).join(":")',
    with: "`${from}|${subject}`",
    tests: [
      `${adapter} > have no name that another issuer and subject make`,
      `${identity} > has sessions that nobody of the platform has`,
    ],
  },
  {
    threat: "Users of two judges are one.",
    source: "session.user-bound",
    file: "packages/convex-adapter/src/identity/resolve.ts",
    remove: "`judge-${index + 1}`",
    with: '"judge"',
    tests: [`${adapter} > that name no issuer are not each other's`],
  },
  {
    threat: "A judge that cannot tell lets everybody in, or sends everybody away for good.",
    source: "token.refused",
    file: "packages/convex-adapter/src/identity/resolve.ts",
    remove: 'if (!verdict.ok && verdict.error === "temporarily_unavailable") throw verdict.cause;',
    with: "",
    tests: [`${identity} > that could not be judged, down, is 503`],
  },
  {
    threat: "A caller makes up for whom a function runs.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/identity/seal.ts",
    remove: "if (!(await crypto.subtle.verify(HMAC, key, fromHex(mac), toBytes(CONTEXT + json))))",
    with: "if (false)",
    tests: [`${identity} > is believed as the gateway made it, in public functions too`],
  },
  {
    threat: "What says for whom a function runs is good for ever.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/identity/seal.ts",
    remove: "until > Date.now() ?",
    with: "until ?",
    tests: [`${identity} > is believed as the gateway made it, in public functions too`],
  },
  {
    threat:
      "A call that runs for somebody who is not who it says runs for nobody, as if that were asked.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/identity/caller.ts",
    remove: 'throw new Error("mcpCaller: expected the argument `mcp` as the gateway made it.");',
    with: "return null;",
    tests: [`${identity} > is believed as the gateway made it, in public functions too`],
  },
  {
    threat: "An API key works after its end.",
    source: "token.verification",
    file: "packages/convex-adapter/src/identity/apiKeys.ts",
    remove: "found === null || found.expiresAt <= Date.now()",
    with: "found === null",
    tests: [`${identity} > ends when it expires`],
  },
  {
    threat: "A user revokes another's API key.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/component/apikeys.ts",
    remove: " || (owner !== undefined && row.owner !== owner)",
    with: "",
    tests: [`${identity} > ends when it is revoked, by its owner`],
  },
  {
    threat: "A stranger revokes an API key, as an administrator does.",
    source: "handle.user-bound",
    file: "packages/convex-adapter/src/identity/apiKeys.ts",
    remove: 'if ("subject" in by) requireSubject(by.subject);',
    with: "",
    tests: [`${identity} > is nobody's to revoke who is not known`],
  },
  {
    threat: "Who sent no token is told that theirs is bad, and drops a good one.",
    source: "challenge.no-error",
    file: "packages/convex-adapter/src/identity/refusals.ts",
    remove: "resource, { scope: join(resource.initialScopes, scopes) }",
    with: 'resource, { error: "invalid_token", scope: join(resource.initialScopes, scopes) }',
    tests: [
      "packages/convex-mcp-gateway/test/discovery.test.ts > names no error and no scope to one who sent no token",
      `${attacks} > is 401, and nothing is told`,
    ],
  },
  {
    threat: "A client asks for a scope at a time, or loses those that it had.",
    source: "scope.challenge",
    file: "packages/convex-adapter/src/identity/refusals.ts",
    remove: "const all = join(scopes, granted.toSorted());",
    with: "const all = scopes.slice(0, 1);",
    tests: [
      "packages/convex-mcp-gateway/test/discovery.test.ts > names what the operation needs, and what the token has",
    ],
  },
  {
    threat: "A judge that says yes in another word than true lets its caller in.",
    source: "token.verification",
    file: "packages/convex-adapter/src/identity/resolve.ts",
    remove: "verdict.ok && ok === true ?",
    with: "verdict.ok && ok ?",
    tests: [`${adapter} > are none where a judge says another word for yes`],
  },
  {
    threat: "A judge's text of scopes has every scope that is a part of it, and its token no end.",
    source: "token.verification",
    file: "packages/convex-adapter/src/identity/resolve.ts",
    remove:
      "if (!Array.isArray(scopes) || !(expiresAt === undefined || Number.isFinite(expiresAt))) {",
    with: "if (false) {",
    tests: [
      `${adapter} > are none where a judge says scopes that are a text`,
      `${adapter} > are none where a judge says an end that is no time`,
      `${adapter} > are none where a judge says an end that is no number`,
    ],
  },
  {
    threat: "The streams of an API key that was revoked go on.",
    source: "listen.token-expiry",
    file: "packages/convex-adapter/src/component/apikeys.ts",
    remove: "for (const { _id } of streams) await ctx.db.delete(_id);",
    with: "",
    tests: [
      "packages/convex-mcp-gateway/test/identity.test.ts > ends its streams at once when it is revoked by its owner",
    ],
  },
];
