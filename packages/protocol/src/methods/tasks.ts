import { MissingCapability } from "../rpc/channel.ts";
import type { Caller } from "../rpc/caller.ts";
import { markOf } from "../rpc/exchange.ts";
import type { Feature, Method, MethodCall, Outcome } from "../rpc/exchange.ts";
import { invalidParams } from "../rpc/failures.ts";
import type { TaskStore } from "../tasks/store.ts";
import { errorCodes } from "../wire/errors.ts";
import { isObject } from "../wire/json.ts";
import type { JsonObject } from "../wire/json.ts";
import { declaresTasks, tasksCapability, tasksExtension } from "../wire/task.ts";

/** `tasks/get`, `tasks/update` and `tasks/cancel` (extension `io.modelcontextprotocol/tasks`). */
export function serveTasks<C, P>(store: TaskStore<C, P>): Feature<C, P> {
  return {
    capabilities: ({ era }): Record<string, JsonObject> =>
      era === "modern" ? { extensions: { [tasksExtension]: {} } } : {},
    methods: [
      [
        "tasks/get",
        taskMethod(async (caller, taskId) => {
          const task = await store.get(caller, taskId);
          return task === undefined ? unknownTask : { kind: "result", result: task };
        }),
      ],
      [
        "tasks/update",
        taskMethod(async (caller, taskId, call) => {
          const { inputResponses } = call.params;
          if (!isObject(inputResponses)) {
            return invalidParams('tasks/update: "inputResponses" must be an object.');
          }
          return acknowledge(await store.answer(caller, taskId, inputResponses, markOf(call)));
        }),
      ],
      [
        "tasks/cancel",
        taskMethod(async (caller, taskId, call) =>
          acknowledge(await store.cancel(caller, taskId, markOf(call))),
        ),
      ],
    ],
  };
}

function taskMethod<C, P>(
  run: (caller: Caller<C, P>, taskId: string, call: MethodCall) => Promise<Outcome>,
): Method<C, P> {
  return {
    era: "modern",
    session: "dispatcher",
    routedBy: "taskId",
    run: async ({ caller, clientCapabilities }, call) => {
      if (!declaresTasks(clientCapabilities)) throw new MissingCapability(tasksCapability);
      const { taskId } = call.params;
      if (typeof taskId !== "string") return invalidParams('"taskId" must be a string.');
      return await run(caller, taskId, call);
    },
  };
}

function acknowledge(known: boolean): Outcome {
  return known ? { kind: "result", result: {} } : unknownTask;
}

// The same for one that is somebody else's.
const unknownTask: Outcome = {
  kind: "error",
  error: { code: errorCodes.invalidParams, message: "Unknown task." },
};
