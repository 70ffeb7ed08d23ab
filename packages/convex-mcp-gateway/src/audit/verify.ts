import type { ComponentApi, RunQueryCtx } from "@convex-mcp/convex-adapter";

/** A link of the chain, by its number and its hash. */
export interface LinkMark {
  readonly sequence: number;
  readonly hash: string;
}

/** Where to look. */
export interface VerifyOptions {
  /** `last` of the page before. Default: from the oldest link. */
  readonly after?: LinkMark | null;
  /** A link as it was noted somewhere that who can write to the database cannot: proves that the log up to it is the same. */
  readonly anchor?: LinkMark;
}

/**
 * What is wrong. `gap`: links are missing. `link`: one is not what was written, or not in its place. `edited`, `deleted`: of
 * an entry. `erased`: a person was taken out, and not by an erasure. `unsealed`: no link has the entry.
 */
export interface AuditProblem {
  readonly kind: "gap" | "link" | "edited" | "deleted" | "erased" | "unsealed";
  readonly link: number;
  /** The entry's id. */
  readonly entry?: string;
  readonly message: string;
}

/** What was looked through, and what is wrong with it. */
export interface AuditVerification {
  readonly problems: readonly AuditProblem[];
  readonly links: number;
  readonly entries: number;
  /** Of these only that they exist is sealed: they were written without `audit.chain`. */
  readonly unsealable: number;
  /** The last link that was looked at: where the next page goes on, and what to note elsewhere. */
  readonly last: LinkMark | null;
  /** False: go on `after: last`. */
  readonly done: boolean;
}

/**
 * Looks through the chain over the audit log, a page at a time, and says what has been edited, deleted, put in another
 * order or left out. What went by retention, pruning and erasure is no problem. Entries younger than some minutes are in
 * no link yet. Who can write to the database can make the whole chain anew: note `last` elsewhere, and give it as `anchor`.
 *
 * @example
 * let after: LinkMark | null = null;
 * for (let done = false; !done;) {
 *   const page = await verifyAuditLog(ctx, components.mcpGateway, { after });
 *   if (page.problems.length > 0) await alarm(page.problems);
 *   ({ last: after, done } = page);
 * }
 */
export function verifyAuditLog(
  ctx: RunQueryCtx,
  component: ComponentApi,
  { after, anchor }: VerifyOptions = {},
): Promise<AuditVerification> {
  return ctx.runQuery(component.verifying.page, {
    ...(after === undefined || after === null ? {} : { after }),
    ...(anchor === undefined ? {} : { anchor }),
  });
}
