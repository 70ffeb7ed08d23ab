import { every, from, of, protectedRevisions, sessions } from "../requirement.ts";

const auth = "basic/authorization";
const practice = "/docs/2026-07-28/tutorials/security/security_best_practices";
const registration = "basic/authorization/client-registration";

/** Tokens, challenges, discovery, and what belongs to whom. */
export const authorization = {
  "token.refused": of(
    protectedRevisions,
    auth,
    "A token that is garbled, expired, premature, unsigned, of another issuer, audience or kind is 401, and its bearer never a stranger.",
  ),
  "token.everywhere": of(
    every,
    auth,
    "Every request is judged by its own token: each method and verb, notifications, streams, and the continuation of a session.",
  ),
  "token.header-only": of(every, auth, "A token in the query or in a cookie is no token."),
  "token.malformed": of(
    every,
    auth,
    "An Authorization header that is no single bearer token is 400 or 401, and never passed over.",
  ),
  "token.audience": of(
    protectedRevisions,
    auth,
    "The audience is this resource: one or several, host and port normalised, one slash forgiven, and no prefix.",
  ),
  "token.verification": from(
    protectedRevisions,
    "https://www.rfc-editor.org/rfc/rfc8725",
    "Tokens need `exp`, an exact issuer, a listed algorithm; a clock may be a minute off; ID tokens and grants are no access tokens.",
  ),
  "token.keys": from(
    protectedRevisions,
    "https://www.rfc-editor.org/rfc/rfc8725",
    "Keys are fetched once, anew for an unknown one only after a while, and never because of what can be refused without.",
  ),
  "token.not-told": of(every, auth, "No answer repeats a token."),
  "token.before-body": of(
    every,
    auth,
    "The token is judged before the body is read and before the era is told.",
  ),
  "challenge.form": from(
    protectedRevisions,
    "https://www.rfc-editor.org/rfc/rfc6750#section-3",
    "A challenge is one Bearer with quoted printable ASCII and the absolute URL of the metadata.",
  ),
  "challenge.no-error": from(
    protectedRevisions,
    "https://www.rfc-editor.org/rfc/rfc6750#section-3.1",
    "Without a token the challenge names no error; with a bad one it is `invalid_token`.",
  ),
  "scope.challenge": of(
    ["2025-11-25", "2026-07-28"],
    auth,
    "A call beyond its scopes is 403 with all the scopes that it needs at once.",
  ),
  "scope.hierarchy": of(
    ["2026-07-28"],
    auth,
    "A scope that implies others is enough for them; claims may be text or a list.",
  ),
  "scope.minimal": from(
    ["2025-11-25", "2026-07-28"],
    practice,
    "`offline_access` is never asked for.",
  ),
  "metadata.resource": from(
    protectedRevisions,
    "https://www.rfc-editor.org/rfc/rfc9728#section-3.3",
    "`resource` is the URL that the client was given, to the slash, for each spelling that is served.",
  ),
  "metadata.location": from(
    protectedRevisions,
    "https://www.rfc-editor.org/rfc/rfc9728#section-3.1",
    "The document is where the path is inserted, and at the root as well for the one resource there.",
  ),
  "metadata.public": from(
    protectedRevisions,
    "https://www.rfc-editor.org/rfc/rfc9728#section-3",
    "The document and preflights need no token, and pages may read it.",
  ),
  "metadata.host": from(
    protectedRevisions,
    practice,
    "No document repeats the Host that a request came with.",
  ),
  "session.user-bound": from(
    sessions,
    practice,
    "A session is its user's: a good token of somebody else does not open it, and it opens nothing without a token.",
  ),
  "handle.user-bound": from(
    every,
    practice,
    "Whatever names state (task, round, event, question, call) is of no use to anybody else.",
  ),
  "client.unverified": of(
    every,
    "basic",
    "What a client says of itself is never shown raw: one line, in the direction that it is read.",
  ),
  "audit.denied": from(
    every,
    practice,
    "Refusals of known users are recorded with what was decided, and no secret.",
  ),
  "flow.register": of(
    every,
    auth,
    "The official clients find the authorization server from a 401, register, sign in and come back.",
  ),
  "flow.step-up": of(
    ["2025-11-25", "2026-07-28"],
    auth,
    "The official clients step up on a 403, and go on in their session.",
  ),
  "flow.refresh": of(
    every,
    auth,
    "The official clients refresh a token that expires in the middle of a session, and go on in it.",
  ),
  "flow.preregistered": of(
    protectedRevisions,
    registration,
    "The official clients sign in with a client that was registered beforehand.",
  ),
  "flow.cimd": of(
    ["2025-11-25", "2026-07-28"],
    registration,
    "The official clients sign in with a client id metadata document.",
  ),
  "flow.client-credentials": from(
    ["2025-11-25", "2026-07-28"],
    "/extensions/auth/overview",
    "The official clients sign in as themselves, by client credentials and by ID-JAG.",
  ),
  "flow.migration": of(
    ["2026-07-28"],
    registration,
    "The official clients register anew when the authorization server changes.",
  ),
  "origin.root-metadata": from(
    ["2025-03-26"],
    "/specification/2025-03-26/basic/authorization",
    "Clients of 2025-03-26 find the authorization server's metadata at the root of the server's origin.",
  ),
  "bridge.consent": from(
    every,
    practice,
    "A shared upstream client sends nobody on before the user consented to this very client, on a page that cannot be framed.",
  ),
  "bridge.csrf": from(
    every,
    practice,
    "Consent is bound to the browser that gave it: a token of its own, and signed `__Host-` cookies.",
  ),
  "bridge.redirect-exact": from(
    every,
    practice,
    "Redirect URIs are compared exactly, and localhost or https.",
  ),
  "bridge.state": from(
    every,
    practice,
    "`state` is random, stored after consent, single-use and short-lived.",
  ),
  "bridge.pkce": of(protectedRevisions, auth, "S256 is advertised and demanded."),
  "bridge.issuer": of(
    ["2026-07-28"],
    "basic/authorization/authorization-server-discovery",
    "`issuer` is the URL that was asked, to the byte, and `iss` comes with each answer.",
  ),
  "bridge.registration-limits": of(
    every,
    registration,
    "Registration is limited in rate and in size.",
  ),
  "bridge.cimd-fetch": from(
    ["2025-11-25", "2026-07-28"],
    practice,
    "A client id metadata document is fetched over https from public addresses only, bounded, and without following redirects blindly.",
  ),
  "url-mode.same-user": of(
    ["2025-11-25", "2026-07-28"],
    "client/elicitation",
    "Who opens a page that a call asked to visit is the user that the call is of: the page is the app's, and can tell.",
  ),
  "tenant.no-oracle": of(
    every,
    auth,
    "A token for a tenant, or of an issuer, that there is not is refused as another's is, to the byte; which mounts there are is public (RFC 9728).",
  ),
} as const;
