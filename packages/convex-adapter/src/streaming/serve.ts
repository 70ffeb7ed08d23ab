import { askByMail, askInRounds, type Feature, resumption, streaming } from "@convex-mcp/protocol";
import type { Config } from "../config.ts";
import type { Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";
import { createCancellations } from "./cancellations.ts";
import { createEvents } from "./events.ts";
import { createLogLevels } from "./logLevels.ts";
import { createMailbox } from "./mailbox.ts";
import { roundOptions } from "./rounds.ts";

/** Settings of {@link serveStreaming}. */
export interface StreamingSettings {
  /** Whether the clients of 2025-11-25 can fetch the rest of a broken stream: a mutation for each message. */
  readonly resumable: boolean;
  /** How long a client has for an answer. */
  readonly answerMs: number;
  /** Seals what clients bring back; without one the component makes and keeps its own. */
  readonly secret: string | readonly string[] | undefined;
}

/** The platform stops a request's work with its response: what is cancelled gets this long to end and to be recorded. */
const GRACE_MS = 2_000;
/** How long a stream is kept after its last message. */
const STREAM_TTL_MS = 5 * 60_000;
/** Each look is a function call. */
const RESUMED_POLL_MS = 1_000;

/** Streaming over the component's tables. */
export function serveStreaming(
  config: Config,
  { resumable, answerMs, secret }: StreamingSettings,
): Feature<RequestScope, Principal> {
  return streaming({
    logs: createLogLevels(config),
    cancellations: createCancellations(config),
    ask: [
      askByMail({ mailbox: createMailbox(config, resumable), timeoutMs: answerMs }),
      askInRounds({ ...roundOptions(config, secret), ttlMs: answerMs }),
    ],
    graceMs: GRACE_MS,
    ...(resumable && {
      resume: resumption({
        events: createEvents(config, STREAM_TTL_MS),
        pollMs: RESUMED_POLL_MS,
      }),
    }),
  });
}
