import { isScopeToken } from "@convex-mcp/auth";
import { createApiKey, hashApiKey, isApiKey } from "@convex-mcp/auth/apikeys";
import type { ComponentApi } from "../component/_generated/component.js";
import type { RunMutationCtx, RunQueryCtx } from "../ctx.ts";
import type { TokenJudge } from "./resolve.ts";

/** What a new key is for. */
export interface ApiKeyOptions {
  /**
   * What your app calls the user: it becomes `identity.subject` of who brings the key. Of several issuers two may have users of one
   * `subject`: take an id of your own there, or `tokenIdentifier`.
   */
  readonly subject: string;
  /** A name for people: 1 to 128 characters. */
  readonly name: string;
  /** What may be done with it; never more than its maker may do, which is yours to check. */
  readonly scopes: readonly string[];
  /** Default 90, at most 366. */
  readonly expiresInDays?: number;
}

/** A key as it is listed. */
export interface ListedApiKey {
  /** What `revokeApiKey` takes. */
  readonly id: string;
  /** Its first letters. */
  readonly start: string;
  readonly name: string;
  readonly scopes: readonly string[];
  /** In milliseconds since 1970, as all times. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** To the hour; absent for one that was never used. */
  readonly lastUsedAt?: number;
}

/** A key that was just made. */
export interface NewApiKey {
  /** Show it to its owner now: it is stored nowhere. */
  readonly key: string;
  /** What `revokeApiKey` takes. */
  readonly id: string;
  /** Its first letters, to tell keys apart in a list. */
  readonly start: string;
  /** In milliseconds since 1970. */
  readonly expiresAt: number;
}

/** API keys for clients that cannot sign in. None of the functions decides who may call it: that is for the app's own. */
export interface McpApiKeys {
  /**
   * Makes a key for a user, of whom each can have 50.
   *
   * @throws TypeError that names the option that is wrong; Error where the user has too many.
   */
  createApiKey(ctx: RunMutationCtx, options: ApiKeyOptions): Promise<NewApiKey>;
  /** The live keys of a user, without what could be used. */
  listApiKeys(ctx: RunQueryCtx, user: { readonly subject: string }): Promise<ListedApiKey[]>;
  /**
   * Deletes a key, at once. False: there is none, or it is not the user's. An administrator leaves out `subject`.
   *
   * @throws TypeError for a `subject` that is `undefined`: of somebody who is not signed in, and no administrator.
   */
  revokeApiKey(
    ctx: RunMutationCtx,
    key: { readonly id: string; readonly subject?: string },
  ): Promise<boolean>;
  /** For `resolveTokens`: a query for each request that brings a key, and a mutation once an hour. */
  readonly judge: TokenJudge;
}

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const MAX_KEYS = 50;

/**
 * API keys in the gateway's component.
 *
 * @param options.prefix - what keys begin with, before `_`: 1 to 32 letters and digits. Default `"mcp"`.
 *
 * @example
 * export const keys: McpApiKeys = mcpApiKeys(components.mcpGateway);
 * export const mcp: McpGateway = new McpGateway(components.mcpGateway, {
 *   // …
 *   resolveIdentity: resolveTokens(components.mcpGateway, keys.judge),
 * });
 * export const createKey = mutation({
 *   args: { name: v.string() },
 *   handler: async (ctx, { name }) => {
 *     const user = await ctx.auth.getUserIdentity();
 *     if (user === null) throw new ConvexError("Sign in first.");
 *     return keys.createApiKey(ctx, { subject: user.subject, name, scopes: ["invoices:read"] });
 *   },
 * });
 */
export function mcpApiKeys(
  { apikeys }: Pick<ComponentApi, "apikeys">,
  { prefix = "mcp" }: { readonly prefix?: string } = {},
): McpApiKeys {
  isApiKey("", prefix);
  return {
    createApiKey: async (ctx, options) => {
      const ttlMs = checkedTtl(options);
      const { subject: owner, name, scopes } = options;
      const { key, hash, start } = await createApiKey(prefix);
      const stored = { hash, start, owner, name, scopes: [...scopes] };
      const args = { key: stored, ttlMs, maxPerOwner: MAX_KEYS };
      const made = await ctx.runMutation(apikeys.create, args);
      if (made === null) {
        throw new Error(`This user has ${MAX_KEYS} API keys: expected one to be revoked first.`);
      }
      return { key, start, ...made };
    },
    listApiKeys: (ctx, { subject }) =>
      ctx.runQuery(apikeys.list, { owner: subject, now: Date.now(), limit: MAX_KEYS }),
    revokeApiKey: async (ctx, { id, ...by }) => {
      if ("subject" in by) requireSubject(by.subject);
      return ctx.runMutation(apikeys.revoke, {
        id,
        ...(by.subject === undefined ? {} : { owner: by.subject }),
      });
    },
    judge: async ({ ctx, token }) => {
      if (!isApiKey(token, prefix)) return undefined;
      const found = await ctx.runQuery(apikeys.find, { hash: await hashApiKey(token) });
      if (found === null || found.expiresAt <= Date.now()) {
        const description = "The API key is unknown, expired or revoked.";
        return { ok: false, error: "invalid_token", description };
      }
      const { id, owner, name, scopes, expiresAt, lastUsedAt = 0 } = found;
      if (lastUsedAt <= Date.now() - HOUR) {
        // Requests at once meet in this row: none of them is refused for it.
        await ctx.runMutation(apikeys.touch, { id }).catch((error: unknown) => {
          console.error(`The use of the API key ${id} could not be noted.`, error);
        });
      }
      // The key in the issuer: what one key owns is not another's, and the audit log says which it was.
      return {
        ok: true,
        subject: owner,
        issuer: `apikey:${id}`,
        claims: { keyName: name },
        scopes,
        expiresAt,
        // Or each new key would be a user with limits of their own.
        limitedAs: `apikeys ${owner}`,
      };
    },
  };
}

function checkedTtl({ subject, name, scopes, expiresInDays = 90 }: ApiKeyOptions): number {
  requireSubject(subject);
  if (typeof name !== "string" || name === "" || name.length > 128) {
    throw new TypeError("name: expected 1 to 128 characters");
  }
  if (!Array.isArray(scopes) || scopes.length > 100 || !scopes.every((it) => isScope(it))) {
    throw new TypeError("scopes: expected at most 100 scopes (RFC 6749 section 3.3)");
  }
  if (!(expiresInDays > 0 && expiresInDays <= 366)) {
    throw new TypeError(`expiresInDays: expected a number up to 366, got ${String(expiresInDays)}`);
  }
  return expiresInDays * DAY;
}

function requireSubject(subject: unknown): void {
  if (typeof subject === "string" && subject !== "" && subject.length <= 1024) return;
  throw new TypeError("subject: expected 1 to 1024 characters");
}

function isScope(scope: unknown): boolean {
  return typeof scope === "string" && scope.length <= 256 && isScopeToken(scope);
}
