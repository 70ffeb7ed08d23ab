import type { NewSession, SessionStore } from "@convex-mcp/protocol";
import { clientOf } from "./calls/client.ts";
import { countingCtx } from "./calls/counting.ts";
import { requestOf } from "./calls/entry.ts";
import { misuseOf } from "./calls/record.ts";
import { refusesStranger, sessionHolds, sessionKey } from "./calls/session.ts";
import type { Config } from "./config.ts";
import { ownerOf, type Principal } from "./identity/principal.ts";
import type { RequestScope } from "./identity/scope.ts";

/** What a client can do fits in far less, and a batch of rows must fit into a transaction. */
const MAX_CAPABILITIES = 4_096;

/** Sessions in the component's table: one mutation each. */
export function createSessionStore(config: Config): SessionStore<RequestScope, Principal> {
  const { component, sessions } = config;
  return {
    create: async (caller, session) => {
      const { principal, protocolVersion } = caller;
      const mine =
        principal.kind === "user" ? sessions.policy !== "none" : sessions.policy === "all";
      if (!mine) return undefined;
      const sessionId = crypto.randomUUID();
      await countingCtx(config, caller, "create").runMutation(component.sessions.create, {
        session: { sessionId, owner: ownerOf(principal), protocolVersion, ...kept(session) },
        ttlMs: sessions.ttlMs,
        maxPerOwner: sessions.maxPerOwner,
        ...requestOf(config, { ...caller, sessionId }, { kind: "session", name: "start" }),
      });
      return sessionId;
    },
    check: (caller) => sessionHolds(config, caller),
    capabilities: async (caller) => {
      const session = sessionKey(caller);
      if (session === undefined) return undefined;
      const client = await caller.context.ctx.runQuery(component.sessions.client, { session });
      return client === null ? undefined : (JSON.parse(client.capabilities) as unknown);
    },
    end: async (caller) => {
      const session = sessionKey(caller);
      if (session === undefined || (await refusesStranger(config, caller))) return false;
      return caller.context.ctx.runMutation(component.sessions.end, {
        session,
        misuse: misuseOf(config),
        ...requestOf(config, caller, { kind: "session", name: "end" }),
      });
    },
  };
}

function kept({ clientInfo, capabilities }: NewSession) {
  const json = JSON.stringify(capabilities ?? {});
  return {
    ...clientOf(clientInfo),
    capabilities: json.length > MAX_CAPABILITIES ? "{}" : json,
  };
}
