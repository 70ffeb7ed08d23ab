import { roomFor, type Caller, type Client } from "./client.ts";
import { fetchDocument, isDocumentId, MAX_ID_LENGTH } from "./clientdocument.ts";
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
  const isDocument = isDocumentId(id);
  if (isDocument && !settings.documents.enabled) return unknownClient();
  const stored = await settings.store.findClient(id, settings.now());
  if (stored !== undefined) return accept(toClient(stored));
  if (!isDocument) return unknownClient();
  const fetched = await fetchDocument(id, settings);
  if (!fetched.ok) return fetched;
  const { client, maxAgeMs } = fetched.value;
  if (maxAgeMs > 0) {
    const { owner, room } = await roomFor(caller, settings, settings.registration);
    const { id: _id, kind: _kind, ...data } = client;
    const expiresAt = room.now + maxAgeMs;
    const row = { id, owner, expiresAt, used: false, data: JSON.stringify(data) };
    await settings.store.saveClient(row, room);
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
