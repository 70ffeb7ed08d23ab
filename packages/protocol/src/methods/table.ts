import type { MethodTable } from "../rpc/exchange.ts";
import type { Feature } from "../rpc/feature.ts";
import { discoverMethod } from "./discover.ts";
import { initializeMethod } from "./initialize.ts";

/** The methods of a server: those that every server has, and those of its features. */
export function toMethodTable<C, P>(features: readonly Feature<C, P>[]): MethodTable<C, P> {
  return new Map([
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
    ...features.flatMap(({ methods = [] }) => methods),
  ]);
}
