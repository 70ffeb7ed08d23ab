import type { Change, ChangeFeed, ChangeFilter } from "@convex-mcp/protocol";
import { taskWorkOf } from "../calls/taskWork.ts";
import type { Subject } from "../component/shared.ts";
import type { Config } from "../config.ts";
import { ownerOf, type Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";
import type { Who } from "../identity/who.ts";
import { type Pace, poll } from "../streaming/poll.ts";
import { mayKnow } from "./permission.ts";
import { createWindow } from "./window.ts";

/** After 1, 2.5, 4.8 and 8.1 seconds, then each 5 seconds, and anew after each news. Each look is a function call. */
const PACE: Pace = { firstMs: 1_000, mostMs: 5_000 };

/** The kinds of changes that are told here. */
export type ChangeKind = Subject["kind"];

/** Settings of {@link createFeed}. */
export interface FeedSettings {
  readonly kinds: readonly ChangeKind[];
  /** How long a stream lasts. */
  readonly maxMs: number;
  /** How many streams an owner can have. */
  readonly maxStreams: number;
}

/** Changes in the component's table: a mutation when a stream opens, then looks. */
export function createFeed(
  config: Config,
  settings: FeedSettings,
): ChangeFeed<RequestScope, Principal> {
  return {
    kinds: settings.kinds,
    watch: (caller, filter, signal) =>
      watch(config, settings, caller, { filter, signal, start: Date.now() }),
  };
}

interface Watching {
  readonly filter: ChangeFilter;
  readonly signal: AbortSignal;
  readonly start: number;
}

/** Ends by itself with the session, or when newer streams take its place. */
async function* watch(
  config: Config,
  { maxMs, maxStreams }: FeedSettings,
  caller: Who,
  { filter, signal, start }: Watching,
): AsyncGenerator<Change> {
  const { ctx } = caller.context;
  const { changes, listeners } = config.component;
  const owner = ownerOf(caller.principal);
  // Who names no URIs has subscribed to them: that is what the session's own stream tells of.
  const ofSession = filter.uris === undefined ? caller.sessionId : undefined;
  const listenerId = await ctx.runMutation(listeners.open, {
    owner,
    ...(ofSession === undefined ? {} : { sessionId: ofSession }),
    ttlMs: maxMs,
    maxPerOwner: maxStreams,
  });
  const subjects = subjectsOf(filter);
  const window = createWindow(start, Date.now);
  for (;;) {
    const news = await poll(PACE, signal, async () => {
      const asked = { listenerId, owner, subjects, since: window.since() };
      const found = await ctx.runQuery(changes.look, asked);
      if (found === null) return null;
      const fresh = window.fresh(found);
      return fresh.length > 0 ? fresh : undefined;
    });
    if (news === null || news === undefined) return;
    const now = renew(config, caller);
    const told = await Promise.all(news.map((subject) => toChange(config, now, subject)));
    for (const change of told) if (change !== undefined) yield change;
  }
}

function subjectsOf({ kinds, uris = [], taskIds }: ChangeFilter): Subject[] {
  const lists = (["tools", "prompts", "resources"] as const).filter((kind) => kinds.includes(kind));
  return [
    ...lists.map((kind) => ({ kind, name: "" })),
    ...[...new Set(uris)].map((name) => ({ kind: "resource" as const, name })),
    ...[...new Set(taskIds)].map((name) => ({ kind: "task" as const, name })),
  ];
}

/** The caller without what `loadContext` returned before: it may hold no more. */
function renew({ loadContext }: Config, caller: Who): Who {
  const { context } = caller;
  let loaded: Promise<unknown> | undefined;
  const load: RequestScope["load"] = (identity) =>
    (loaded ??= Promise.resolve(loadContext?.(context.ctx, identity)));
  return { ...caller, context: { ...context, load } };
}

/** What a caller is told of a subject that changed, if they may know of it now. */
async function toChange(
  config: Config,
  caller: Who,
  { kind, name }: Subject,
): Promise<Change | undefined> {
  if (kind === "task") {
    const task = await taskWorkOf(config).store(config).get(caller, name);
    return task && { kind, task };
  }
  if (kind !== "resource") return { kind };
  const allowed = await mayKnow(config, caller, { kind, uri: name });
  return allowed ? { kind, uri: name } : undefined;
}
