import type {
  BridgeStore,
  Claim,
  Redemption,
  StoredClient,
  StoredGrant,
  StoredRow,
} from "@convex-mcp/auth/bridge";
import type { GenericActionCtx, GenericDataModel } from "convex/server";
import { present } from "../calls/present.ts";
import type { ComponentApi } from "../component/_generated/component.js";
import type { BridgeRecorder } from "./recorder.ts";

/** The tables of the bridge, and where its refusals are counted. */
export type BridgeTables = Pick<
  ComponentApi,
  "bridgeClients" | "bridgeSignIns" | "bridgeGrants" | "refusals"
>;

/** What the bridge remembers, in the component's tables: a function call for each method, which writes its entries too. */
export function createBridgeStore(
  ctx: Pick<GenericActionCtx<GenericDataModel>, "runQuery" | "runMutation">,
  { bridgeClients, bridgeSignIns, bridgeGrants }: BridgeTables,
  { origin, misuse, registered, signedIn }: BridgeRecorder,
): BridgeStore {
  return {
    findClient: async (id, now) => {
      const row = await ctx.runQuery(bridgeClients.find, { clientId: id });
      return row === null || row.expiresAt <= now ? undefined : toClient(row);
    },
    findDocument: async (clientId, now, rates) => {
      const found = await ctx.runMutation(bridgeClients.findDocument, {
        clientId,
        now,
        rates: [...rates],
      });
      if (found === null) return { kind: "absent" };
      if (typeof found === "number") return { kind: "limited", retryAfterMs: found };
      return { kind: "found", client: toClient(found) };
    },
    saveClient: async (row, room, rates) => {
      const { id: clientId, ...client } = row;
      const retryAfterMs = await ctx.runMutation(bridgeClients.save, {
        client: { clientId, ...client },
        room,
        rates: [...rates],
        ...present({ recording: registered(row) }),
      });
      return retryAfterMs === null ? { kind: "saved" } : { kind: "limited", retryAfterMs };
    },
    begin: ({ id: signInId, ...signIn }, room) =>
      ctx.runMutation(bridgeSignIns.begin, { signIn: { signInId, ...signIn }, room, misuse }),
    take: async (id, now) => {
      const row = await ctx.runMutation(bridgeSignIns.take, { signInId: id, now });
      return row === null ? undefined : toSignIn(row);
    },
    addGrant: async (row, limits, who) => {
      const { id: grantId, ...grant } = row;
      const recordings = signedIn(row, who);
      await ctx.runMutation(bridgeGrants.add, {
        grant: { grantId, ...grant },
        ...limits,
        recordings,
      });
    },
    redeem: async (grantId, codeKey, current, now): Promise<Redemption> => {
      const found = await ctx.runMutation(bridgeGrants.redeem, {
        grantId,
        codeKey,
        current,
        now,
        origin,
      });
      return "grant" in found ? { kind: found.kind, grant: toGrant(found.grant) } : found;
    },
    claim: async (grantId, current, lease, now): Promise<Claim> => {
      const found = await ctx.runMutation(bridgeGrants.claim, {
        grantId,
        current,
        lease,
        now,
        origin,
      });
      return "grant" in found ? { kind: found.kind, grant: toGrant(found.grant) } : found;
    },
    settle: (grantId, leaseId, settlement) =>
      ctx.runMutation(bridgeGrants.settle, { grantId, leaseId, settlement, origin }),
  };
}

function toClient({
  clientId: id,
  ...rest
}: Omit<StoredClient, "id"> & { readonly clientId: string }): StoredClient {
  return { id, ...rest };
}

function toSignIn({
  signInId: id,
  ...rest
}: Omit<StoredRow, "id"> & { readonly signInId: string }): StoredRow {
  return { id, ...rest };
}

function toGrant({
  grantId: id,
  ...rest
}: Omit<StoredGrant, "id"> & { readonly grantId: string }): StoredGrant {
  return { id, ...rest };
}
