import { every, from, modern, of, sessions } from "../requirement.ts";

const http = "basic/transports/streamable-http";
const legacy = "basic/transports";
const versioning = "basic/versioning";

/** Messages, headers, eras, batches, and who may come from where. */
export const messages = {
  "envelope.meta-missing": of(
    modern,
    "basic",
    "A request without `_meta`, or without a required key of it, is 400 with -32602 however good its headers are.",
  ),
  "envelope.version-disagrees": of(
    modern,
    http,
    "A version that header and body do not agree on is 400 with -32020, before it is asked whether either is known.",
  ),
  "envelope.version-unknown": of(
    modern,
    versioning,
    "A version that both name and the server does not speak is 400 with -32022, and says which are spoken and which was asked for.",
  ),
  "envelope.capability-missing": of(
    modern,
    "basic",
    "A call that needs a capability its own request does not declare is 400 with -32021 and the capabilities as an object, even when a tool finds out.",
  ),
  "envelope.capabilities-per-request": of(
    modern,
    "basic",
    "Capabilities are those of the request at hand; nothing of an earlier one is remembered.",
  ),
  "method.unknown-modern": of(
    modern,
    http,
    "A method that is unknown, removed or not offered is 404 with -32601 in a JSON-RPC body.",
  ),
  "method.unknown-session": of(
    sessions,
    legacy,
    "In a session an unknown method is answered in-band with 200 and -32601, since 404 means that the session is gone.",
  ),
  "era.initialize-modern": of(
    modern,
    versioning,
    "`initialize` with a modern envelope is a removed method, and no handshake.",
  ),
  "era.initialize-modern-header": of(
    modern,
    http,
    "`initialize` under a modern header and without an envelope is refused with -32020.",
  ),
  "era.no-modern-code-in-session": of(
    sessions,
    legacy,
    "Whatever has no modern mark never meets an error code that a client takes for the modern era's.",
  ),
  "era.no-session-in-modern": of(
    modern,
    http,
    "A modern request has no session, whatever session id it carries, and gets none.",
  ),
  "era.side-by-side": of(
    every,
    "basic/versioning",
    "A session goes on undisturbed by modern requests of the same client to the same URL.",
  ),
  "era.mixed-batch": of(
    every,
    versioning,
    "A batch with a modern member is refused as a whole with -32600.",
  ),
  "accepted.empty-body": of(
    every,
    http,
    "What is accepted without an answer is 202 with an empty body.",
  ),
  "id.null": of(every, "basic", "A message whose id is null is invalid, and no notification."),
  "id.kept": of(
    every,
    "basic",
    "An id comes back with its type and value, 0 and the empty string included.",
  ),
  "id.refusal": of(
    every,
    "basic",
    "An error echoes its request's id where that can be read, and has none otherwise.",
  ),
  "accept.variants": of(
    every,
    http,
    "Wildcards, weights, lists and odd capitals of Accept are understood, and only who excludes both forms is refused.",
  ),
  "content-type.parameters": of(every, http, "A Content-Type with parameters is JSON as well."),
  "header.repeated": of(
    modern,
    http,
    "A header that comes twice is no match for the body, while commas within `Mcp-Name` belong to the name.",
  ),
  "header.non-ascii": of(
    modern,
    http,
    "A mirrored value in raw non-ASCII bytes is refused, and never decoded as a guess.",
  ),
  "header.sentinel": of(
    modern,
    http,
    "A base64 sentinel is decoded strictly: alphabet, padding, UTF-8; what only begins or ends like one is literal.",
  ),
  "header.name": of(
    modern,
    http,
    "`Mcp-Name` mirrors the name of a tool or prompt and the URI of a resource, and is asked for nowhere else.",
  ),
  "header.name-task": from(
    modern,
    "/extensions/tasks/overview",
    "For methods of tasks `Mcp-Name` mirrors the id of the task.",
  ),
  "header.param": of(
    modern,
    "server/tools",
    "Mirrored arguments are compared by type: integers as numbers, booleans in lower case, null as absent, nested ones by their path.",
  ),
  "header.param-unknown": of(
    modern,
    "server/tools",
    "`Mcp-Param-*` headers that no argument declares are ignored.",
  ),
  "version.absent": of(
    sessions,
    legacy,
    "Without a version header a request is of 2025-03-26; an empty header is a wrong one.",
  ),
  "version.unsupported": of(
    ["2025-06-18", "2025-11-25"],
    legacy,
    "A version header that the server does not speak is 400.",
  ),
  "version.downgrade": of(
    sessions,
    "basic/lifecycle",
    "`initialize` with a version that the server does not speak succeeds with one that it does.",
  ),
  "version.matrix": of(
    sessions,
    "basic/lifecycle",
    "A session that was opened in any revision is served in the revision that its requests name.",
  ),
  "batch.revision": of(
    sessions,
    "basic",
    "Batches are for 2025-03-26, named or assumed, and refused by name elsewhere.",
  ),
  "batch.answers": of(
    ["2025-03-26"],
    legacy,
    "A batch is answered by a list of what its requests are owed, and nothing for its notifications.",
  ),
  "batch.initialize": of(
    ["2025-03-26"],
    "basic/lifecycle",
    "`initialize` within a batch is refused.",
  ),
  "batch.empty": of(["2025-03-26"], "basic", "An empty batch is an invalid request."),
  "batch.nothing-owed": of(
    ["2025-03-26"],
    legacy,
    "A batch of notifications or of responses is 202 with no body.",
  ),
  "cors.preflight": of(
    every,
    http,
    "A preflight is answered without a token, and allows the headers that clients send by name.",
  ),
  "cors.exposed": of(every, http, "Pages may read the challenge and the session id."),
  "origin.checked": of(
    every,
    http,
    "An Origin that is present and not allowed is 403, the opaque one included; none at all is fine.",
  ),
  "origin.before-auth": of(
    every,
    http,
    "A foreign Origin is refused before anybody looks at the token.",
  ),
  "host.rebinding": of(
    every,
    http,
    "A request that came by another host name is refused, and no URL is made from its Host.",
  ),
  "host.loopback": of(
    every,
    http,
    "A server that is meant for its own machine listens to that machine alone.",
  ),
  "url.trailing-slash": of(
    every,
    "basic/authorization",
    "Both spellings of the URL are served without a redirect, each as a resource of its own spelling.",
  ),
  "wire.schema": of(
    every,
    "basic",
    "Every message that a server sends is what the official schema of its revision says.",
  ),
} as const;
