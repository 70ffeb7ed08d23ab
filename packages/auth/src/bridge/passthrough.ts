import { readJson } from "./body.ts";
import { describeRegistration, judgeRegistration, refuseRegistration } from "./registration.ts";
import { json } from "./respond.ts";
import { reject } from "./result.ts";
import type { CommonSettings } from "./settings.ts";

/**
 * `POST /register` where clients go to the provider itself: all get the one public client id. Nothing is
 * stored; the redirect URIs are judged, and it is the provider that must know them.
 */
export async function registerShared(
  request: Request,
  settings: CommonSettings,
): Promise<Response> {
  const body = await readJson(request);
  const judged = body.ok
    ? judgeRegistration(body.value, settings.redirects)
    : reject("invalid_client_metadata", body.description);
  if (!judged.ok) return refuseRegistration(judged, settings);
  // RFC 7591 section 3.2.1: the server may replace what it was asked for.
  const registered = describeRegistration({ ...judged.value, authMethod: "none" });
  return json({ client_id: settings.upstream.clientId, ...registered }, 201);
}
