import type { FunctionReference, RegisteredAction, RegisteredMutation } from "convex/server";
import type { Value } from "convex/values";
import type { Handle } from "../component/handle.ts";
import type { Exceeded, Use } from "../component/limits.ts";
import type { Entry } from "../component/shared.ts";
import type { Claim } from "../tools/idempotency.ts";

/** One call as the HTTP action hands it over: decided, decoded, and with the entry begun. */
export interface DispatchCall {
  tool: string;
  args: Record<string, Value>;
  /** The entry as far as it is known before the tool runs. */
  entry: Entry;
  /** The session to check first; absent without one. */
  session?: SessionCheck;
  /** The key that it came with, for a tool that takes one. */
  claim?: Claim;
  /** What the action shall reach its caller by, and for whom. */
  handle?: { handle: Handle; owner: string };
  /** What an action that goes on as a task is stored with. */
  task?: TaskTicket;
  /** What it counts against, first of all; absent where nothing limits it. */
  uses?: Use[];
}

/** What the HTTP action hands to the dispatcher of a call that is to go on as a task. */
export interface TaskTicket {
  taskId: string;
  owner: string;
  /** `UserIdentity` as JSON. */
  identity: string;
  /** What the client can be asked, as JSON. */
  capabilities: string;
  /** The name of the app's function that runs it. */
  runner: string;
}

/** What the component is to check before anything is done. */
export interface SessionCheck {
  key: { sessionId: string; owner: string };
  ttlMs: number;
  /** Write the entry all the same, without the session. */
  anyway?: boolean;
}

/** How a dispatch went. Results are serialised: Convex refuses keys that JSON has. */
export type DispatchReply =
  | { kind: "result"; json: string }
  | { kind: "sessionNotFound" }
  /** The caller asks too often, and nothing was written. */
  | Exceeded
  /** The entry of an action is open; run it, then close it. Without an entry: run it, for the log stands in nobody's way. */
  | { kind: "begun"; entryId?: string }
  /** The task is stored, and will run. */
  | { kind: "task"; createdAt: number };

/** The function that `functions()` makes and `registerRoutes` calls. */
export type Dispatch = RegisteredMutation<
  "internal",
  { call: DispatchCall },
  Promise<DispatchReply>
>;

/** `internal.<file>.dispatch`: what `functions()` made and the app exports. */
export type DispatchReference = FunctionReference<
  "mutation",
  "internal",
  { call: DispatchCall },
  DispatchReply
>;

/** The function that `functions()` makes and the scheduler calls. */
export type RunTask = RegisteredAction<"internal", { taskId: string }, Promise<null>>;

/** `internal.<file>.runTask`: what `functions()` made and the app exports. */
export type RunTaskReference = FunctionReference<"action", "internal", { taskId: string }, null>;

/** The functions that a mount calls. */
export interface Functions {
  readonly dispatch: DispatchReference;
  readonly runTask?: RunTaskReference | undefined;
}
