import { ratesFor, roomFor, tooMany, type Caller, type Client } from "./client.ts";
import { fetchDocument, isDocumentId, judgeDocumentUrl, MAX_ID_LENGTH } from "./clientdocument.ts";
import { accept, reject, type Judged } from "./result.ts";
import type { Settings } from "./settings.ts";
import type { StoredClient } from "./store.ts";

/** Finds a client by its id: registered, or described by the document that its id is the URL of. */
export async function findClient(
  id: string,
  settings: Settings,
  caller: Caller,
): Promise<Judged<Client>> {
  if (id.length > MAX_ID_LENGTH) return unknownClient();
  return isDocumentId(id) ? findDocument(id, settings, caller) : findRegistered(id, settings);
}

async function findRegistered(id: string, { store, now }: Settings): Promise<Judged<Client>> {
  const stored = await store.findClient(id, now());
  return stored === undefined ? unknownClient() : accept(toClient(stored));
}

async function findDocument(
  id: string,
  settings: Settings,
  caller: Caller,
): Promise<Judged<Client>> {
  const { documents, now, store } = settings;
  if (!documents.enabled) return unknownClient();
  const url = judgeDocumentUrl(id, documents.hosts);
  if (!url.ok) return url;
  const found = await store.findDocument(id, now(), await ratesFor(caller, settings));
  if (found.kind === "found") return accept(toClient(found.client));
  if (found.kind === "limited") return tooMany(found);
  const fetched = await fetchDocument(url.value, settings);
  if (!fetched.ok) return fetched;
  const { client, maxAgeMs } = fetched.value;
  if (maxAgeMs > 0) {
    const { owner, room } = await roomFor(caller, settings, settings.registration);
    const { id: _id, kind: _kind, ...data } = client;
    const expiresAt = room.now + maxAgeMs;
    const row = { id, owner, expiresAt, used: false, data: JSON.stringify(data) };
    // It has been counted.
    await store.saveClient(row, room, []);
  }
  return accept(client);
}

function unknownClient(): Judged<never> {
  return reject(
    "invalid_client",
    "This app is not registered here, or its registration has expired. Remove the connection from the app, and connect again.",
  );
}

/** The data of a row is JSON that this package has written. */
function toClient({ id, data }: StoredClient): Client {
  const kind = isDocumentId(id) ? "document" : "registered";
  return { ...(JSON.parse(data) as Omit<Client, "id" | "kind">), id, kind };
}
