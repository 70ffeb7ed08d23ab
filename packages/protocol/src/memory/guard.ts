import type { Caller } from "../rpc/caller.ts";
import type { FixedList, Listing } from "../wire/listing.ts";
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

/** What a caller may see of items, in their order; of all that are for everyone, what was made once. */
export async function visible<C, P, Item>(
  authorize: Authorize<C, P, Item> | undefined,
  caller: Caller<C, P>,
  list: FixedList<Item>,
): Promise<Listing<Item>> {
  if (authorize === undefined) return list;
  const { items } = list;
  const decisions = await Promise.all(
    items.map(async (item) => await authorize(caller, item, "list")),
  );
  return items.filter((_, index) => decisions[index] === true);
}

/**
 * How the use of an item is declined, if it is: in the order refusal, session, unknown. Without a store
 * no session holds.
 */
export async function decline<C, P, Item>(
  authorize: Authorize<C, P, Item> | undefined,
  sessions: SessionStore<C, P> | undefined,
  caller: Caller<C, P>,
  item: Item | undefined,
): Promise<
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "sessionNotFound" }
  | { readonly kind: "unknown" }
  | undefined
> {
  const known = item !== undefined;
  const decision = known && authorize ? await authorize(caller, item, "call") : known;
  if (typeof decision === "object") return { kind: "refused", refusal: decision };
  const { sessionId } = caller;
  if (sessionId !== undefined && !(await sessions?.check(caller, sessionId))) {
    return { kind: "sessionNotFound" };
  }
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
