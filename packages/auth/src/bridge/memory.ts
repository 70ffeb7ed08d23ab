import { type Bucket, takeOne } from "./memoryRates.ts";
import type {
  BridgeStore,
  Claim,
  Lease,
  Redemption,
  Room,
  Settlement,
  StoredClient,
  StoredGrant,
  StoredRow,
} from "./store.ts";

interface Transaction extends StoredRow {
  readonly taken: boolean;
}

interface Grant extends StoredGrant {
  /** The hash of the current refresh token, once the code is redeemed. */
  readonly current: string | undefined;
  readonly previous?: { readonly current: string; readonly until: number };
  readonly lease: Lease | undefined;
}

/**
 * A {@link BridgeStore} in memory, for one process: sign-ins do not survive it. Every method runs to
 * its end without waiting, which makes it atomic. Expired rows are dropped when new ones come.
 */
export function memoryBridgeStore(): BridgeStore {
  const clients = new Map<string, StoredClient>();
  const transactions = new Map<string, Transaction>();
  const grants = new Map<string, Grant>();
  const buckets = new Map<string, Bucket>();

  return {
    findClient: async (id, now) => alive(clients, id, now),
    findDocument: async (id, now, rates) => {
      const client = alive(clients, id, now);
      if (client !== undefined) return { kind: "found", client };
      return takeOne(buckets, rates, now) ?? { kind: "absent" };
    },
    saveClient: async (client, room, rates) => {
      const limited = takeOne(buckets, rates, room.now);
      if (limited !== undefined) return limited;
      const before = alive(clients, client.id, room.now);
      clients.delete(client.id);
      if (before?.used === true) {
        clients.set(client.id, { ...client, used: true, owner: before.owner });
        return { kind: "saved" };
      }
      makeRoom(clients, client.owner, room, (row) => !row.used);
      clients.set(client.id, client);
      return { kind: "saved" };
    },
    begin: async (transaction, room) => {
      if (alive(transactions, transaction.id, room.now) !== undefined) return false;
      makeRoom(transactions, transaction.owner, room);
      transactions.set(transaction.id, { ...transaction, taken: false });
      return true;
    },
    take: async (id, now) => {
      const transaction = alive(transactions, id, now);
      if (transaction === undefined || transaction.taken) return undefined;
      transactions.set(id, { ...transaction, taken: true });
      return transaction;
    },
    addGrant: async (grant, { perOwner, clientExpiresAt, now }) => {
      const room = { perOwner, total: Infinity, now };
      makeRoom(grants, grant.owner, room);
      grants.set(grant.id, { ...grant, current: undefined, lease: undefined });
      const client = alive(clients, grant.clientId, now);
      if (client === undefined) return;
      const owner = client.used && client.owner !== grant.owner ? "" : grant.owner;
      const expiresAt = Math.max(client.expiresAt, clientExpiresAt);
      clients.delete(client.id);
      if (owner !== "") makeRoom(clients, owner, room, (row) => row.used);
      clients.set(client.id, { ...client, owner, used: true, expiresAt });
    },
    redeem: async (id, codeKey, current, now) => redeem(grants, id, { codeKey, current, now }),
    claim: async (id, current, lease, now) => claim(grants, id, { current, lease, now }),
    settle: async (id, leaseId, settlement) => settle(grants, id, leaseId, settlement),
  };
}

function redeem(
  grants: Map<string, Grant>,
  id: string,
  { codeKey, current, now }: { codeKey: string; current: string; now: number },
): Redemption {
  const grant = alive(grants, id, now);
  if (grant === undefined || grant.codeKey !== codeKey) return { kind: "unknown" };
  if (grant.current !== undefined) {
    grants.delete(id);
    return { kind: "replayed", grant };
  }
  grants.set(id, { ...grant, current, expiresAt: grant.liveUntil });
  return { kind: "redeemed", grant };
}

function claim(
  grants: Map<string, Grant>,
  id: string,
  { current, lease, now }: { current: string; lease: Lease; now: number },
): Claim {
  const grant = alive(grants, id, now);
  if (grant?.current === undefined) return { kind: "unknown" };
  if (grant.current !== current) {
    const { previous } = grant;
    if (previous?.current === current && previous.until > now) return { kind: "repeated", grant };
    grants.delete(id);
    return { kind: "reused", grant };
  }
  if (grant.lease !== undefined && grant.lease.until > now) return { kind: "busy" };
  grants.set(id, { ...grant, lease });
  return { kind: "claimed", grant };
}

function settle(
  grants: Map<string, Grant>,
  id: string,
  leaseId: string,
  settlement: Settlement,
): boolean {
  const grant = grants.get(id);
  if (grant?.lease?.id !== leaseId) return false;
  if (settlement.kind === "end") return grants.delete(id);
  const { kind: _kind, ...change } = settlement;
  grants.set(id, { ...grant, ...change, lease: undefined });
  return true;
}

function alive<R extends StoredRow>(rows: Map<string, R>, id: string, now: number): R | undefined {
  const row = rows.get(id);
  return row !== undefined && row.expiresAt > now ? row : undefined;
}

/** A Map keeps the order of insertion: the first rows are the oldest, or not lately used. */
function makeRoom<R extends StoredRow>(
  rows: Map<string, R>,
  owner: string,
  { perOwner, total, now }: Room,
  counts: (row: R) => boolean = () => true,
): void {
  for (const row of rows.values()) if (row.expiresAt <= now) rows.delete(row.id);
  const counted = [...rows.values()].filter(counts);
  const own = counted.filter((row) => row.owner === owner);
  const evicted = own.slice(0, Math.max(0, own.length - perOwner + 1));
  const others = counted.filter((row) => !evicted.includes(row));
  evicted.push(...others.slice(0, Math.max(0, others.length - total + 1)));
  for (const row of evicted) rows.delete(row.id);
}
