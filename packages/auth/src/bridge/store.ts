/** A row that a stranger can make: it has an owner and ends by itself. Times are milliseconds since 1970. */
export interface StoredRow {
  readonly id: string;
  /** Whom the row counts for: a hash, one for each caller address. */
  readonly owner: string;
  readonly expiresAt: number;
  /** JSON or sealed text that the store never looks into. */
  readonly data: string;
}

/** A registered client, or a cached client ID metadata document. */
export interface StoredClient extends StoredRow {
  /** Somebody has signed in with it; `owner` is then that user, or empty once it was two, and no registration evicts it. */
  readonly used: boolean;
}

/** What one sign-in was given. Its data is sealed. */
export interface StoredGrant extends StoredRow {
  readonly clientId: string;
  /** The hash of the code with all that the code is bound to. */
  readonly codeKey: string;
  /** When the row ends once its code has been redeemed; until then `expiresAt` counts. */
  readonly liveUntil: number;
}

/** Who signed in with which client, and what for: for stores that keep a log. None of it could be used. */
export interface SignedIn {
  /** The provider's `sub`, where it names one. */
  readonly subject?: string | undefined;
  readonly clientName?: string | undefined;
  readonly redirectUri: string;
  readonly resource: string;
  readonly scopes: readonly string[];
  /** They were asked for consent; otherwise it was remembered. */
  readonly consented: boolean;
}

/** How many rows there may be. A new row always fits: the oldest others leave, the owner's own first. */
export interface Room {
  /** Held at once: it is what keeps one stranger from pushing out everybody. */
  readonly perOwner: number;
  /** A store for which counting is dear may hold it in the background, in batches of the oldest. */
  readonly total: number;
  readonly now: number;
}

/** How often something may happen in an hour, a burst of as many included (a token bucket). */
export interface Rate {
  /** Whose it is: a hash. */
  readonly key: string;
  readonly perHour: number;
}

/** It happened too often: nothing was counted and nothing written. */
export interface Limited {
  readonly kind: "limited";
  readonly retryAfterMs: number;
}

/** What became of a code. */
export type Redemption =
  | { readonly kind: "unknown" }
  | { readonly kind: "redeemed"; readonly grant: StoredGrant }
  /** It had been redeemed before: the store has deleted the grant. */
  | { readonly kind: "replayed"; readonly grant: StoredGrant };

/** What became of a refresh token. */
export type Claim =
  | { readonly kind: "unknown" }
  /** Another request holds the lease. */
  | { readonly kind: "busy" }
  | { readonly kind: "claimed"; readonly grant: StoredGrant }
  /** It was the current one a moment ago: nothing is leased. */
  | { readonly kind: "repeated"; readonly grant: StoredGrant }
  /** It is neither: the store has deleted the grant. */
  | { readonly kind: "reused"; readonly grant: StoredGrant };

/** Who holds a claimed grant, and until when it is given up for lost. */
export interface Lease {
  readonly id: string;
  readonly until: number;
}

/** How a claim ends. */
export type Settlement =
  | { readonly kind: "release" }
  /** By its client, or because the provider, or we, no longer know what it stands for. */
  | { readonly kind: "end"; readonly reason: "revoked" | "refused" }
  | {
      readonly kind: "rotate";
      /** The hash of the refresh token that is good from now on. */
      readonly current: string;
      /** The hash of the one before it, and until when that still counts. */
      readonly previous?: { readonly current: string; readonly until: number };
      readonly data: string;
      readonly expiresAt: number;
    };

/**
 * What the bridge remembers. Each method is ONE atomic step (one transaction of a database), and no
 * request needs more than two but for errors, and refreshes that wait for another. A row whose `expiresAt` is not after `now` is as good as
 * deleted; delete such rows in the background. `memoryBridgeStore` is the reference.
 */
export interface BridgeStore {
  /** The client of that id. */
  findClient(id: string, now: number): Promise<StoredClient | undefined>;
  /** The same for a document that will be fetched where it is absent: then, and only then, it counts. */
  findDocument(
    id: string,
    now: number,
    rates: readonly Rate[],
  ): Promise<
    | { readonly kind: "found"; readonly client: StoredClient }
    | { readonly kind: "absent" }
    | Limited
  >;
  /**
   * Adds a client, or replaces the one of that id (once it is `used` it stays so, and its owner's).
   * Limits count clients that are not `used`; only such ones are evicted.
   */
  saveClient(
    client: StoredClient,
    room: Room,
    rates: readonly Rate[],
  ): Promise<{ readonly kind: "saved" } | Limited>;
  /** Adds a transaction, and gives false if one of that id is there, taken or not. Evicts as `room` says. */
  begin(transaction: StoredRow, room: Room): Promise<boolean>;
  /** Gives a transaction to the first who takes it. The row stays, marked, until it expires. */
  take(id: string, now: number): Promise<StoredRow | undefined>;
  /**
   * Adds a grant, evicting the owner's oldest beyond `perOwner`, and marks its client as used until
   * `clientExpiresAt` (if that is later than its expiry; a client that is not there is no error). With
   * its first grant a client passes to the grant's owner, who may have `perOwner` used ones: those
   * that have gone longest without a grant are evicted. With a grant of a second owner it is nobody's,
   * so that the first cannot have it evicted. Of a client that is used already a store may otherwise
   * note a grant once an hour.
   */
  addGrant(
    grant: StoredGrant,
    room: { readonly perOwner: number; readonly clientExpiresAt: number; readonly now: number },
    who: SignedIn,
  ): Promise<void>;
  /**
   * Redeems a code: `unknown` unless grant and `codeKey` match. The first time, the grant's `expiresAt`
   * becomes its `liveUntil` and `current` its refresh token; the second time the grant is deleted.
   */
  redeem(id: string, codeKey: string, current: string, now: number): Promise<Redemption>;
  /** Leases a redeemed grant to one who holds its current refresh token; any but that and the `previous` one deletes it. */
  claim(id: string, current: string, lease: Lease, now: number): Promise<Claim>;
  /** Ends a claim; gives false, and does nothing, when the lease has passed to another. */
  settle(id: string, leaseId: string, settlement: Settlement): Promise<boolean>;
}
