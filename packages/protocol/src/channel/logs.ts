import { createShares, ownerOfCaller } from "../memory/shares.ts";
import type { OwnerOptions } from "../memory/shares.ts";
import type { Caller } from "../rpc/caller.ts";
import type { Exchange, Method, MethodCall, Outcome } from "../rpc/exchange.ts";
import { invalidParams } from "../rpc/failures.ts";
import { metaKeys, metaOf } from "../wire/meta.ts";
import { isLogLevel, logLevels } from "../wire/questions.ts";
import type { LogLevel } from "../wire/questions.ts";

/** The log levels that sessions asked for. */
export interface LogLevelStore<C, P> {
  /** Keeps the least level that the caller's session wants. The session holds; without one, keep none. */
  set(caller: Caller<C, P>, level: LogLevel): Promise<void>;
  /** What the caller's session asked for, if it did. */
  get(caller: Caller<C, P>): Promise<LogLevel | undefined>;
}

// A session that never asked: the server may choose (server/utilities/logging).
const defaultLevel: LogLevel = "info";

/** `logging/setLevel`. 2026-07-28 names the level in each request instead. */
export function setLevelMethod<C, P>(store: LogLevelStore<C, P>): Method<C, P> {
  return {
    era: "session",
    session: "dispatcher",
    run: ({ caller }, call) => setLevel(store, caller, call),
  };
}

async function setLevel<C, P>(
  store: LogLevelStore<C, P>,
  caller: Caller<C, P>,
  { params: { level } }: MethodCall,
): Promise<Outcome> {
  if (!isLogLevel(level)) {
    return invalidParams(`logging/setLevel: "level" must be one of ${logLevels.join(", ")}.`);
  }
  await store.set(caller, level);
  return { kind: "result", result: {} };
}

/**
 * The least level that the client of a request wants; `undefined`: no lines at all. In 2026-07-28
 * those alone get any who ask in the request.
 */
export async function wantedLevel<C, P>(
  store: LogLevelStore<C, P>,
  { revision, caller }: Exchange<C, P>,
  params: unknown,
): Promise<LogLevel | undefined> {
  if (revision.era === "session") return (await store.get(caller)) ?? defaultLevel;
  const level = metaOf(params)[metaKeys.logLevel];
  return isLogLevel(level) ? level : undefined;
}

/** Whether a line is worth sending to a client that wants lines from a level on. */
export function reaches(level: LogLevel, wanted: LogLevel | undefined): boolean {
  return wanted !== undefined && logLevels.indexOf(level) >= logLevels.indexOf(wanted);
}

/** Options of {@link memoryLogLevels}. */
export interface MemoryLogLevelsOptions<P> extends OwnerOptions<P> {
  /** Sessions of one owner whose level is kept; a further one forgets its oldest. Default: 20. */
  readonly maxPerOwner?: number;
  /** Sessions in all; a further one forgets one of the owner who has most. Default: 10,000. */
  readonly max?: number;
}

/** Log levels in this process' memory, by session. */
export function memoryLogLevels<C, P>(
  options: MemoryLogLevelsOptions<P> = {},
): LogLevelStore<C, P> {
  const { maxPerOwner = 20, max = 10_000 } = options;
  const levels = createShares<LogLevel>({ maxPerOwner, max });
  return {
    async set(caller, level) {
      const { sessionId } = caller;
      if (sessionId !== undefined) levels.set(ownerOfCaller(options, caller), sessionId, level);
    },
    get: async (caller) => levels.get(ownerOfCaller(options, caller), caller.sessionId ?? ""),
  };
}
