import type { Value } from "convex/values";
import type { End } from "../component/shared.ts";
import type { Config } from "../config.ts";
import type { Answer } from "../tools/idempotency.ts";
import type { McpTool } from "../tools/tool.ts";
import { errorCode, errorText } from "./failure.ts";
import { toPayload } from "./payload.ts";
import { present } from "./present.ts";
import { toResult } from "./result.ts";

/** What is sent, and what is recorded, of a tool that gave a value. */
export function succeeded(
  config: Config,
  tool: McpTool,
  value: Value | undefined,
  durationMs: number,
): Answer {
  const result = toResult(tool, value);
  const payload = toPayload(config, tool.audit.result, result.value);
  return {
    json: result.json,
    end: {
      outcome: "ok",
      resultBytes: payload.bytes,
      durationMs,
      ...present({ result: payload.json, cut: payload.cut || undefined }),
    },
  };
}

/** What is recorded of a tool that threw. */
export function failed(error: unknown, durationMs: number): End {
  return { outcome: "failed", errorCode: errorCode(error), error: errorText(error), durationMs };
}

/** What is recorded of a run that a question ended. */
export function interrupted({ name, message }: Error, durationMs: number): End {
  return { outcome: "interrupted", errorCode: name, error: message, durationMs };
}
