import type { MethodTable } from "../rpc/exchange.ts";
import { initializeMethod } from "./initialize.ts";
import { callToolMethod, listToolsMethod } from "./tools.ts";

/** The methods of the session revisions that this server answers. */
export function sessionMethods<C, P>(): MethodTable<C, P> {
  return new Map([
    ["initialize", initializeMethod<C, P>()],
    ["ping", { session: "dispatcher", run: async () => ({ kind: "result", result: {} }) }],
    ["tools/list", listToolsMethod<C, P>()],
    ["tools/call", callToolMethod<C, P>()],
  ]);
}
