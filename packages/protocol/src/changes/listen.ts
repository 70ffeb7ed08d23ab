import type { Caller } from "../rpc/caller.ts";
import { MissingCapability } from "../rpc/channel.ts";
import type { Exchange, Method, MethodCall, Outcome } from "../rpc/exchange.ts";
import { invalidParams, needsStream } from "../rpc/failures.ts";
import { serialise } from "../rpc/serialise.ts";
import { isObject } from "../wire/json.ts";
import { notificationMessage, resultMessage } from "../wire/jsonrpc.ts";
import { metaKeys } from "../wire/meta.ts";
import { declaresTasks, tasksCapability } from "../wire/task.ts";
import type { Change, ChangeFilter } from "./feed.ts";
import { tell, toNotification } from "./tell.ts";
import type { TellOptions } from "./tell.ts";

/** One thing that a client wants to be told of by name. */
export type WatchTarget =
  | { readonly kind: "resource"; readonly uri: string }
  | { readonly kind: "task"; readonly taskId: string };

/** What a client asks to be told of, in the specification's spelling. */
interface ListenRequest {
  readonly toolsListChanged?: boolean | undefined;
  readonly promptsListChanged?: boolean | undefined;
  readonly resourcesListChanged?: boolean | undefined;
  readonly resourceSubscriptions?: readonly string[] | undefined;
  readonly taskIds?: readonly string[] | undefined;
}

/** A filter, and how the client is told of it. */
interface Accepted extends ChangeFilter {
  readonly notifications: ListenRequest;
}

/**
 * Reads the wishes of `subscriptions/listen`, or says what is wrong with them. Unknown ones are left
 * out. @throws MissingCapability when tasks are wanted by a client that does not declare them.
 */
function parseListen<C, P>(
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

/** Whether a caller may know of changes to something. */
export type Authorize<C, P> = (
  caller: Caller<C, P>,
  target: WatchTarget,
) => boolean | Promise<boolean>;

interface ListenOptions<C, P> extends TellOptions<C, P> {
  readonly authorize?: Authorize<C, P> | undefined;
}

/** `subscriptions/listen` (2026-07-28, basic/patterns/subscriptions). */
export function listenMethod<C, P>(options: ListenOptions<C, P>): Method<C, P> {
  return {
    era: "modern",
    session: "dispatcher",
    run: (exchange, call) => listen(options, exchange, call),
  };
}

async function listen<C, P>(
  options: ListenOptions<C, P>,
  exchange: Exchange<C, P>,
  { id, params }: MethodCall,
): Promise<Outcome> {
  const wanted = parseListen(params.notifications, exchange);
  if (typeof wanted === "string") return invalidParams(wanted);
  if (!exchange.streams) return { kind: "refused", refusal: needsStream };
  const filter = await acceptedBy(options, exchange.caller, wanted);
  const _meta = { [metaKeys.subscriptionId]: id };
  return await tell(options, exchange, filter, {
    first: notificationMessage("notifications/subscriptions/acknowledged", {
      notifications: filter.notifications,
      _meta,
    }),
    toMessage: async (change) => toNotification(change, _meta),
    last: resultMessage(id, serialise(exchange, { kind: "result", result: { _meta } })),
  });
}

/** The part of a client's wishes that is granted. */
async function acceptedBy<C, P>(
  { feed: { kinds }, authorize = (_, { kind }) => kind === "resource" }: ListenOptions<C, P>,
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
