import type { Caller } from "../rpc/caller.ts";
import { MissingCapability } from "../rpc/channel.ts";
import type { Exchange } from "../rpc/exchange.ts";
import { isObject } from "../wire/json.ts";
import type { JsonObject } from "../wire/json.ts";
import { notificationMessage } from "../wire/jsonrpc.ts";
import { declaresTasks, tasksCapability } from "../wire/task.ts";
import type { Change, ChangeFeed, ChangeFilter } from "./feed.ts";

/** One thing that a client wants to be told of by name. */
export type WatchTarget =
  | { readonly kind: "resource"; readonly uri: string }
  | { readonly kind: "task"; readonly taskId: string };

/** What a client asks to be told of, in the specification's spelling. */
export interface ListenRequest {
  readonly toolsListChanged?: boolean | undefined;
  readonly promptsListChanged?: boolean | undefined;
  readonly resourcesListChanged?: boolean | undefined;
  readonly resourceSubscriptions?: readonly string[] | undefined;
  readonly taskIds?: readonly string[] | undefined;
}

/** A filter, and how the client is told of it. */
export interface Accepted extends ChangeFilter {
  readonly notifications: ListenRequest;
}

/**
 * Reads the wishes of `subscriptions/listen`, or says what is wrong with them. Unknown ones are left
 * out. @throws MissingCapability when tasks are wanted by a client that does not declare them.
 */
export function parseListen<C, P>(
  wishes: unknown,
  { clientCapabilities }: Exchange<C, P>,
): ListenRequest | string {
  if (!isObject(wishes)) return 'subscriptions/listen: "notifications" must be an object.';
  for (const name of ["toolsListChanged", "promptsListChanged", "resourcesListChanged"]) {
    const wish = wishes[name];
    if (wish !== undefined && typeof wish !== "boolean") return `"${name}" must be a boolean.`;
  }
  for (const name of ["resourceSubscriptions", "taskIds"]) {
    if (!isTexts(wishes[name])) {
      return `"${name}" must be a list of strings, ${maxNames} at most: listen again for the others.`;
    }
  }
  if (wishes.taskIds !== undefined && !declaresTasks(clientCapabilities)) {
    throw new MissingCapability(tasksCapability);
  }
  return wishes;
}

// Each is asked about (`authorize`), and looked at with every change.
const maxNames = 100;

function isTexts(value: unknown): boolean {
  if (value === undefined) return true;
  if (!Array.isArray(value) || value.length > maxNames) return false;
  return value.every((item) => typeof item === "string");
}

/** The part of a client's wishes that is granted. */
export async function acceptedBy<C, P>(
  {
    feed: { kinds },
    authorize = (_, { kind }) => kind === "resource",
  }: {
    readonly feed: ChangeFeed<C, P>;
    readonly authorize?:
      | ((caller: Caller<C, P>, target: WatchTarget) => boolean | Promise<boolean>)
      | undefined;
  },
  caller: Caller<C, P>,
  wishes: ListenRequest,
): Promise<Accepted> {
  const notifications: Record<string, unknown> = {};
  const granted: Change["kind"][] = [];
  for (const kind of ["tools", "prompts", "resources"] as const) {
    if (!wishes[`${kind}ListChanged`] || !kinds.includes(kind)) continue;
    notifications[`${kind}ListChanged`] = true;
    granted.push(kind);
  }
  const grantNamed = async (
    kind: "resource" | "task",
    member: "resourceSubscriptions" | "taskIds",
    toTarget: (name: string) => WatchTarget,
  ): Promise<readonly string[]> => {
    const names = kinds.includes(kind) ? (wishes[member] ?? []) : [];
    const allowed = await Promise.all(
      names.map(async (name) => await authorize(caller, toTarget(name))),
    );
    const kept = names.filter((_, at) => allowed[at]);
    if (kept.length > 0) {
      notifications[member] = kept;
      granted.push(kind);
    }
    return kept;
  };
  return {
    uris: await grantNamed("resource", "resourceSubscriptions", (uri) => ({
      kind: "resource",
      uri,
    })),
    taskIds: await grantNamed("task", "taskIds", (taskId) => ({ kind: "task", taskId })),
    kinds: granted,
    notifications,
  };
}

/** A change as clients are told of it. */
export function toNotification(change: Change, _meta?: JsonObject): string {
  switch (change.kind) {
    case "resource":
      return notificationMessage("notifications/resources/updated", { uri: change.uri, _meta });
    case "task":
      return notificationMessage("notifications/tasks", { ...change.task, _meta });
    default:
      // Without members no "params" is due, and old clients may expect none.
      return notificationMessage(`notifications/${change.kind}/list_changed`, _meta && { _meta });
  }
}
