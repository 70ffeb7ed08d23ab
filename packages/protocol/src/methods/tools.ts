import type { Exchange, Method, MethodCall, Outcome } from "../rpc/exchange.ts";
import { invalidParams, sessionNotFound } from "../rpc/failures.ts";
import type { ToolCallRequest, ToolOutcome } from "../tools/catalog.ts";
import { isObject } from "../wire/json.ts";
import { printable } from "../wire/printable.ts";
import { isRawJson, rawText } from "../wire/raw.ts";
import { mayNeedRevision, reviseResult, reviseTool } from "../wire/revise.ts";
import type { CallToolResult } from "../wire/types.ts";
import type { RawJson } from "../wire/raw.ts";
import type { Revision } from "../wire/versions.ts";
import { pageOf } from "./page.ts";

/** `tools/list` (server/tools). */
export function listToolsMethod<C, P>(): Method<C, P> {
  return { session: "dispatcher", run: listTools };
}

/** `tools/call` (server/tools). The catalog checks the session, for it may do so in one transaction. */
export function callToolMethod<C, P>(): Method<C, P> {
  return { session: "method", run: callTool };
}

async function listTools<C, P>(
  { server, caller, revision }: Exchange<C, P>,
  { params }: MethodCall,
): Promise<Outcome> {
  const tools = await server.tools.list(caller);
  const page = pageOf(tools, params.cursor, server.pageSize);
  if (page === "invalidCursor") {
    return invalidParams(
      'tools/list: "cursor" must be a nextCursor of an earlier answer. List again without one.',
    );
  }
  const { items, nextCursor } = page;
  const result = { tools: items.map((tool) => reviseTool(tool, revision)), nextCursor };
  return { kind: "result", result };
}

async function callTool<C, P>(exchange: Exchange<C, P>, call: MethodCall): Promise<Outcome> {
  const { server, caller } = exchange;
  const request = parseToolCall(call);
  if (typeof request === "string") {
    // The session comes before the parameters, and the catalog never sees this call.
    if (!(await exchange.sessionHolds())) return { kind: "refused", refusal: sessionNotFound };
    return invalidParams(request);
  }
  const outcome = await server.tools.call(caller, request);
  if (outcome.kind === "result" && outcome.cause !== undefined) {
    server.report(outcome.cause, { method: "tools/call", requestId: call.id });
  }
  return toOutcome(exchange.revision, request.name, outcome);
}

function toOutcome(revision: Revision, toolName: string, outcome: ToolOutcome): Outcome {
  switch (outcome.kind) {
    case "result":
      return { kind: "result", result: toWire(outcome.result, revision) };
    case "unknownTool":
      return invalidParams(`Unknown tool: ${printable(toolName, 128)}`);
    case "sessionNotFound":
      return { kind: "refused", refusal: sessionNotFound };
    case "refused":
      return outcome;
    case "error": {
      const { code, message, data } = outcome;
      return { kind: "error", error: { code, message, data } };
    }
  }
}

function toWire(result: CallToolResult | RawJson, revision: Revision): object {
  if (!isRawJson(result)) return reviseResult(result, revision);
  const text = rawText(result);
  if (!mayNeedRevision(text, revision)) return result;
  return reviseResult(JSON.parse(text) as CallToolResult, revision);
}

function parseToolCall({ id, params }: MethodCall): ToolCallRequest | string {
  const { name, arguments: args = {}, _meta: meta } = params;
  if (typeof name !== "string") return 'tools/call: "name" must be a string.';
  if (!isObject(args)) return 'tools/call: "arguments" must be an object, or absent.';
  if (meta !== undefined && !isObject(meta)) {
    return 'tools/call: "_meta" must be an object, or absent.';
  }
  return { id, name, arguments: args, meta };
}
