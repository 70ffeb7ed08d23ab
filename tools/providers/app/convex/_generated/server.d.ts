import type { GenericDataModel, MutationBuilder, QueryBuilder } from "convex/server";

export declare const internalMutation: MutationBuilder<GenericDataModel, "internal">;
export declare const mutation: MutationBuilder<GenericDataModel, "public">;
export declare const query: QueryBuilder<GenericDataModel, "public">;
