import type { Caller } from "../rpc/caller.ts";
import { isInterruption } from "../rpc/channel.ts";
import type { SessionStore } from "../sessions/store.ts";
import type { Refusal } from "../wire/errors.ts";
import type { CacheHint, CallToolResult, Tool } from "../wire/types.ts";
import type { ToolCallRequest, ToolCatalog, ToolOutcome } from "./catalog.ts";
import { failedResult, ToolError } from "./failure.ts";

/** What a tool's handler learns about its call. */
export interface ToolInvocation<C, P> {
  readonly caller: Caller<C, P>;
  readonly call: ToolCallRequest;
}

/** A tool that runs in this process. */
export interface InProcessTool<C, P> {
  readonly definition: Tool;
  /**
   * Answers a call. The arguments are foreign: check them, or let `zodTool` do it. A thrown
   * {@link ToolError} becomes an `isError` result with its message; anything else one with a generic
   * text, and goes to the handler's `onError`.
   */
  readonly run: (
    args: Readonly<Record<string, unknown>>,
    invocation: ToolInvocation<C, P>,
  ) => CallToolResult | Promise<CallToolResult>;
}

/**
 * Whether a caller may use a tool: `false` hides it (absent from the list, unknown when called), a
 * {@link Refusal} hides it from the list and answers a call, such as 401 or 403 with a challenge.
 */
export type ToolDecision = boolean | Refusal;

/** Options of {@link memoryTools}. */
export interface MemoryToolsOptions<C, P> {
  /** In the order in which they are listed. */
  readonly tools: readonly InProcessTool<C, P>[];
  /** Where a call's session is checked; the same store as the handler's. Without it no session holds. */
  readonly sessions?: SessionStore<C, P>;
  /** How long clients may keep the list, and for whom. */
  readonly cache?: CacheHint;
  /** Default: everyone may use every tool. */
  readonly authorize?: (
    caller: Caller<C, P>,
    tool: Tool,
    mode: "list" | "call",
  ) => ToolDecision | Promise<ToolDecision>;
}

/**
 * A catalog of tools that run in this process, for backends other than Convex and for tests.
 *
 * @throws TypeError when two tools have the same name.
 */
export function memoryTools<C, P>(options: MemoryToolsOptions<C, P>): ToolCatalog<C, P> {
  const { sessions, authorize = () => true } = options;
  const tools = byName(options.tools);

  async function sessionHolds(caller: Caller<C, P>): Promise<boolean> {
    if (caller.sessionId === undefined) return true;
    return sessions !== undefined && (await sessions.check(caller, caller.sessionId));
  }

  return {
    cache: options.cache,
    async list(caller) {
      const definitions = [...tools.values()].map(({ definition }) => definition);
      const decisions = await Promise.all(
        definitions.map(async (definition) => await authorize(caller, definition, "list")),
      );
      return definitions.filter((_, index) => decisions[index] === true);
    },
    async call(caller, call) {
      const tool = tools.get(call.name);
      const decision = tool !== undefined && (await authorize(caller, tool.definition, "call"));
      if (typeof decision === "object") return { kind: "refused", refusal: decision };
      if (!(await sessionHolds(caller))) return { kind: "sessionNotFound" };
      if (tool === undefined || !decision) return { kind: "unknownTool" };
      const refusal = call.checkHeaders(tool.definition.inputSchema);
      if (refusal) return { kind: "refused", refusal };
      return await run(tool, { caller, call });
    },
  };
}

async function run<C, P>(
  tool: InProcessTool<C, P>,
  invocation: ToolInvocation<C, P>,
): Promise<ToolOutcome> {
  try {
    return { kind: "result", result: await tool.run(invocation.call.arguments, invocation) };
  } catch (cause) {
    if (isInterruption(cause)) throw cause;
    if (cause instanceof ToolError) return { kind: "result", result: failedResult(cause.message) };
    const text = `The tool ${invocation.call.name} failed. The server's operator can see why.`;
    return { kind: "result", result: failedResult(text), cause };
  }
}

function byName<C, P>(
  tools: readonly InProcessTool<C, P>[],
): ReadonlyMap<string, InProcessTool<C, P>> {
  const map = new Map<string, InProcessTool<C, P>>();
  for (const tool of tools) {
    const { name } = tool.definition;
    if (map.has(name)) {
      throw new TypeError(`tools: two tools are named "${name}"; a name must be unique.`);
    }
    map.set(name, tool);
  }
  return map;
}
