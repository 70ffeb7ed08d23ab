import type { CachePolicy } from "../rpc/caller.ts";
import type { Exchange, MethodCall, Outcome } from "../rpc/exchange.ts";
import { invalidParams } from "../rpc/failures.ts";
import type { Revision } from "../wire/versions.ts";
import { pageOf } from "./page.ts";
import type { NameOf } from "./page.ts";

/** A list that a method answers page by page. */
export interface List<C, P, T> {
  readonly items: readonly T[];
  /** The member of the answer that holds the items: `tools`. */
  readonly member: string;
  readonly nameOf: NameOf<T>;
  /** An item without what a revision does not know. */
  readonly revise: (item: T, revision: Revision) => object;
  readonly cache: CachePolicy<C, P> | undefined;
}

/** The page of a list that the client asked for. */
export function listOutcome<C, P, T>(
  { server, revision, caller }: Exchange<C, P>,
  { params }: MethodCall,
  { items, member, nameOf, revise, cache = {} }: List<C, P, T>,
): Outcome {
  const page = pageOf(items, nameOf, params.cursor, server.pageSize);
  if (page === "invalidCursor") {
    return invalidParams(
      `${member}: "cursor" must be a nextCursor of an earlier answer. List again without one.`,
    );
  }
  const result = {
    [member]: page.items.map((item) => revise(item, revision)),
    nextCursor: page.nextCursor,
  };
  return { kind: "result", result, cache: typeof cache === "function" ? cache(caller) : cache };
}
