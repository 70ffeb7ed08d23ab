import type { Functions } from "../calls/functions.ts";
import type { Config } from "../config.ts";
import type { McpTool } from "../tools/tool.ts";
import type { TaskSettings } from "./settings.ts";

/**
 * Checks the tools that go on as tasks, when the gateway is made.
 *
 * @throws TypeError naming the tool.
 */
export function checkTools(config: Config, settings: TaskSettings): void {
  for (const tool of taskTools(config)) {
    const mistake = mistakeOf(tool, settings);
    if (mistake !== undefined) throw new TypeError(`Tool "${tool.name}" ${mistake}.`);
  }
}

/**
 * Checks that a mount has what runs tasks, if any tool goes on as one.
 *
 * @throws TypeError naming the tool.
 */
export function checkMount(config: Config, { runTask }: Pick<Functions, "runTask">): void {
  const [tool] = taskTools(config);
  if (tool === undefined || (runTask ?? undefined) !== undefined) return;
  throw new TypeError(
    `runTask: expected internal.<file>.runTask, which the app exports from functions() beside dispatch, since the tool "${tool.name}" goes on as a task.`,
  );
}

function taskTools({ catalog }: Config): readonly McpTool[] {
  return [...catalog.values()].filter(({ task }) => task !== undefined);
}

function mistakeOf(tool: McpTool, { ttlMs }: TaskSettings): string | undefined {
  const { task } = tool;
  if (task !== "optional" && task !== "required") {
    return `has the \`task\` ${JSON.stringify(task)}: expected "optional" or "required"`;
  }
  if (tool.kind !== "action" || "handler" in tool.run) {
    return "goes on as a task: expected an action as `fn`";
  }
  const { run, deadlineMs } = tool;
  if (!run.takesHandle) {
    return "goes on as a task, without the argument `mcp: vMcpCall`: there `ctx.auth` is nobody, and only `mcpCall(...).identity()` tells for whom it runs";
  }
  return deadlineMs > ttlMs
    ? `has the \`deadlineMs\` ${deadlineMs}: a task is kept for ${ttlMs}, the \`ttlMs\` of mcpTasks()`
    : undefined;
}
