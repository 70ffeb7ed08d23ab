import { createHash } from "node:crypto";
import { makeFunctionReference } from "convex/server";
import { convexToJson, type JSONValue, jsonToConvex, type Value } from "convex/values";
import { messageOf } from "../errors.ts";
import { isConvexError } from "./failure.ts";
import {
  type EngineContext,
  type FunctionKind,
  type Invocation,
  scheduling,
} from "./invocation.ts";

/** One function call as Convex bills it: made by an HTTP action or an action. */
export interface FunctionCall {
  /** "module:export". */
  readonly name: string;
  /** Path of the called function's component, "" for the app. */
  readonly component: string;
  readonly kind: "query" | "mutation" | "action";
  /** "POST /mcp" for an HTTP action, "module:export" for an action. */
  readonly caller: string;
}

/** `globalThis.Convex` of the isolate: everything a function does to the outside. */
export interface ConvexGlobal {
  syscall(op: string, args: string): string;
  asyncSyscall(op: string, args: string): Promise<string>;
  jsSyscall(op: string, args: unknown): unknown;
}

interface CallArgs {
  readonly name?: string;
  readonly reference?: string;
  readonly functionHandle?: string;
  readonly args: JSONValue;
}

const CALLS: ReadonlyMap<string, readonly [FunctionCall["kind"], keyof EngineContext]> = new Map([
  ["1.0/actions/query", ["query", "runQuery"]],
  ["1.0/actions/mutation", ["mutation", "runMutation"]],
  ["1.0/actions/action", ["action", "runAction"]],
] as const);

const SCHEDULING = new Set(["1.0/schedule", "1.0/actions/schedule"]);

const referencePath = Symbol.for("toReferencePath");

function toReference({ name, reference, functionHandle }: CallArgs): unknown {
  if (functionHandle !== undefined) return functionHandle;
  if (reference !== undefined) return { [referencePath]: reference };
  return makeFunctionReference(name ?? "");
}

/** Where a call goes: `_reference/childComponent/<name>/<module>/<export>`, a handle, or a plain name. */
function targetOf(call: CallArgs, caller: Invocation): Pick<FunctionCall, "name" | "component"> {
  if (call.functionHandle !== undefined) {
    const [component = "", name = ""] = call.functionHandle.slice("function://".length).split(";");
    return { component, name };
  }
  if (call.reference !== undefined) {
    const [, , child = "", ...path] = call.reference.split("/");
    const exported = path.pop() ?? "";
    const component = caller.component === "" ? child : `${caller.component}/${child}`;
    return { component, name: `${path.join("/")}:${exported}` };
  }
  return { component: caller.component, name: call.name ?? "" };
}

/**
 * Errors cross into a context as data: its own copy of `convex/server` rebuilds them there, so that
 * `instanceof` holds, as it does in production.
 */
function portable(thrown: unknown): { message: string; data?: JSONValue } {
  const message = messageOf(thrown);
  // convex-test has already read the data back from its JSON here.
  if (!isConvexError(thrown)) return { message };
  return { message, data: convexToJson((thrown.data ?? null) as Value) };
}

function hostConvex(): ConvexGlobal {
  return (globalThis as unknown as { Convex: ConvexGlobal }).Convex;
}

async function userIdentity({ kind, component, bearer, ctx }: Invocation): Promise<string> {
  const isAction = kind === "http" || kind === "action";
  if (isAction && bearer.problem !== null) throw new Error(bearer.problem);
  // convex-test lets an app's identity through to functions that a component's action calls.
  return JSON.stringify(component === "" ? await ctx.auth.getUserIdentity() : null);
}

async function requestMetadata({ bearer }: Invocation, args: string): Promise<string> {
  const answer = await hostConvex().asyncSyscall("1.0/getRequestMetadata", args);
  const metadata = JSON.parse(answer) as { requestId: string; authToken: string | null };
  const requestId = createHash("sha256").update(metadata.requestId).digest("hex").slice(0, 16);
  // Scheduled functions have no token, whatever the request that scheduled them had.
  const authToken = metadata.authToken === null ? null : bearer.token;
  return JSON.stringify({ ...metadata, requestId, authToken });
}

async function callFunction(
  invocation: Invocation,
  [kind, method]: readonly [FunctionCall["kind"], keyof EngineContext],
  json: string,
  record: (call: FunctionCall) => void,
): Promise<string> {
  const call = JSON.parse(json) as CallArgs;
  record({ ...targetOf(call, invocation), kind, caller: invocation.name });
  const run = invocation.ctx[method] as EngineContext["runQuery"];
  const result = await run(toReference(call), jsonToConvex(call.args));
  return JSON.stringify(convexToJson((result ?? null) as Value));
}

/**
 * Makes the `Convex` global of a context.
 *
 * `current` names the function that is running; `enter` restores its asynchronous context, which a
 * stream's `pull` has lost by the time it is called.
 */
export function createConvexGlobal(options: {
  readonly current: () => Invocation;
  readonly enter: <T>(run: () => T) => T;
  readonly record: (call: FunctionCall) => void;
}): ConvexGlobal {
  async function perform(op: string, json: string): Promise<string> {
    const invocation = options.current();
    const call = CALLS.get(op);
    if (call !== undefined) return callFunction(invocation, call, json, options.record);
    if (op === "1.0/getUserIdentity") return userIdentity(invocation);
    if (op === "1.0/getRequestMetadata") return requestMetadata(invocation, json);
    if (SCHEDULING.has(op)) return scheduling.run(true, () => hostConvex().asyncSyscall(op, json));
    return hostConvex().asyncSyscall(op, json);
  }
  return {
    syscall: (op, json) => options.enter(() => hostConvex().syscall(op, json)),
    jsSyscall: (op, args) => options.enter(() => hostConvex().jsSyscall(op, args)),
    asyncSyscall: (op, json) =>
      options.enter(async () => {
        try {
          return await perform(op, json);
        } catch (thrown) {
          throw portable(thrown);
        }
      }),
  };
}

/** The function kinds in convex's own registration flags. */
export function kindOf(exported: unknown): Exclude<FunctionKind, "http"> | null {
  if (typeof exported !== "function" && (typeof exported !== "object" || exported === null)) {
    return null;
  }
  const flags = exported as { isQuery?: true; isMutation?: true; isAction?: true };
  if (flags.isQuery === true) return "query";
  if (flags.isMutation === true) return "mutation";
  return flags.isAction === true ? "action" : null;
}
