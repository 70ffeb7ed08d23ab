import { redactText } from "@convex-mcp/audit";
import type { SignedIn, StoredClient, StoredGrant } from "@convex-mcp/auth/bridge";
import { present } from "../calls/present.ts";
import { fit, type Kept, misuseOf, recordingOf } from "../calls/record.ts";
import type { Misuse } from "../component/misuse.ts";
import type { Entry, Recording } from "../component/shared.ts";
import type { RequestMetadata } from "../identity/scope.ts";

/** How what happens at a bridge is recorded: what of a gateway's settings it needs. */
export type BridgeAudit = Kept;

/** Makes the entries of one request. Mutations write them with what they do. None has a token, a code or a secret. */
export interface BridgeRecorder {
  readonly origin: Pick<Entry, "ip" | "userAgent" | "platformRequestId">;
  /** How what was refused is counted. */
  readonly misuse: Misuse;
  /** `undefined`: reading a document registers nothing. */
  readonly registered: (client: StoredClient) => Recording | undefined;
  /** That of the sign-in is the last. */
  readonly signedIn: (grant: StoredGrant, who: SignedIn) => Recording[];
}

/**
 * Makes the audit entries of what happens at the bridge during one request.
 *
 * @param issuer - the provider's.
 */
export function createBridgeRecorder(
  audit: BridgeAudit,
  issuer: string,
  { ip, userAgent, requestId }: RequestMetadata,
): BridgeRecorder {
  const keep = (entry: Entry) => recordingOf({ audit }, entry);
  const from = present({ ip, userAgent, platformRequestId: requestId });
  const fitted = fit({ kind: "auth", outcome: "ok", ...from });
  const origin = present({
    ip: fitted.ip,
    userAgent: fitted.userAgent,
    platformRequestId: fitted.platformRequestId,
  });
  return {
    origin,
    misuse: misuseOf({ audit }),
    registered: ({ id, data }) => {
      if (id.startsWith("https:")) return undefined;
      // JSON that the bridge has written; the client's words of itself.
      const { name, redirectUris } = JSON.parse(data) as { name?: string; redirectUris: string[] };
      return keep({
        kind: "registration",
        name: "registered",
        outcome: "ok",
        ...origin,
        ...present({ clientName: name && redactText(name) }),
        args: said({ client: id, redirectUris }),
      });
    },
    signedIn: ({ clientId }, { subject, clientName, redirectUri, resource, scopes, consented }) => {
      const entry = {
        outcome: "ok" as const,
        issuer,
        ...origin,
        ...present({ subject, clientName: clientName && redactText(clientName) }),
        args: said({ client: clientId, redirectUri, resource, scopes }),
      };
      const given = { kind: "consent" as const, name: "given", ...entry };
      const done = { kind: "auth" as const, name: "signIn", ...entry };
      return (consented ? [given, done] : [done]).map(keep);
    },
  };
}

/** As JSON, without what looks like a secret: a redirect URI is whatever a client wrote. */
function said(args: object): string {
  return JSON.stringify(args, (_name, value: unknown) =>
    typeof value === "string" ? redactText(value) : value,
  );
}
