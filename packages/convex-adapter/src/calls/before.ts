import type { ToolOutcome } from "@convex-mcp/protocol";
import type { Config } from "../config.ts";
import type { ActionTool } from "../tools/tool.ts";
import { begin } from "./begin.ts";
import type { ReadyCall } from "./call.ts";
import { failed } from "./end.ts";
import { errorOutcome, failureText } from "./failure.ts";
import { writeEntry } from "./record.ts";
import { sessionHolds } from "./session.ts";

/**
 * A call, counted, with what the tool's `before` adds to its arguments; or how it ended there, with an entry of its own:
 * nothing else was begun. A question that was put ends it whatever the code made of that, since the call comes again.
 */
export async function prepared(
  config: Config,
  call: ReadyCall,
  tool: ActionTool,
): Promise<ReadyCall | ToolOutcome> {
  const { caller, entry, session, limiting } = call;
  if (tool.before === undefined) return call;
  // The dispatcher looks again: here it keeps code from running, and asking, for a session that is none.
  if (!(await (limiting?.holds() ?? sessionHolds(config, caller)))) {
    await writeEntry(config, caller.context.ctx, entry, session);
    return { kind: "sessionNotFound" };
  }
  const { run, interruptionOf } = begin(config, call, { ...tool, run: { handler: tool.before } });
  const started = performance.now();
  const { value, thrown } = await run().then(
    (given) => ({ value: given, thrown: undefined }),
    (error: unknown) => ({ value: undefined, thrown: { error } }),
  );
  const end = failed(thrown?.error, performance.now() - started);
  const interruption = interruptionOf(thrown?.error, end);
  if (interruption === undefined && thrown === undefined) {
    const args = { ...call.args, ...(value as object | undefined) };
    return { ...call, args, limiting: undefined };
  }
  const closed = { ...entry, ...(interruption?.end ?? end) };
  const known = await writeEntry(config, caller.context.ctx, closed, session);
  if (!known) return { kind: "sessionNotFound" };
  if (interruption) throw interruption.error;
  return errorOutcome(failureText(tool.name, thrown?.error, entry.platformRequestId));
}
