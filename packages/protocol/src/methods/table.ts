import type { Feature, Method, MethodTable } from "../rpc/exchange.ts";
import { discoverMethod } from "./discover.ts";
import { initializeMethod } from "./initialize.ts";

/**
 * The methods of a server: those that every server has, and those of its features.
 *
 * @throws TypeError when two features serve one method.
 */
export function toMethodTable<C, P>(features: readonly Feature<C, P>[]): MethodTable<C, P> {
  const methods = new Map<string, Method<C, P>>([
    ["initialize", initializeMethod<C, P>()],
    [
      "ping",
      {
        era: "session",
        session: "dispatcher",
        run: async () => ({ kind: "result", result: {} }),
      },
    ],
    ["server/discover", discoverMethod<C, P>()],
  ]);
  for (const [name, method] of features.flatMap((feature) => feature.methods ?? [])) {
    if (methods.has(name)) throw new TypeError(`features: two of them serve ${name}.`);
    methods.set(name, method);
  }
  return methods;
}
