import type { ComponentApi, RunMutationCtx } from "@convex-mcp/convex-adapter";

/** What a pruning did. `done` is false while it goes on in the background. */
export interface Pruned {
  /** How many are gone by now. */
  readonly deleted: number;
  readonly done: boolean;
}

/** What an erasure did. `done` is false while it goes on in the background. */
export interface ErasedSubject {
  readonly erased: number;
  readonly done: boolean;
}

/** Deletes entries made before a time. Entries past their retention go by themselves. That it was done is in the chain. */
export function pruneAuditEntries(
  ctx: RunMutationCtx,
  component: ComponentApi,
  { before }: { readonly before: number },
): Promise<Pruned> {
  return ctx.runMutation(component.retention.prune, { before });
}

/**
 * Takes a person out of the log: of the entries of their calls until now the subject, the session, ids of requests, the address,
 * the user agent, arguments, result, texts of errors and decisions, and the trace are gone for good. The entries stay, with what
 * was called, how it ended and by which client; so do statistics. The chain still verifies. Ends of their tasks, sessions and
 * grants that are still to come name nobody. It has no access control of its own: call it from a function that decides who may.
 *
 * What was exported before is not reached, nor what is no log: their sessions, tasks with arguments and results, answers kept for
 * idempotency keys, API keys and grants, each of which goes when it expires.
 */
export function eraseAuditSubject(
  ctx: RunMutationCtx,
  component: ComponentApi,
  { subject, issuer }: { readonly subject: string; readonly issuer: string },
): Promise<ErasedSubject> {
  return ctx.runMutation(component.erasure.erase, { subject, issuer });
}
