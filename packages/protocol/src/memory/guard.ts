import type { Caller } from "../rpc/caller.ts";
import type { Refusal } from "../wire/errors.ts";
import type { SessionStore } from "../sessions/store.ts";

/**
 * Whether a caller may use something: `false` hides it (absent from lists, unknown when named), a
 * {@link Refusal} hides it from lists and answers its use, such as 401 or 403 with a challenge.
 */
export type Decision = boolean | Refusal;

/** Asked for each item of a list, and for the one that is used. */
export type Authorize<C, P, Item> = (
  caller: Caller<C, P>,
  item: Item,
  mode: "list" | "call",
) => Decision | Promise<Decision>;

/** Whether the session that a caller names, if any, holds. Without a store no session does. */
export async function sessionHolds<C, P>(
  sessions: SessionStore<C, P> | undefined,
  caller: Caller<C, P>,
): Promise<boolean> {
  if (caller.sessionId === undefined) return true;
  return sessions !== undefined && (await sessions.check(caller, caller.sessionId));
}

/** The items that a caller may see, in their order. */
export async function visible<C, P, Item>(
  authorize: Authorize<C, P, Item>,
  caller: Caller<C, P>,
  items: readonly Item[],
): Promise<readonly Item[]> {
  const decisions = await Promise.all(
    items.map(async (item) => await authorize(caller, item, "list")),
  );
  return items.filter((_, index) => decisions[index] === true);
}

/** How the use of an item is declined, if it is: in the order refusal, session, unknown. */
export async function decline<C, P, Item>(
  authorize: Authorize<C, P, Item>,
  sessions: SessionStore<C, P> | undefined,
  caller: Caller<C, P>,
  item: Item | undefined,
): Promise<
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "sessionNotFound" }
  | { readonly kind: "unknown" }
  | undefined
> {
  const decision = item !== undefined && (await authorize(caller, item, "call"));
  if (typeof decision === "object") return { kind: "refused", refusal: decision };
  if (!(await sessionHolds(sessions, caller))) return { kind: "sessionNotFound" };
  return decision ? undefined : { kind: "unknown" };
}

/** The items by name. @throws TypeError when two have the same. */
export function uniquely<Item>(
  what: string,
  items: readonly Item[],
  nameOf: (item: Item) => string,
): ReadonlyMap<string, Item> {
  const map = new Map<string, Item>();
  for (const item of items) {
    const name = nameOf(item);
    if (map.has(name)) {
      throw new TypeError(`${what}: two are named "${name}"; a name must be unique.`);
    }
    map.set(name, item);
  }
  return map;
}
