import type { CachePolicy, ListRequest } from "../rpc/caller.ts";
import { markOf } from "../rpc/exchange.ts";
import type { Exchange, MethodCall, Outcome } from "../rpc/exchange.ts";
import { invalidParams } from "../rpc/failures.ts";
import type { Listing } from "../wire/listing.ts";
import { rawJson } from "../wire/raw.ts";
import type { Revision } from "../wire/versions.ts";
import { pageOf } from "./page.ts";
import type { NameOf } from "./page.ts";

/** A list that a method answers page by page. */
export interface List<C, P, T> {
  readonly list: (request: ListRequest<T>) => Promise<Listing<T>>;
  /** The member of the answer that holds the items: `tools`. */
  readonly member: string;
  readonly nameOf: NameOf<T>;
  /** An item without what a revision does not know. */
  readonly revise: (item: T, revision: Revision) => object;
  readonly cache: CachePolicy<C, P> | undefined;
}

/** The page of a list that the client asked for. */
export async function listOutcome<C, P, T>(
  { server: { pageSize }, revision, caller }: Exchange<C, P>,
  call: MethodCall,
  { list, member, nameOf, revise, cache: policy = {} }: List<C, P, T>,
): Promise<Outcome> {
  const { cursor } = call.params;
  const pageIn = (items: readonly T[]) => pageOf(items, nameOf, cursor, pageSize);
  const isFoundIn = (items: readonly T[]) => pageIn(items) !== "invalidCursor";
  const listing = await list({ ...markOf(call), isFoundIn });
  const isFixed = "text" in listing;
  const page = pageIn(isFixed ? listing.items : listing);
  if (page === "invalidCursor") {
    return invalidParams(
      `${member}: "cursor" must be a nextCursor of an earlier answer. List again without one.`,
    );
  }
  const cache = typeof policy === "function" ? policy(caller) : policy;
  const makeResult = () => {
    const items = page.items.map((item) => revise(item, revision));
    return { [member]: items, nextCursor: page.nextCursor };
  };
  if (!isFixed || cursor !== undefined) return { kind: "result", result: makeResult(), cache };
  const { version } = revision;
  // What fits on one page does so on a larger one as well.
  const name = listing.items.length > pageSize ? `${version} ${pageSize}` : version;
  const text = listing.text(name, () => JSON.stringify(makeResult()));
  return { kind: "result", result: rawJson(text), cache };
}
