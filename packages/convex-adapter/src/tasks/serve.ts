import { type Feature, serveTasks } from "@convex-mcp/protocol";
import type { Config, McpFeature } from "../config.ts";
import type { Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";
import { checkMount, checkTools } from "./checks.ts";
import { openTask } from "./open.ts";
import { runTask } from "./run.ts";
import type { TaskSettings } from "./settings.ts";
import { startTask } from "./start.ts";
import { createTaskStore } from "./store.ts";

/**
 * Tasks over the component's tables.
 *
 * @throws TypeError, when it is served, naming a tool that cannot go on as a task.
 */
export function createTasks(settings: TaskSettings): McpFeature {
  return {
    scopes: [],
    serve: (config) => [serve(config, settings)],
    tasks: {
      checkMount,
      store: (config) => createTaskStore(config, settings),
      start: (config, functions, call, tool) => startTask(config, settings, functions, call, tool),
      open: (config, ctx, tool, call) => openTask(config, settings, ctx, { ...call, tool }),
      run: runTask,
    },
  };
}

function serve(config: Config, settings: TaskSettings): Feature<RequestScope, Principal> {
  checkTools(config, settings);
  return serveTasks(createTaskStore(config, settings));
}
