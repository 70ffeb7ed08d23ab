import { every, modern, of, planned, sessions } from "../requirement.ts";

const http = "basic/transports/streamable-http";
const legacy = "basic/transports";
const listening = "basic/patterns/subscriptions";

/** Sessions, streams and subscriptions. */
export const streams = {
  "session.deleted": of(
    sessions,
    legacy,
    "After DELETE whatever names the session is 404; a DELETE that names none is 400.",
  ),
  "session.foreign": of(
    sessions,
    legacy,
    "A session of somebody else looks like one that does not exist.",
  ),
  "session.minted-anew": of(
    sessions,
    legacy,
    "`initialize` takes no notice of a session id and never revives one.",
  ),
  "session.id": of(sessions, legacy, "Session ids are unguessable and of visible ASCII."),
  "disconnect.session": of(
    sessions,
    legacy,
    "Hanging up is no cancellation in a session: the work goes on.",
  ),
  "disconnect.modern": of(
    modern,
    http,
    "Hanging up is cancellation in the modern era: work is told to stop, and nothing more is sent.",
  ),
  "cancel.session": of(
    sessions,
    "basic/utilities/cancellation",
    "A cancelled request is stopped and not answered; ids that are unknown or somebody else's are passed over.",
  ),
  "stream.priming": of(
    ["2025-11-25"],
    legacy,
    "A stream that can be fetched again begins with an id and a wait, for clients that agreed on 2025-11-25 alone.",
  ),
  "stream.event-ids": of(
    ["2025-11-25"],
    legacy,
    "Event ids are unique over all streams of a session and name the stream that they belong to.",
  ),
  "stream.resume-own": of(
    ["2025-11-25"],
    legacy,
    "What is fetched again is the stream that broke, to its own client, and nothing of any other.",
  ),
  "stream.one-each": planned(
    of(
      sessions,
      legacy,
      "Each message goes to one of the connected streams: two GET streams of a session are not both told of the same change.",
    ),
    "both streams are told today",
  ),
  "stream.get-no-response": of(
    sessions,
    legacy,
    "A GET stream that resumes nothing carries no responses, nor what belongs to a request.",
  ),
  "stream.framing": of(
    every,
    http,
    "An event is one message on lines of `data`, and the stream's headers keep proxies from buffering and rewriting it.",
  ),
  "stream.heartbeat": of(every, http, "A silent stream is kept open with comments."),
  "stream.last-frame": of(
    every,
    http,
    "A response is the last frame of its stream, which then closes.",
  ),
  "stream.no-server-requests": of(
    modern,
    http,
    "A modern stream carries no requests of the server.",
  ),
  "stream.large": of(
    every,
    http,
    "A result of any length comes whole, and characters that chunks cut are put together.",
  ),
  "listen.ack-first": of(
    modern,
    listening,
    "The acknowledgement comes before anything else, even before what happened meanwhile.",
  ),
  "listen.filter": of(
    modern,
    listening,
    "Only what was asked for and granted is told, and the acknowledgement says what that is.",
  ),
  "listen.id": of(
    modern,
    listening,
    "Each message of the subscription names it by the request's id, in its type.",
  ),
  "listen.graceful": of(
    modern,
    listening,
    "A subscription that the server ends, ends with a result.",
  ),
  "listen.declared": of(
    every,
    listening,
    "`listChanged` and `subscribe` are declared only where changes can be told.",
  ),
  "listen.across-instances": planned(
    of(modern, listening, "A change reaches those who listen, whichever instance made it."),
    "on Convex nothing tells of changes yet; on Node all listen to one process",
  ),
  "listen.token-expiry": planned(
    of(modern, "basic/authorization", "A stream does not outlive the token that opened it."),
    "a stream ends after a time that its server sets",
  ),
} as const;
