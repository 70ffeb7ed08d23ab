import type { Caller } from "../rpc/caller.ts";

/** How much a store in memory keeps, and of whom. */
export interface ShareLimits<V> {
  /** What one owner may keep; more of it drops the owner's oldest. */
  readonly maxPerOwner: number;
  /** What all owners may keep together; more of it drops the oldest of the one who keeps most. */
  readonly max: number;
  /** Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Told of what is dropped, or has expired. */
  readonly onDrop?: ((value: V) => void) | undefined;
}

/** Who something belongs to; `undefined` is everyone without a name. */
export type Owner = string | undefined;

/** Options of stores whose entries belong to sessions. */
export interface OwnerOptions<P> {
  /**
   * A stable name of the person or program behind a principal, so that one who opens many sessions has
   * no more room for it. Default: each session is an owner of its own.
   */
  readonly ownerOf?: ((principal: P) => string | undefined) | undefined;
}

/** The owner of what a caller leaves in a store. */
export function ownerOfCaller<C, P>(
  { ownerOf }: OwnerOptions<P>,
  { principal, sessionId }: Caller<C, P>,
): Owner {
  return ownerOf?.(principal) ?? sessionId;
}

/** What many owners keep, none of whom reaches, or pushes out, what is another's. */
export interface Shares<V> {
  get(owner: Owner, key: string): V | undefined;
  /** Gets a value, and keeps it longer, as the owner's latest. */
  renew(owner: Owner, key: string, expiresAt: number): V | undefined;
  /**
   * Keeps a value as the owner's latest. `false`: there is no room for it that would not be at the
   * expense of owners who keep less. Values expire about in the order in which they were set.
   */
  set(owner: Owner, key: string, value: V, kept?: Kept): boolean;
  /** Whether there was something to delete. */
  delete(owner: Owner, key: string): boolean;
}

interface Kept {
  /** How much of the limits it takes. Default: 1. */
  readonly size?: number;
  /** Default: never. */
  readonly expiresAt?: number;
}

interface Entry<V> {
  readonly value: V;
  readonly size: number;
  expiresAt: number;
}

interface Share<V> {
  size: number;
  /** Oldest first. */
  readonly entries: Map<string, Entry<V>>;
}

/** Makes shares that are empty. */
export function createShares<V>(limits: ShareLimits<V>): Shares<V> {
  const { maxPerOwner, max, now = Date.now, onDrop } = limits;
  // Who was longest without setting anything first, so that expiry is a walk from the front.
  const shares = new Map<Owner, Share<V>>();
  let total = 0;

  function remove(owner: Owner, key: string): V | undefined {
    const share = shares.get(owner);
    const entry = share?.entries.get(key);
    if (share === undefined || entry === undefined) return undefined;
    share.entries.delete(key);
    share.size -= entry.size;
    total -= entry.size;
    if (share.entries.size === 0) shares.delete(owner);
    return entry.value;
  }
  function drop(owner: Owner, key: string): void {
    const value = remove(owner, key);
    if (value !== undefined) onDrop?.(value);
  }
  function dropExpired(): void {
    for (const [owner, { entries }] of shares) {
      for (const [key, { expiresAt }] of entries) {
        if (expiresAt > now()) return;
        drop(owner, key);
      }
    }
  }
  function find(owner: Owner, key: string): Entry<V> | undefined {
    const entry = shares.get(owner)?.entries.get(key);
    if (entry === undefined || entry.expiresAt > now()) return entry;
    drop(owner, key);
    return undefined;
  }
  function append(owner: Owner, key: string, entry: Entry<V>): Share<V> {
    const share = shares.get(owner) ?? { size: 0, entries: new Map() };
    moveToEnd(share.entries, key, entry);
    moveToEnd(shares, owner, share);
    return share;
  }
  function makeRoom(owner: Owner, size: number): boolean {
    for (;;) {
      const kept = (shares.get(owner)?.size ?? 0) + size;
      if (kept <= maxPerOwner && total + size <= max) return true;
      const payer = kept > maxPerOwner ? owner : greediest(shares, owner, kept);
      const [oldest] = shares.get(payer)?.entries.keys() ?? [];
      if (oldest === undefined) return false;
      drop(payer, oldest);
    }
  }

  return {
    get: (owner, key) => find(owner, key)?.value,
    renew(owner, key, expiresAt) {
      const entry = find(owner, key);
      if (entry === undefined) return undefined;
      entry.expiresAt = expiresAt;
      append(owner, key, entry);
      return entry.value;
    },
    set(owner, key, value, { size = 1, expiresAt = Number.POSITIVE_INFINITY } = {}) {
      remove(owner, key);
      dropExpired();
      if (size > maxPerOwner || !makeRoom(owner, size)) return false;
      append(owner, key, { value, size, expiresAt }).size += size;
      total += size;
      return true;
    },
    delete: (owner, key) => find(owner, key) !== undefined && remove(owner, key) !== undefined,
  };
}

/** Sets what is then the latest of a map; one that is alone is so already. */
function moveToEnd<K, V>(map: Map<K, V>, key: K, value: V): void {
  if (map.size > 1) map.delete(key);
  map.set(key, value);
}

/** Who has to make room for one who would keep so much then: who keeps most. */
function greediest<V>(shares: ReadonlyMap<Owner, Share<V>>, newcomer: Owner, kept: number): Owner {
  let found = newcomer;
  let most = kept - 1;
  for (const [owner, { size }] of shares) {
    if (owner === newcomer || size <= most) continue;
    found = owner;
    most = size;
  }
  return found;
}
