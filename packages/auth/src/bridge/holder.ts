import { audienceMatches } from "../audience.ts";
import { isAuthenticated, type PresentedClient } from "./clientauth.ts";
import type { Grant } from "./grant.ts";
import { reject, type Judged } from "./result.ts";

/** Whether a client may have what a grant gives; undefined when it may. */
export async function judgeHolder(
  grant: Grant,
  client: PresentedClient,
  resource: string | undefined,
): Promise<Judged<never> | undefined> {
  if (client.id !== grant.clientId) {
    return reject("invalid_grant", "It was given to another client.");
  }
  if (!(await isAuthenticated(client, grant.auth))) {
    return reject("invalid_client", "The client's credentials are wrong.");
  }
  if (resource !== undefined && !audienceMatches([resource], [grant.resource])) {
    return reject("invalid_target", `resource: expected ${grant.resource}.`);
  }
  return undefined;
}
