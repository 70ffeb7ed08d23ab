import { MissingCapability } from "../rpc/channel.ts";
import { denialOutcome } from "../rpc/denial.ts";
import type { Exchange, Feature, MethodCall, Outcome } from "../rpc/exchange.ts";
import { invalidParams } from "../rpc/failures.ts";
import { declineParams } from "../rpc/session.ts";
import type { ToolCallRequest, ToolCatalog, ToolOutcome } from "../tools/catalog.ts";
import { failedResult } from "../tools/failure.ts";
import { isObject } from "../wire/json.ts";
import { printable } from "../wire/printable.ts";
import { isRawJson, rawText } from "../wire/raw.ts";
import type { RawJson } from "../wire/raw.ts";
import { mayNeedRevision, reviseResult, reviseTool } from "../wire/revise.ts";
import type { CallToolResult } from "../wire/types.ts";
import type { Revision } from "../wire/versions.ts";
import { listOutcome } from "./list.ts";

/** `tools/list` and `tools/call` (server/tools). */
export function serveTools<C, P>(catalog: ToolCatalog<C, P>): Feature<C, P> {
  return {
    capabilities: () => ({ tools: {} }),
    methods: [
      [
        "tools/list",
        {
          session: "dispatcher",
          run: (exchange, call) =>
            listOutcome(exchange, call, {
              list: (request) => catalog.list(exchange.caller, request),
              member: "tools",
              nameOf: ({ name }) => name,
              revise: reviseTool,
              cache: catalog.cache,
            }),
        },
      ],
      [
        "tools/call",
        {
          // The catalog checks the session, for it may do so in one transaction.
          session: "method",
          interactive: true,
          routedBy: "name",
          run: (exchange, call) => callTool(catalog, exchange, call),
        },
      ],
    ],
  };
}

async function callTool<C, P>(
  catalog: ToolCatalog<C, P>,
  exchange: Exchange<C, P>,
  call: MethodCall,
): Promise<Outcome> {
  const { server, caller, revision } = exchange;
  const request = parseToolCall(exchange, call);
  if (typeof request === "string") {
    // The session comes before the parameters, and the catalog never sees this call.
    return await declineParams(exchange, request);
  }
  try {
    const outcome = await catalog.call(caller, request);
    if (outcome.kind === "result" && outcome.cause !== undefined) {
      server.report(outcome.cause, { method: "tools/call", requestId: call.id });
    }
    return toOutcome(revision, request.name, outcome);
  } catch (error) {
    // A session has no code for it: the model is told, and may tell its user.
    if (!(error instanceof MissingCapability) || revision.era === "modern") throw error;
    return { kind: "result", result: failedResult(error.message) };
  }
}

function toOutcome(revision: Revision, toolName: string, outcome: ToolOutcome): Outcome {
  switch (outcome.kind) {
    case "result":
      return { kind: "result", result: toWire(outcome.result, revision) };
    case "task":
      return { kind: "result", result: outcome.task, resultType: "task" };
    case "unknownTool":
      return invalidParams(`Unknown tool: ${printable(toolName, 128)}`);
    default:
      return denialOutcome(outcome);
  }
}

function toWire(result: CallToolResult | RawJson, revision: Revision): object {
  if (!isRawJson(result)) return reviseResult(result, revision);
  const text = rawText(result);
  if (!mayNeedRevision(text, revision)) return result;
  return reviseResult(JSON.parse(text) as CallToolResult, revision);
}

function parseToolCall<C, P>(
  { headers, revision }: Exchange<C, P>,
  { id, params, channel }: MethodCall,
): ToolCallRequest | string {
  const { name, arguments: args = {}, _meta: meta } = params;
  if (typeof name !== "string") return 'tools/call: "name" must be a string.';
  if (!isObject(args)) return 'tools/call: "arguments" must be an object, or absent.';
  if (meta !== undefined && !isObject(meta)) {
    return 'tools/call: "_meta" must be an object, or absent.';
  }
  const mirrored =
    revision.era === "session" ? undefined : (name: string) => headers.get(`mcp-param-${name}`);
  return { id, name, arguments: args, meta, channel, mirrored };
}
