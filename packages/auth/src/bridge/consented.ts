import type { AuthorizeRequest } from "./authorization.ts";
import { readCookie, writeCookie } from "./cookies.ts";
import { sha256 } from "./pkce.ts";
import type { Settings } from "./settings.ts";

type Entries = readonly (readonly [key: string, expiresAt: number])[];

const MAX_REMEMBERED = 10;

/** Whether this browser's user has agreed to the same request lately. Always false unless it is turned on. */
export async function isRemembered(
  request: Request,
  asked: AuthorizeRequest,
  browser: string,
  settings: Settings,
): Promise<boolean> {
  if (!isMemorable(asked, settings) || asked.prompt.includes("consent")) return false;
  const key = await keyOf(asked);
  return (await readEntries(request, browser, settings)).some(([known]) => known === key);
}

/** The cookie that remembers a consent, sealed for the browser; none where consent is asked each time. */
export async function rememberConsent(
  request: Request,
  asked: AuthorizeRequest,
  browser: string,
  settings: Settings,
): Promise<readonly string[]> {
  if (!isMemorable(asked, settings)) return [];
  const key = await keyOf(asked);
  const others = (await readEntries(request, browser, settings)).filter(([known]) => known !== key);
  const entries: Entries = [
    [key, settings.now() + settings.rememberMs] as const,
    ...others.slice(0, MAX_REMEMBERED - 1),
  ];
  const value = await settings.sealer.seal("consented", entries, browser);
  const maxAge = Math.floor(settings.rememberMs / 1000);
  return [writeCookie(settings.issuer, "mcp-bridge-consents", value, maxAge)];
}

// RFC 8252 section 8.6: any program can listen on loopback or take a scheme, so those are asked each time.
function isMemorable(asked: AuthorizeRequest, settings: Settings): boolean {
  return settings.rememberMs > 0 && asked.redirectKind === "https";
}

function keyOf({ clientId, redirectUri, resource, scopes }: AuthorizeRequest): Promise<string> {
  return sha256(JSON.stringify([clientId, redirectUri, resource, [...scopes].sort()]));
}

async function readEntries(
  request: Request,
  browser: string,
  settings: Settings,
): Promise<Entries> {
  const value = readCookie(request, settings.issuer, "mcp-bridge-consents");
  const opened = value === undefined ? [] : await settings.sealer.open("consented", value, browser);
  return ((opened ?? []) as Entries).filter(([, expiresAt]) => expiresAt > settings.now());
}
