import type { Caller } from "../rpc/caller.ts";
import type { DetailedTask } from "../wire/task.ts";

/** Something that clients may want to know of at once. */
export type Change =
  /** A list is not what it was. */
  | { readonly kind: "tools" | "prompts" | "resources" }
  | { readonly kind: "resource"; readonly uri: string }
  | { readonly kind: "task"; readonly task: DetailedTask };

/** What a client wants to know of. */
export interface ChangeFilter {
  readonly kinds: readonly Change["kind"][];
  /** The resources it wants to know of; `undefined`: any. */
  readonly uris: readonly string[] | undefined;
  readonly taskIds: readonly string[];
}

/** Where changes are heard of, whoever made them. */
export interface ChangeFeed<C, P> {
  /** The kinds it tells of. Clients are told of just these. */
  readonly kinds: readonly Change["kind"][];
  /**
   * The changes from this call on (not from the first `next`), until `signal` aborts. The filter is a
   * help: what it excludes may come, and is dropped.
   */
  watch(caller: Caller<C, P>, filter: ChangeFilter, signal: AbortSignal): AsyncIterable<Change>;
}

/** Changes within this process. */
export interface MemoryChanges<C, P> extends ChangeFeed<C, P> {
  /** Tells everyone who watches. */
  publish(change: Change): void;
}

/** A feed of the changes that this process makes. */
export function memoryChanges<C, P>(options: {
  readonly kinds: readonly Change["kind"][];
}): MemoryChanges<C, P> {
  const watchers = new Set<(change: Change) => void>();
  return {
    kinds: options.kinds,
    publish: (change) => {
      for (const tell of watchers) tell(change);
    },
    watch: (_, filter, signal) => {
      // By what they are of, so that a slow reader keeps the last of each at most.
      const waiting = new Map<string, Change>();
      let wake: () => void = () => undefined;
      const tell = (change: Change) => {
        if (!matches(filter, change)) return;
        waiting.set(subjectOf(change), change);
        wake();
      };
      if (!signal.aborted) watchers.add(tell);
      signal.addEventListener("abort", () => {
        watchers.delete(tell);
        wake();
      });
      return take(waiting, signal, (resolve) => (wake = resolve));
    },
  };
}

/** Whether a change is one that a client wants to know of. */
export function matches({ kinds, uris, taskIds }: ChangeFilter, change: Change): boolean {
  if (!kinds.includes(change.kind)) return false;
  if (change.kind === "resource") return uris === undefined || uris.includes(change.uri);
  return change.kind !== "task" || taskIds.includes(change.task.taskId);
}

function subjectOf(change: Change): string {
  switch (change.kind) {
    case "resource":
      return `resource ${change.uri}`;
    case "task":
      return `task ${change.task.taskId}`;
    default:
      return change.kind;
  }
}

async function* take(
  waiting: Map<string, Change>,
  signal: AbortSignal,
  onWake: (resolve: () => void) => void,
): AsyncGenerator<Change> {
  while (!signal.aborted) {
    const [next] = waiting;
    if (next) {
      waiting.delete(next[0]);
      yield next[1];
    } else {
      await new Promise<void>(onWake);
    }
  }
}
