import { every, from, modern, of, planned, sessions } from "../requirement.ts";

const mrtr = "basic/patterns/mrtr";
const caching = "server/utilities/caching";
const tools = "server/tools";
const tasks = "/extensions/tasks/overview";

/** Results, tools, resources, prompts, questions and tasks. */
export const features = {
  "result.type": of(
    modern,
    "basic",
    "Every modern result says its type, empty ones and the end of a subscription included; those of a session say none.",
  ),
  "cache.hints": of(
    modern,
    caching,
    "Cache hints stand on `server/discover`, on every page of a list and on what is read, and never on a question.",
  ),
  "cache.pages": of(modern, caching, "All pages of a list have one scope."),
  "cache.private": of(
    modern,
    caching,
    "What may differ between callers is private unless its server says otherwise.",
  ),
  "resource.missing": of(
    every,
    "server/resources",
    "A resource that does not exist is an error with its URI, -32602 in the modern era and -32002 in a session, and never an empty list.",
  ),
  "resource.uri-valid": planned(
    of(
      every,
      "server/resources",
      "A URI that is none is refused before anything is matched with it or echoes it.",
    ),
    "what follows the scheme is not looked at today",
  ),
  "tool.unknown": of(
    every,
    tools,
    "An unknown tool is a protocol error, -32602, and so is one that the caller may not know of.",
  ),
  "tool.bad-arguments": of(
    every,
    tools,
    "Arguments that are wrong are a result with `isError`, so that the model can correct them.",
  ),
  "tool.no-arguments": of(every, tools, "Absent arguments are empty ones, for tools and prompts."),
  "tool.structured": of(
    modern,
    tools,
    "Structured content may be any JSON value, falsy ones included; a session gets an object.",
  ),
  "tool.output-schema-root": of(
    sessions,
    tools,
    "An output schema whose root is no object is hidden from sessions.",
  ),
  "tool.output-conforms": of(
    every,
    tools,
    "A result that does not match what its tool declares is never sent as a success.",
  ),
  "tool.text-mirror": of(every, tools, "Structured content stands in the text as well."),
  "tool.name": of(
    ["2025-11-25", "2026-07-28"],
    tools,
    "Names of tools keep to the characters and the length that every client takes, and are unique.",
  ),
  "tool.schema-intact": of(
    every,
    tools,
    "Every keyword of a tool's schemas reaches the client, and their root is an object.",
  ),
  "tool.internal-error": of(
    every,
    tools,
    "What a tool throws stays with its server, unless it was meant for the model.",
  ),
  "list.order": of(every, tools, "Lists come in one order, and pages hold every item once."),
  "list.cursor": of(
    every,
    "server/utilities/pagination",
    "A cursor that is not ours is -32602; the empty one is a cursor, and no sign of the end.",
  ),
  "list.cursor-foreign": of(
    every,
    "server/utilities/pagination",
    "A cursor of one caller shows another nothing that they may not see.",
  ),
  "list.no-null": of(
    every,
    "basic",
    "What is absent is left out and never null; null where an object is due is refused.",
  ),
  "logging.opt-in": of(
    modern,
    "server/utilities/logging",
    "A modern request gets log lines only when it asks for a level, and only on its own stream.",
  ),
  "logging.level": of(sessions, "server/utilities/logging", "An unknown level is -32602."),
  "progress.token": of(
    every,
    "basic/patterns/progress",
    "Progress is told only where a token was given, 0 included.",
  ),
  "progress.increases": of(
    every,
    "basic/patterns/progress",
    "Progress increases strictly and ends with the request.",
  ),
  "completion.limit": of(
    every,
    "server/utilities/completion",
    "At most 100 values are suggested, with a word on whether there are more.",
  ),
  "completion.unknown": of(
    every,
    "server/utilities/completion",
    "An unknown reference or argument is -32602.",
  ),
  "completion.authorized": of(
    every,
    "server/utilities/completion",
    "Suggestions show a caller nothing that they may not see.",
  ),
  "elicitation.modes": of(
    ["2025-11-25", "2026-07-28"],
    "client/elicitation",
    "An empty capability means forms; a page to visit is asked only of who declares it.",
  ),
  "elicitation.answers": of(
    ["2025-06-18", "2025-11-25", "2026-07-28"],
    "client/elicitation",
    "Accepting without what was asked for is no answer; declining and cancelling are told apart.",
  ),
  "elicitation.session-bound": of(
    sessions,
    "basic/transports",
    "An answer counts only when it comes from the session that was asked.",
  ),
  "mrtr.state-bound": of(
    modern,
    mrtr,
    "`requestState` is bound to user, method and arguments, expires, works once, and is checked even when nothing was answered; tampering is a JSON-RPC error.",
  ),
  "mrtr.bad-responses": of(
    modern,
    mrtr,
    "Answers that are missing, null or of a wrong type are asked for again or refused, and never complete a call.",
  ),
  "mrtr.unknown-keys": of(modern, mrtr, "Answers to questions that were not asked are ignored."),
  "mrtr.keys": from(
    modern,
    tasks,
    "A question keeps its key until it is answered, and an answer that comes again changes nothing.",
  ),
  "meta.preserved": of(
    every,
    "basic",
    "Keys of `_meta` that the server does not know reach the tool, and those of a tool the client, untouched.",
  ),
  "meta.server-info": of(
    every,
    "basic",
    "Who the server is stands in the body of a session's `initialize` and in `_meta` of modern results.",
  ),
  "capability.honest": of(
    every,
    "server/discover",
    "What is declared is answered, and what is answered is declared.",
  ),
  "content.base64": of(
    every,
    tools,
    "Binary content is base64 in the standard alphabet, with padding.",
  ),
  "task.failure": from(
    modern,
    tasks,
    "A task whose tool fails is completed with `isError`; only our own failure fails it.",
  ),
  "task.durable": from(
    modern,
    tasks,
    "A task can be got as soon as its id is known, in the field names of the extension.",
  ),
  "task.cancel": from(
    modern,
    tasks,
    "Cancelling is acknowledged again and again, whatever the state of the task.",
  ),
  "task.owner": from(
    modern,
    tasks,
    "An unknown, an expired and somebody else's task are refused alike, by every method.",
  ),
  "task.undeclared": from(
    modern,
    tasks,
    "A client that does not declare tasks gets none: the call waits, or says what it would need.",
  ),
  "retry.once": of(modern, mrtr, "A retry of an answered round does not run the call twice."),
  "retry.idempotent": planned(
    of(
      modern,
      "basic/transports/streamable-http",
      "A call that is sent again under a new id after a broken stream has its effect once.",
    ),
    "tools cannot ask for an idempotency key yet",
  ),
  "limits.rate": of(
    every,
    tools,
    "Calls and completions of one caller are limited in rate, and a refusal is 429 with Retry-After.",
  ),
  "limits.refusal": of(
    every,
    "basic/transports/streamable-http",
    "A refusal by rate has the shape that HTTP gives it: 429 with Retry-After, and a JSON-RPC error.",
  ),
  "limits.body": of(
    every,
    "basic",
    "Bodies are bounded in size, depth and members before anything is made of them.",
  ),
} as const;
