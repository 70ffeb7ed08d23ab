import { openGrant, ownerOf } from "./grant.ts";
import { createSealer } from "./seal.ts";
import { requireSecrets } from "./settings.ts";
import type { StoredGrant } from "./store.ts";

/** What a grant is for, for people to look at: nothing that could be used. */
export interface GrantSummary {
  readonly resource: string;
  readonly scopes: readonly string[];
}

/** What {@link createGrantReader} makes. */
export interface GrantReader {
  /** The values that `owner` has in grants of a user, by the provider's `sub`: one for each secret. */
  ownersOf(subject: string): Promise<string[]>;
  /** What a grant is for; undefined when its secret has been dropped. */
  read(grant: Pick<StoredGrant, "id" | "data">): Promise<GrantSummary | undefined>;
}

/**
 * Reads the grants of a store, for pages that show users what they have connected.
 *
 * @param secrets - those of the bridge.
 * @throws TypeError when the secrets are none.
 */
export function createGrantReader(secrets: readonly string[]): GrantReader {
  const sealer = createSealer(requireSecrets(secrets));
  return {
    ownersOf: (subject) => Promise.all(secrets.map((secret) => ownerOf(secret, subject))),
    read: async (row) => {
      const grant = await openGrant(row, { sealer });
      if (grant === undefined) return undefined;
      const { resource, scopes } = grant;
      return { resource, scopes };
    },
  };
}
