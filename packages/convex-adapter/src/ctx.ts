import type { FunctionArgs, FunctionReference, FunctionReturnType } from "convex/server";

/** Any `ctx` that can run a mutation. */
export interface RunMutationCtx {
  runMutation<Mutation extends FunctionReference<"mutation", "internal">>(
    mutation: Mutation,
    args: FunctionArgs<Mutation>,
  ): Promise<FunctionReturnType<Mutation>>;
}

/** Any `ctx` that can run a query. */
export interface RunQueryCtx {
  runQuery<Query extends FunctionReference<"query", "internal">>(
    query: Query,
    args: FunctionArgs<Query>,
  ): Promise<FunctionReturnType<Query>>;
}
