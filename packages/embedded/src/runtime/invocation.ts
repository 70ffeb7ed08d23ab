import { AsyncLocalStorage } from "node:async_hooks";

/** What can run. */
export type FunctionKind = "query" | "mutation" | "action" | "http";

/** The bearer token of the request that started it all. */
export interface Bearer {
  /** The token as it came, verified; null without one. */
  readonly token: string | null;
  /** Why a token that came was refused; null when none came or it is good. */
  readonly problem: string | null;
}

/** No `Authorization` header. */
export const noBearer: Bearer = { token: null, problem: null };

/** The part of convex-test's context that functions are given through syscalls. */
export interface EngineContext {
  readonly auth: { getUserIdentity(): Promise<object | null> };
  runQuery(reference: unknown, args: unknown): Promise<unknown>;
  runMutation(reference: unknown, args: unknown): Promise<unknown>;
  runAction(reference: unknown, args: unknown): Promise<unknown>;
}

/** One running function. */
export interface Invocation {
  /** Path of its component, "" for the app. */
  readonly component: string;
  /** "module:export", or "POST /path" for an HTTP action. */
  readonly name: string;
  readonly kind: FunctionKind;
  readonly bearer: Bearer;
  readonly ctx: EngineContext;
  /** Engine time at its start. */
  readonly startedAt: number;
  readonly startedAtPerformance: number;
}

/** The running function, by asynchronous context. */
export const invocations = new AsyncLocalStorage<Invocation>();

/** Set while convex-test schedules a function: the timers that it sets then are on engine time. */
export const scheduling = new AsyncLocalStorage<true>();

/** Queries and mutations, which share one transaction with what they call. */
export function isTransaction(kind: FunctionKind): boolean {
  return kind === "query" || kind === "mutation";
}

/**
 * The bearer that a callee sees. Between the app and a component an action's call strips it
 * (convex-backend `propagate_component_auth`); within a transaction it stays.
 */
export function inheritBearer(parent: Invocation | undefined, component: string): Bearer {
  if (parent === undefined) return noBearer;
  if (isTransaction(parent.kind)) return parent.bearer;
  return parent.component === "" && component === "" ? parent.bearer : noBearer;
}
