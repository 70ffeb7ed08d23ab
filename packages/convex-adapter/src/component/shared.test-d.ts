import type { AuditEntry, AuditOutcome } from "@convex-mcp/audit";
import type { Entry, Outcome } from "./shared.ts";

/** True for types that are the same to the letter: optional fields and `any` count. */
type Same<A, B> =
  (<T>(x: T) => T extends A ? 1 : 2) extends <T>(x: T) => T extends B ? 1 : 2 ? true : false;
/** Spells a type out, and drops `readonly`, which validators do not have. */
type Plain<T> = { -readonly [Key in keyof T]: T[Key] };

/** Storage keeps the time itself, as `_creationTime`. */
export const entriesAreSame: Same<Plain<Entry>, Plain<Omit<AuditEntry, "at">>> = true;
export const outcomesAreSame: Same<Outcome, AuditOutcome> = true;

/** That the comparison can fail. */
export const missing: Same<Plain<Entry>, Plain<Omit<AuditEntry, "at" | "ip">>> = false;
export const required: Same<Plain<Entry>, Plain<Omit<AuditEntry, "at"> & { ip: string }>> = false;
