import type { Adapter, AdapterFactory, AdapterPayload } from "oidc-provider";

/** How many records of one kind (clients, sessions, codes, …) are kept; the oldest go first. */
export const RECORDS_PER_KIND = 2000;

interface Stored {
  readonly payload: AdapterPayload;
  readonly expiresAt: number;
}

/**
 * Keeps what oidc-provider stores in memory, each provider its own and each kind of record in its own bounded map, so
 * that a flood of registrations cannot push out sessions. Everything is forgotten when the process ends.
 */
export function memoryAdapter(limit: number = RECORDS_PER_KIND): AdapterFactory {
  const kinds = new Map<string, Map<string, Stored>>();
  return (kind) => {
    const records = kinds.get(kind) ?? new Map<string, Stored>();
    kinds.set(kind, records);
    return adapterOver(records, limit);
  };
}

function adapterOver(records: Map<string, Stored>, limit: number): Adapter {
  const alive = (id: string): AdapterPayload | undefined => {
    const stored = records.get(id);
    if (stored !== undefined && stored.expiresAt > Date.now()) return stored.payload;
    records.delete(id);
    return undefined;
  };
  const findBy = async (field: "uid" | "userCode", value: string) => {
    for (const [id, { payload }] of records) if (payload[field] === value) return alive(id);
    return undefined;
  };

  return {
    async upsert(id, payload, expiresIn) {
      records.delete(id);
      const expiresAt = expiresIn !== undefined ? Date.now() + expiresIn * 1000 : Infinity;
      records.set(id, { payload, expiresAt });
      for (const oldest of records.keys()) {
        if (records.size <= limit) break;
        records.delete(oldest);
      }
    },
    find: async (id) => alive(id),
    findByUid: (uid) => findBy("uid", uid),
    findByUserCode: (userCode) => findBy("userCode", userCode),
    async consume(id) {
      const payload = alive(id);
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
    },
    async destroy(id) {
      records.delete(id);
    },
    async revokeByGrantId(grantId) {
      for (const [id, { payload }] of records) if (payload.grantId === grantId) records.delete(id);
    },
  };
}
