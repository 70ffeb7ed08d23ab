import type { Exchange, Method, Outcome } from "../rpc/exchange.ts";
import { capabilitiesOf } from "../rpc/capabilities.ts";
import { modernVersions } from "../wire/versions.ts";

/** `server/discover`: what the server is, without a session (2026-07-28, server/discover). */
export function discoverMethod<C, P>(): Method<C, P> {
  return { era: "modern", session: "dispatcher", run: discover };
}

async function discover<C, P>({ server, revision }: Exchange<C, P>): Promise<Outcome> {
  const result = {
    supportedVersions: modernVersions,
    capabilities: capabilitiesOf(server.features, revision),
    instructions: server.instructions,
  };
  return { kind: "result", result, cache: {} };
}
