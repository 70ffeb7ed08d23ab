/** What a token is about, in nobody's spelling. */
export interface TokenFacts {
  readonly issuer: string;
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** What the client asked the token for (RFC 8707); empty where it asked for nothing. */
  readonly resource: string;
}

/** A token as a provider spells it; `iat`, `exp` and `jti` are added. */
export interface TokenShape {
  /** The header's `typ`; undefined leaves it out. */
  readonly typ: string | undefined;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** What one provider issues, and how one signs in there. */
export interface Profile {
  /** Of the page: `docs/providers/<page>.md`. */
  readonly page: string;
  /** What its issuer ends with, after the origin. Default: nothing. */
  readonly issuerPath?: string;
  /** Where its keys are, after the issuer. */
  readonly jwksPath: string;
  readonly algorithm: "RS256" | "ES256" | "EdDSA";
  /** Its access tokens mean nothing to others, who ask its introspection endpoint. Default false. */
  readonly opaque?: boolean;
  /** It knows PKCE and does not say so, and has OpenID Connect's metadata alone. Default false. */
  readonly hidesPkce?: boolean;
  /** Whether clients register themselves; otherwise the test's is known beforehand. */
  readonly registration: boolean;
  /** What the tool needs, in the provider's spelling. */
  readonly toolScopes: readonly string[];
  /** The environment variables that the page names. */
  env(facts: ProviderFacts): Readonly<Record<string, string>>;
  /** An access token. */
  shape(facts: TokenFacts): TokenShape;
  /** Tokens of the same provider that are not for this server, by what they are; each has to be refused. */
  foreign(facts: TokenFacts): Readonly<Record<string, TokenShape>>;
  /** Where the endpoints are that the page's bridge names, after what the variables of `env` say. */
  readonly bridge?: {
    readonly authorization: string;
    readonly token: string;
    readonly revocation?: string;
  };
  /** Whether Convex validates the tokens, so that functions see the user in `ctx.auth`. */
  readonly platform: boolean;
}

/** Where the running provider is. */
export interface ProviderFacts {
  readonly issuer: string;
  readonly clientId: string;
  readonly jwksUri: string;
  readonly introspection: string;
  /** The public keys. */
  readonly jwks: { readonly keys: readonly object[] };
}
