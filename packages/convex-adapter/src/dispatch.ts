import {
  type GenericDataModel,
  type GenericMutationCtx,
  internalMutationGeneric,
} from "convex/server";
import { v, type Value } from "convex/values";
import { failed, succeeded } from "./calls/end.ts";
import { failureText, rollback, toErrorResult } from "./calls/failure.ts";
import type { Dispatch, DispatchCall, DispatchReply } from "./calls/functions.ts";
import { openEntry, writeEntry } from "./calls/record.ts";
import { undeclared } from "./calls/result.ts";
import { taskWorkOf } from "./calls/taskWork.ts";
import type { Entry } from "./component/shared.ts";
import type { Config } from "./config.ts";
import type { Answer, Idempotency } from "./tools/idempotency.ts";
import type { ActionTool, McpTool, MutationTool, QueryTool } from "./tools/tool.ts";
import { wrongIds } from "./values/ids.ts";
import { formatIssues } from "./values/issue.ts";

type Ctx = GenericMutationCtx<GenericDataModel>;

/**
 * The one transaction of a call: the session is checked, the tool runs as a sub-transaction, the entry is written.
 * It must be registered in the app's root, since identity does not survive the way into a component.
 */
export function createDispatch(config: Config): Dispatch {
  return internalMutationGeneric({
    // Internal, and made by our own HTTP action: what is stored of it, the component validates.
    args: { call: v.any() },
    handler: (ctx, { call }: { call: DispatchCall }) => dispatch(config, ctx, call),
  });
}

async function dispatch(config: Config, ctx: Ctx, call: DispatchCall): Promise<DispatchReply> {
  const tool = config.catalog.get(call.tool);
  if (tool === undefined) throw new Error(`The dispatcher has no tool "${call.tool}".`);
  const { uses } = call;
  const exceeded = uses && (await ctx.runMutation(config.component.limits.take, { uses }));
  if (exceeded) return exceeded;
  const entry = await withSession(config, ctx, call);
  if (entry === undefined) return { kind: "sessionNotFound" };
  const issues = wrongIds(v.object(tool.args), call.args, (table, id) => isId(ctx, table, id));
  if (issues.length > 0) {
    const text = formatIssues(tool.name, issues);
    await writeEntry(config, ctx, { ...entry, outcome: "invalid", error: text });
    return { kind: "result", json: toErrorResult(text) };
  }
  if (tool.kind === "action") {
    const { task, handle } = call;
    return task
      ? taskWorkOf(config).open(config, ctx, tool, { ...call, entry, task })
      : begin(config, ctx, tool, entry, handle);
  }
  const { claim } = call;
  const runs = () => run(config, ctx, tool, call);
  // What does not know the key must not run for it.
  const { json, end } =
    claim === undefined
      ? await runs()
      : await idempotencyOf(tool).once(config.component, ctx, tool.name, claim, runs);
  await writeEntry(config, ctx, { ...entry, ...end, cut: entry.cut === true || end.cut === true });
  return { kind: "result", json };
}

/** The entry with what the session knows of the client, or `undefined` when there is no such session. */
async function withSession(
  config: Config,
  ctx: Ctx,
  call: DispatchCall,
): Promise<Entry | undefined> {
  if (call.session === undefined) return call.entry;
  const { key, ttlMs } = call.session;
  const client = await ctx.runMutation(config.component.sessions.check, { session: key, ttlMs });
  if (client !== null) return { ...call.entry, ...client };
  await writeEntry(config, ctx, call.entry, call.session);
  return undefined;
}

function idempotencyOf({ name, idempotency }: McpTool): Idempotency {
  if (idempotency !== undefined) return idempotency;
  throw new Error(`"${name}" takes no idempotency key.`);
}

async function run(
  config: Config,
  ctx: Ctx,
  tool: QueryTool | MutationTool,
  call: DispatchCall,
): Promise<Answer> {
  const started = performance.now();
  let value: Value | undefined;
  try {
    value =
      tool.kind === "query"
        ? await ctx.runQuery(tool.fn, call.args, { useStaleSnapshot: true })
        : await ctx.runMutation(tool.fn, call.args);
  } catch (error) {
    const json = toErrorResult(failureText(tool.name, error, call.entry.platformRequestId));
    return { json, end: failed(error, performance.now() - started) };
  }
  const issue = undeclared(tool, value);
  if (issue !== undefined) throw rollback(issue);
  return succeeded(config, tool, value, performance.now() - started);
}

async function begin(
  config: Config,
  ctx: Ctx,
  tool: ActionTool,
  entry: Entry,
  handle: DispatchCall["handle"],
): Promise<DispatchReply> {
  if (handle !== undefined) {
    const { handles } = config.component;
    await ctx.runMutation(handles.open, { ...handle, ttlMs: tool.deadlineMs });
  }
  return { kind: "begun", ...(await openEntry(config, ctx, entry, tool.deadlineMs)) };
}

function isId(ctx: Ctx, table: string, id: string): boolean {
  const found = table.startsWith("_")
    ? ctx.db.system.normalizeId(table as "_storage", id)
    : ctx.db.normalizeId(table, id);
  return found !== null;
}
