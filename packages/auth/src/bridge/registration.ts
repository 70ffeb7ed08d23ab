import { readJson } from "./body.ts";
import {
  displayName,
  judgeAuthMethod,
  judgeRedirects,
  ratesFor,
  roomFor,
  tooMany,
  type Caller,
  type ClientAuth,
} from "./client.ts";
import { randomToken, sha256 } from "./pkce.ts";
import { judgeRedirect, type RedirectPolicy } from "./redirect.ts";
import { errorResponse, json } from "./respond.ts";
import { accept, reject, toObject, type Judged, type OAuthError } from "./result.ts";
import type { Settings } from "./settings.ts";

/** What a client may say about itself, judged (RFC 7591 section 2). */
export interface Registration {
  readonly redirectUris: readonly string[];
  readonly authMethod: ClientAuth["method"];
  readonly grantTypes: readonly string[];
  readonly applicationType: "native" | "web";
  readonly name?: string;
}

const AUTH_METHODS = ["none", "client_secret_basic", "client_secret_post"] as const;
const GRANT_TYPES: readonly unknown[] = ["authorization_code", "refresh_token"];

/** `POST /register` (RFC 7591 section 3). Anybody may: a registration proves nothing and grants nothing. */
export async function register(
  request: Request,
  settings: Settings,
  caller: Caller,
): Promise<Response> {
  const body = await readJson(request);
  const judged = body.ok
    ? judgeRegistration(body.value, settings.redirects)
    : reject("invalid_client_metadata", body.description);
  if (!judged.ok) return refuseRegistration(judged, settings);
  const registration = judged.value;
  const { owner, room } = await roomFor(caller, settings, settings.registration);
  const id = randomToken();
  const secret = registration.authMethod === "none" ? undefined : randomToken();
  const data = JSON.stringify({
    redirectUris: registration.redirectUris,
    auth: await toAuth(registration.authMethod, secret),
    ...(registration.name === undefined ? {} : { name: registration.name }),
  });
  const expiresAt = room.now + settings.registration.unusedMs;
  const client = { id, owner, expiresAt, used: false, data };
  const saved = await settings.store.saveClient(client, room, await ratesFor(caller, settings));
  if (saved.kind === "limited") return refuseRegistration(tooMany(saved), settings);
  const issued = { client_id: id, client_id_issued_at: Math.floor(room.now / 1000) };
  // RFC 7591 section 3.2.1: 0 says that the secret lives as long as the registration.
  const secrets =
    secret === undefined ? {} : { client_secret: secret, client_secret_expires_at: 0 };
  return json({ ...issued, ...secrets, ...describeRegistration(registration) }, 201);
}

/** Judges the body of a registration request; what is optional and unknown is ignored. */
export function judgeRegistration(body: unknown, policy: RedirectPolicy): Judged<Registration> {
  const metadata = toObject(body);
  if (metadata === undefined) return reject("invalid_client_metadata", "Expected a JSON object.");
  const redirects = judgeRedirects(metadata["redirect_uris"], policy);
  if (!redirects.ok) return redirects;
  // RFC 7591 section 2: the default of a client that names none.
  const authMethod = judgeAuthMethod(metadata, AUTH_METHODS, "client_secret_basic");
  if (authMethod === undefined) {
    return refuse(`token_endpoint_auth_method: expected one of ${AUTH_METHODS.join(", ")}.`);
  }
  const grantTypes = metadata["grant_types"] ?? ["authorization_code"];
  if (!Array.isArray(grantTypes) || !grantTypes.includes("authorization_code")) {
    return refuse("grant_types: expected an array with authorization_code.");
  }
  const responseTypes = metadata["response_types"] ?? ["code"];
  if (!Array.isArray(responseTypes) || !responseTypes.includes("code")) {
    return refuse("response_types: expected an array with code.");
  }
  const applicationType = judgeApplicationType(
    metadata["application_type"],
    redirects.value,
    policy,
  );
  if (!applicationType.ok) return applicationType;
  return accept({
    redirectUris: redirects.value,
    authMethod,
    grantTypes: GRANT_TYPES.filter((type) => grantTypes.includes(type)) as string[],
    applicationType: applicationType.value,
    ...displayName(metadata["client_name"]),
  });
}

/** The registered metadata, as the answer repeats it (RFC 7591 section 3.2.1). */
export function describeRegistration(registration: Registration) {
  return {
    redirect_uris: registration.redirectUris,
    token_endpoint_auth_method: registration.authMethod,
    grant_types: registration.grantTypes,
    response_types: ["code"],
    application_type: registration.applicationType,
    ...(registration.name === undefined ? {} : { client_name: registration.name }),
  };
}

export function refuseRegistration(
  refusal: OAuthError,
  settings: Pick<Settings, "report">,
): Response {
  const { error, description } = refusal;
  settings.report({ endpoint: "register", error, description });
  return errorResponse(refusal);
}

// OpenID Connect Registration section 2: web clients have https redirects only. What a client does not
// say follows from them.
function judgeApplicationType(
  value: unknown,
  redirectUris: readonly string[],
  policy: RedirectPolicy,
): Judged<"native" | "web"> {
  const isWeb = redirectUris.every((uri) => {
    const judged = judgeRedirect(uri, policy);
    return judged.ok && judged.value === "https";
  });
  if (value === undefined) return accept(isWeb ? "web" : "native");
  if (value !== "native" && value !== "web") {
    return refuse("application_type: expected native or web.");
  }
  if (value === "web" && !isWeb) {
    return reject(
      "invalid_redirect_uri",
      "redirect_uris: expected https with application_type web; clients on localhost are native.",
    );
  }
  return accept(value);
}

async function toAuth(
  method: ClientAuth["method"],
  secret: string | undefined,
): Promise<ClientAuth> {
  if (method === "none" || secret === undefined) return { method: "none" };
  return { method, secretHash: await sha256(secret) };
}

function refuse(description: string): Judged<never> {
  return reject("invalid_client_metadata", description);
}
