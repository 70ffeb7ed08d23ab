import { rawJson, type ToolOutcome } from "@convex-mcp/protocol";
import type { Value } from "convex/values";
import type { Exceeded } from "../component/limits.ts";
import type { End, Entry } from "../component/shared.ts";
import type { Config } from "../config.ts";
import type { RunMutationCtx } from "../ctx.ts";
import { handedArgs } from "../identity/caller.ts";
import { platformOwnerOf } from "../identity/principal.ts";
import type { McpTool, QueryTool } from "../tools/tool.ts";
import { prepared } from "./before.ts";
import { begin } from "./begin.ts";
import type { ReadyCall } from "./call.ts";
import type { Conversation } from "./conversation.ts";
import { failed, succeeded } from "./end.ts";
import {
  commitIsUnknown,
  errorCode,
  errorText,
  failureText,
  rolledBack,
  toErrorResult,
} from "./failure.ts";
import type { DispatchCall, DispatchReply, Functions, SessionCheck } from "./functions.ts";
import { present } from "./present.ts";
import { fit, reportUnrecorded, writeEntry } from "./record.ts";
import { undeclared } from "./result.ts";
import { taskWorkOf } from "./taskWork.ts";

const SESSION_NOT_FOUND: ToolOutcome = { kind: "sessionNotFound" };

/**
 * Runs a tool: one call for a query or a mutation, three for an action (entry, action, entry). In a session an action with
 * `before` costs one more, and where that ends the call, only its entry.
 */
export async function runTool(
  config: Config,
  functions: Functions,
  call: ReadyCall,
): Promise<ToolOutcome> {
  const { tool } = call;
  if (tool.kind === "query" && tool.consistency === "query") return runQuery(config, call, tool);
  if (tool.kind !== "action") return answered(tool, await dispatched(config, functions, call));
  if (tool.task) {
    const started = await taskWorkOf(config).start(config, functions, call, tool);
    if (started !== undefined) return started;
  }
  const ready = await prepared(config, call, tool);
  if ("kind" in ready) return ready;
  const conversation = begin(config, ready, tool);
  const { handle } = conversation;
  const owner = platformOwnerOf(call.caller.principal);
  const reply = await dispatched(config, functions, ready, handle && { handle: { handle, owner } });
  return reply.kind === "begun"
    ? runAction(config, ready, conversation, reply.entryId)
    : answered(tool, reply);
}

/** The outcome of a call that the dispatch has answered. */
export function answered(tool: McpTool, reply: DispatchReply): ToolOutcome {
  switch (reply.kind) {
    case "result":
      return result(reply.json);
    case "sessionNotFound":
      return SESSION_NOT_FOUND;
    default:
      throw new Error(
        `The dispatcher took "${tool.name}" for another kind: is it another gateway's \`dispatch\`?`,
      );
  }
}

/** What the one transaction of a call says. */
export async function dispatched(
  config: Config,
  { dispatch }: Functions,
  { caller, tool, args, entry, session, claim, limiting }: ReadyCall,
  more: Pick<DispatchCall, "handle" | "task"> = {},
): Promise<Exclude<DispatchReply, Exceeded>> {
  const started = performance.now();
  let reply: DispatchReply;
  try {
    const call: DispatchCall = {
      tool: tool.name,
      args: tool.kind === "action" ? args : await handedArgs(tool, args, caller.principal),
      entry,
      ...present({ session, claim, uses: limiting?.uses }),
      ...more,
    };
    reply = await caller.context.ctx.runMutation(dispatch, { call });
  } catch (error) {
    const { text, end } = undone(tool.name, error, performance.now() - started);
    // What was counted is undone as well, and whoever makes calls fail shall not make them for nothing.
    const ctx = limiting?.before("record", true) ?? caller.context.ctx;
    await recordLate(config, ctx, { ...entry, ...end }, session);
    return { kind: "result", json: toErrorResult(text) };
  }
  if (reply.kind === "exceeded") throw await limiting?.refused(reply);
  return reply;
}

