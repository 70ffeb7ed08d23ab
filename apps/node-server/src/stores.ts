import {
  memoryCancellations,
  memoryContinuations,
  memoryEvents,
  memoryLogLevels,
  memoryMailbox,
  memorySessions,
  memorySubscriptions,
} from "@convex-mcp/protocol";
import type {
  CancellationStore,
  ContinuationStore,
  EventStore,
  LogLevelStore,
  Mailbox,
  SessionStore,
  SubscriptionStore,
} from "@convex-mcp/protocol";

/** Who calls: this server asks nobody for a token, so all are the same. */
export type Principal = string;

/** What a server remembers between two requests. */
export interface Stores {
  readonly sessions: SessionStore<undefined, Principal>;
  readonly subscriptions: SubscriptionStore<undefined, Principal>;
  readonly logs: LogLevelStore<undefined, Principal>;
  readonly cancellations: CancellationStore<undefined, Principal>;
  readonly mailbox: Mailbox<undefined, Principal>;
  readonly continuations: ContinuationStore<undefined, Principal>;
  readonly events: EventStore<undefined, Principal>;
  readonly close: () => void;
}

/** Stores that a restart empties. */
export function memoryStores(): Stores {
  return {
    // All callers are one owner here, whose sessions must not push each other out.
    sessions: memorySessions({ ownerOf: (principal) => principal, maxPerOwner: 10_000 }),
    subscriptions: memorySubscriptions(),
    logs: memoryLogLevels(),
    cancellations: memoryCancellations(),
    mailbox: memoryMailbox(),
    continuations: memoryContinuations(),
    events: memoryEvents(),
    close: () => undefined,
  };
}
