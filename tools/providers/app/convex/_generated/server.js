import { internalMutationGeneric, mutationGeneric, queryGeneric } from "convex/server";

export const internalMutation = internalMutationGeneric;
export const mutation = mutationGeneric;
export const query = queryGeneric;