/** A dispatch that was rejected took its entry with it, and everything that the tool had done. */
function undone(tool: string, error: unknown, durationMs: number): { text: string; end: End } {
  const issue = rolledBack(error);
  if (issue !== undefined) {
    return {
      text: `${tool} gave a result that it does not declare. Nothing was changed.`,
      end: { outcome: "failed", errorCode: "ResultMismatch", error: issue, durationMs },
    };
  }
  const end = { errorCode: errorCode(error), error: errorText(error), durationMs };
  return commitIsUnknown(error)
    ? {
        text: `${tool} was interrupted, and it is not known whether it took effect. Check before you call it again.`,
        end: { outcome: "unknown", ...end },
      }
    : {
        text: `${tool} could not be completed. Nothing was changed; it may be called again.`,
        end: { outcome: "aborted", ...end },
      };
}

/** The second call of a dispatch that failed. Should this one fail too, the log of the function has both. */
async function recordLate(
  config: Config,
  ctx: RunMutationCtx,
  entry: Entry,
  session: SessionCheck | undefined,
): Promise<void> {
  try {
    await writeEntry(config, ctx, entry, session && { ...session, anyway: true });
  } catch (error) {
    reportUnrecorded(entry, error);
  }
}

/** A plain query first: it has no effect that a missing session or a failed entry would have to undo. */
async function runQuery(config: Config, call: ReadyCall, tool: QueryTool): Promise<ToolOutcome> {
  const { ctx } = call.caller.context;
  await call.limiting?.take();
  const { json, end } = await measured(config, call, async () =>
    ctx.runQuery(tool.fn, await handedArgs(tool, call.args, call.caller.principal)),
  );
  const known = await writeEntry(config, ctx, { ...call.entry, ...end }, call.session);
  return known ? result(json) : SESSION_NOT_FOUND;
}

async function runAction(
  config: Config,
  call: ReadyCall,
  { run, interruptionOf }: Conversation,
  entryId: string | undefined,
): Promise<ToolOutcome> {
  const { json, end, thrown } = await measured(config, call, run);
  const interruption = interruptionOf(thrown, end);
  // Without an id no entry was opened: it could not be written, and need not be.
  if (entryId !== undefined) await finish(config, call, entryId, interruption?.end ?? end);
  if (interruption) throw interruption.error;
  return result(json);
}

async function finish(
  config: Config,
  { caller, entry }: ReadyCall,
  entryId: string,
  end: End,
): Promise<void> {
  try {
    const { audit } = config.component;
    await caller.context.ctx.runMutation(audit.finish, { entryId, end: fitEnd(end) });
  } catch (error) {
    // The action has happened; its entry stays open and reads "lost" from its deadline on.
    console.error(`The audit entry of a call of "${entry.tool}" could not be closed.`, error);
  }
}

/** Runs code that is not of a transaction: its result or failure as it is sent, and as it is recorded. */
export async function measured(
  config: Config,
  { tool, entry }: { readonly tool: McpTool; readonly entry: Pick<Entry, "platformRequestId"> },
  run: () => Promise<Value | undefined>,
): Promise<{ json: string; end: End; thrown?: unknown }> {
  const started = performance.now();
  try {
    const value = (await run()) ?? null;
    const issue = undeclared(tool, value);
    if (issue !== undefined) {
      console.error(`Tool "${tool.name}" gave a result that it does not declare.`, issue);
    }
    return succeeded(config, tool, value, performance.now() - started);
  } catch (error) {
    const json = toErrorResult(failureText(tool.name, error, entry.platformRequestId));
    return { json, end: failed(error, performance.now() - started), thrown: error };
  }
}

/** Bounds every text of an entry's end. */
export function fitEnd(end: End): End {
  const { kind: _, ...fitted } = fit({ kind: "tool", ...end });
  return fitted;
}

function result(json: string): ToolOutcome {
  return { kind: "result", result: rawJson(json) };
}
