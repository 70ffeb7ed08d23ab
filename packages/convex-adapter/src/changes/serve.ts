import { type Feature, memoryListeners, serveChanges } from "@convex-mcp/protocol";
import { limitingOf } from "../calls/counting.ts";
import { countRefusal } from "../calls/record.ts";
import type { Config } from "../config.ts";
import { expiryOf } from "../identity/expiry.ts";
import type { Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";
import type { Who } from "../identity/who.ts";
import { type ChangeKind, createFeed } from "./feed.ts";
import { mayKnow } from "./permission.ts";
import { createSubscriptions } from "./subscriptions.ts";

/** Settings of {@link serveStoredChanges}. */
export interface ChangesSettings {
  /** What is told. Default: everything that the gateway offers. */
  readonly kinds: readonly ChangeKind[] | undefined;
  /** Whether the clients of sessions are told too. */
  readonly getStream: boolean;
  /** How long a stream lasts. */
  readonly maxMs: number;
  /** How many streams an owner can have. */
  readonly maxStreams: number;
}

/**
 * Changes over the component's tables.
 *
 * @throws TypeError when a kind is to be told that the gateway does not offer.
 */
export function serveStoredChanges(
  config: Config,
  { kinds, getStream, maxMs, maxStreams }: ChangesSettings,
): Feature<RequestScope, Principal> {
  const feed = createFeed(config, { kinds: told(config, kinds), maxMs, maxStreams });
  const opening = countOpenings(config);
  // The component's table bounds them: these are of one request.
  const listeners = memoryListeners<RequestScope, Principal>();
  return serveChanges({
    feed,
    authorize: async (caller, target) => {
      // A session's subscription counts in its own mutation.
      if (caller.sessionId === undefined) await opening(caller);
      const may = await mayKnow(config, caller, target);
      // The store of tasks counts its own.
      if (!may && target.kind === "resource") {
        await countRefusal(config, caller.context.ctx, "subscription");
      }
      return may;
    },
    listeners: {
      ...listeners,
      enter: async (caller, over) => {
        await opening(caller);
        return listeners.enter(caller, over);
      },
    },
    expiresAt: ({ principal, context }) => expiryOf(principal, context),
    maxMs,
    ...(getStream && { subscriptions: createSubscriptions(config) }),
  });
}

/** Counts a request for a stream once, before anything is read for what it names. */
function countOpenings(config: Config): (caller: Who) => Promise<void> | undefined {
  const counted = new WeakMap<Who, Promise<void> | undefined>();
  return (caller) => {
    if (!counted.has(caller)) counted.set(caller, limitingOf(config, caller)?.take());
    return counted.get(caller);
  };
}

function told({ features }: Config, kinds: ChangesSettings["kinds"]): readonly ChangeKind[] {
  const lists = features.flatMap(({ list }) => list ?? []);
  const offered: readonly ChangeKind[] = [
    "tools",
    ...lists,
    ...(lists.includes("resources") ? (["resource"] as const) : []),
    ...(features.some(({ tasks }) => tasks) ? (["task"] as const) : []),
  ];
  const other = kinds?.find((kind) => !offered.includes(kind));
  if (other === undefined) return kinds ?? offered;
  throw new TypeError(
    `mcpChanges: expected kinds to be of ${offered.join(", ")}, which this gateway offers, got ${JSON.stringify(other)}.`,
  );
}
