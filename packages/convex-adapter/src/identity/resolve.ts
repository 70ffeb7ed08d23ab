import { scopesOf } from "@convex-mcp/auth";
import type { Authentication } from "@convex-mcp/protocol";
import type { GenericActionCtx, GenericDataModel, UserIdentity } from "convex/server";
import { present } from "../calls/present.ts";
import type { ComponentApi } from "../component/_generated/component.js";
import type { Principal } from "./principal.ts";
import { invalidToken, unavailable } from "./refusals.ts";
import type { RequestScope } from "./scope.ts";
import { secretOf } from "./secret.ts";
import { sealCaller } from "./seal.ts";

/** A token that the platform does not know, and where it came. */
export interface IdentityRequest {
  /** Never log it. */
  readonly token: string;
  /** The URL of this server as the client was given it: what the token has to be for. */
  readonly resource: string;
  /** The HTTP action's. */
  readonly ctx: GenericActionCtx<GenericDataModel>;
}

/** What is said of a token. The verifiers of `@convex-mcp/auth` say it in this form. */
export type ResolvedIdentity =
  | {
      readonly ok: true;
      /** The user's id at the issuer. */
      readonly subject: string;
      /**
       * Default: the claim `iss`, else `"judge-1"` of the first judge, and so on: one judge's users are not another's. Name it where
       * judges may come and go, or one's users would be taken for another's.
       */
      readonly issuer?: string;
      /** What `authorize` gets as further members of `identity`, under their own names. */
      readonly claims?: Readonly<Record<string, unknown>>;
      /** Default: those of the claims. */
      readonly scopes?: readonly string[];
      /** When the token ends, in milliseconds since 1970: streams end with it. Default: the claim `exp`, else it is not known. */
      readonly expiresAt?: number;
      /** Whose limits the token uses up, where a user can have many tokens of different issuers. Default: issuer and subject. */
      readonly limitedAs?: string;
    }
  | {
      readonly ok: false;
      /** 401, or 503 for a token that could not be judged. */
      readonly error: "invalid_token" | "temporarily_unavailable";
      /** A sentence for the caller. */
      readonly description?: string;
      /** For the app's log. */
      readonly cause?: unknown;
    };

/** Judges a token, its audience included. `undefined`: it is not of the kind that this one judges. */
export type TokenJudge = (
  request: IdentityRequest,
) => ResolvedIdentity | undefined | Promise<ResolvedIdentity | undefined>;

/** What `resolveTokens` makes, for the gateway's option `resolveIdentity`. */
export type ResolveIdentity = (
  token: string,
  scope: RequestScope,
) => Promise<Authentication<Principal> | undefined>;

/**
 * Has tokens judged that Convex does not validate: opaque ones, other algorithms, several audiences, API keys. A value that an
 * app passes in, so that the bundles of apps that do not are without it.
 *
 * @param component - `components.mcpGateway`, whose secret seals what functions are told of such callers; see `mcpCaller`.
 * @param judges - asked in order; the first that knows the kind of token judges it. None: it is refused. One that throws, or says
 * `temporarily_unavailable`, is answered with 503, and its error is in the app's log.
 *
 * @example
 * const verify = createIntrospectionVerifier({ … });
 * new McpGateway(components.mcpGateway, { …, resolveIdentity: resolveTokens(components.mcpGateway, ({ token }) => verify(token)) });
 */
export function resolveTokens(
  component: Pick<ComponentApi, "secrets">,
  ...judges: readonly TokenJudge[]
): ResolveIdentity {
  return async (token, { ctx, resource }) => {
    try {
      for (const [index, judge] of judges.entries()) {
        const verdict = await judge({ token, resource: resource.url, ctx });
        if (verdict === undefined) continue;
        // Read strictly: what a judge says may be JSON that came from elsewhere.
        const { ok }: { readonly ok: unknown } = verdict;
        const user = verdict.ok && ok === true ? toUser(verdict, `judge-${index + 1}`) : undefined;
        if (user !== undefined) {
          const seal = async () => sealCaller(await secretOf(component, ctx), user.identity);
          return { ok: true, principal: { kind: "user", ...user, seal } };
        }
        if (!verdict.ok && verdict.error === "temporarily_unavailable") throw verdict.cause;
        const description = verdict.ok ? undefined : verdict.description;
        return { ok: false, refusal: invalidToken(resource, description) };
      }
      return undefined;
    } catch (error) {
      console.error("An access token could not be judged.", error);
      const description = "The access token could not be checked right now: try again.";
      return { ok: false, refusal: unavailable(description) };
    }
  };
}

type User = Extract<Principal, { kind: "user" }>;

const SECOND = 1_000;
const REGISTERED = new Set(["iss", "sub", "aud", "exp", "iat", "nbf", "jti"]);

/** The user of a token that was judged good; `undefined` where the judgement names none. */
function toUser(
  {
    subject,
    issuer,
    claims = {},
    scopes = scopesOf(claims),
    expiresAt = typeof claims["exp"] === "number" ? claims["exp"] * SECOND : undefined,
    limitedAs,
  }: Extract<ResolvedIdentity, { ok: true }>,
  judge: string,
): Omit<User, "kind" | "seal"> | undefined {
  if (!Array.isArray(scopes) || !(expiresAt === undefined || Number.isFinite(expiresAt))) {
    throw new TypeError(
      "resolveTokens: expected scopes to be a list and expiresAt to be a number of milliseconds.",
    );
  }
  const from = issuer ?? (typeof claims["iss"] === "string" ? claims["iss"] : judge);
  if (typeof subject !== "string" || subject === "") return undefined;
  const others = Object.entries(claims).filter(([name]) => !REGISTERED.has(name));
  const identity: UserIdentity = {
    ...(Object.fromEntries(others) as Partial<UserIdentity>),
    subject,
    issuer: from,
    // The platform's have a bar between issuer and subject, which these cannot have: nobody owns what is another's.
    tokenIdentifier: ["resolved", from, subject].map(encodeURIComponent).join(":"),
  };
  return { identity, scopes, ...present({ expiresAt, limitedAs }) };
}
