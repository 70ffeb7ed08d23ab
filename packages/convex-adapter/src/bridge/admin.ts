import type { GrantReader } from "@convex-mcp/auth/bridge";
import type { RunMutationCtx, RunQueryCtx } from "../ctx.ts";
import type { BridgeTables } from "./store.ts";

/** A client as the bridge knows it. Nothing that it says of itself is verified. */
export interface BridgeClient {
  /** Of a client ID metadata document its URL. */
  readonly clientId: string;
  /** What it calls itself. */
  readonly name?: string;
  readonly redirectUris: readonly string[];
  /** Somebody has signed in with it. */
  readonly used: boolean;
  /** In milliseconds since 1970, as all times. */
  readonly registeredAt: number;
  /** When the registration ends, unless somebody signs in with it before. */
  readonly expiresAt: number;
}

/** A page of clients, newest first. */
export interface BridgeClientPage {
  readonly clients: BridgeClient[];
  /** Where the next page begins; `null` on the last. */
  readonly cursor: number | null;
}

/** A user's sign-in with one client. */
export interface BridgeGrant {
  /** What `revokeBridgeGrant` takes. */
  readonly id: string;
  readonly clientId: string;
  /** What the client calls itself; absent of one that is no longer registered. */
  readonly clientName?: string;
  /** Absent where the secret that sealed it has been dropped: such a grant cannot be used. */
  readonly resource?: string;
  readonly scopes?: readonly string[];
  readonly createdAt: number;
  /** When it ends unless it is refreshed before. */
  readonly expiresAt: number;
}

/** A user of the provider: what `ctx.auth.getUserIdentity()` gives is one. */
export interface BridgeUser {
  /** The provider's `sub`. */
  readonly subject: string;
  /** Whose user it is: with another issuer than the provider's there is nothing of theirs. Leave it out only where your app has one issuer. */
  readonly issuer?: string | undefined;
}

/** What an app's own functions can do with the bridge's tables. None of them decides who may call it. */
export interface BridgeAdmin {
  /** A page of the registered clients. `limit` is at most 100, the default. */
  listBridgeClients(
    ctx: RunQueryCtx,
    page?: { readonly cursor?: number | null; readonly limit?: number },
  ): Promise<BridgeClientPage>;
  /** What a user has connected, newest first: at most 100. */
  listBridgeGrants(ctx: RunQueryCtx, user: BridgeUser): Promise<BridgeGrant[]>;
  /**
   * Ends a sign-in: its refresh token is worth nothing from now on. An access token that is out lives until it expires, and
   * the provider is not told. False: there is none of that id, or it is not the user's.
   */
  revokeBridgeGrant(
    ctx: RunMutationCtx,
    grant: { readonly id: string; readonly user: BridgeUser | "anybody" },
  ): Promise<boolean>;
  /** The same for all that a user has, and how many it were: call it where you delete a user. */
  revokeBridgeGrants(ctx: RunMutationCtx, user: BridgeUser): Promise<number>;
}

const MOST = 100;

/**
 * What an app's functions can do with the bridge's tables, over the component's functions.
 *
 * @param issuer - the provider's.
 * @param reader - asked for only when it is needed.
 */
export function createBridgeAdmin(
  { bridgeClients, bridgeGrants }: BridgeTables,
  issuer: string,
  reader: () => GrantReader,
): BridgeAdmin {
  const ownersOf = async (user: BridgeUser): Promise<string[]> => {
    if (typeof user?.subject !== "string" || user.subject === "") {
      throw new TypeError(
        "user: expected a user with a subject, as ctx.auth.getUserIdentity() gives it.",
      );
    }
    const isTheirs = user.issuer === undefined || sameIssuer(user.issuer, issuer);
    return isTheirs ? reader().ownersOf(user.subject) : [];
  };
  return {
    listBridgeClients: async (ctx, { cursor, limit = MOST } = {}) => {
      const page = await ctx.runQuery(bridgeClients.list, {
        limit: Math.max(1, Math.min(MOST, Math.floor(limit))),
        ...(typeof cursor === "number" ? { cursor } : {}),
      });
      const clients = page.clients.map(({ clientId, used, data, registeredAt, expiresAt }) => ({
        clientId,
        ...saidIn(data),
        used,
        registeredAt,
        expiresAt,
      }));
      return { clients, cursor: page.cursor };
    },
    listBridgeGrants: async (ctx, user) => {
      const owners = await ownersOf(user);
      const grants = reader();
      const rows = await ctx.runQuery(bridgeGrants.list, { owners, now: Date.now(), limit: MOST });
      return Promise.all(
        rows.map(async ({ id, grantId, clientId, client, data, createdAt, expiresAt }) => {
          const { name } = client === undefined ? {} : saidIn(client);
          return {
            id,
            clientId,
            ...(name === undefined ? {} : { clientName: name }),
            ...(await grants.read({ id: grantId, data })),
            createdAt,
            expiresAt,
          };
        }),
      );
    },
    revokeBridgeGrant: async (ctx, { id, user }) => {
      const owners = user === "anybody" ? undefined : await ownersOf(user);
      return ctx.runMutation(bridgeGrants.revoke, {
        id,
        ...(owners === undefined ? {} : { owners }),
      });
    },
    revokeBridgeGrants: async (ctx, user) =>
      ctx.runMutation(bridgeGrants.revokeAll, { owners: await ownersOf(user) }),
  };
}

/** What a client said of itself: JSON that the bridge has written. */
function saidIn(data: string): Pick<BridgeClient, "name" | "redirectUris"> {
  const { name, redirectUris } = JSON.parse(data) as Pick<BridgeClient, "name" | "redirectUris">;
  return { ...(name === undefined ? {} : { name }), redirectUris };
}

/** Convex takes an issuer with and without a slash at its end for the same, and tells it in one of the spellings. */
function sameIssuer(one: string, other: string): boolean {
  return one.replace(/\/$/, "") === other.replace(/\/$/, "");
}
