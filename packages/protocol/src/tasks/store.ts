import type { Caller, RequestMark } from "../rpc/caller.ts";
import type { JsonObject } from "../wire/json.ts";
import type { DetailedTask } from "../wire/task.ts";

/**
 * The tasks of a server, as their owners reach them. Each method answers for a task that is unknown,
 * expired or somebody else's alike. Whoever starts tasks stores them before their request is answered.
 */
export interface TaskStore<C, P> {
  get(caller: Caller<C, P>, taskId: string): Promise<DetailedTask | undefined>;
  /**
   * Takes answers to the task's questions, by key: some or all. Those to no question that waits are
   * dropped. `false`: there is no such task.
   */
  answer(
    caller: Caller<C, P>,
    taskId: string,
    responses: JsonObject,
    request: RequestMark,
  ): Promise<boolean>;
  /** Asks the task to stop; one that ended stays as it is. `false`: there is no such task. */
  cancel(caller: Caller<C, P>, taskId: string, request: RequestMark): Promise<boolean>;
}
