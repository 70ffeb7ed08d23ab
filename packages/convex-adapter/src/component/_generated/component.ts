/* eslint-disable */
/**
 * Generated `ComponentApi` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type { FunctionReference } from "convex/server";

/**
 * A utility for referencing a Convex component's exposed API.
 *
 * Useful when expecting a parameter like `components.myComponent`.
 * Usage:
 * ```ts
 * async function myFunction(ctx: QueryCtx, component: ComponentApi) {
 *   return ctx.runQuery(component.someFile.someQuery, { ...args });
 * }
 * ```
 */
export type ComponentApi<Name extends string | undefined = string | undefined> =
  {
    audit: {
      begin: FunctionReference<
        "mutation",
        "internal",
        {
          entry: {
            kind: "tool";
            tool: string;
            subject?: string;
            issuer?: string;
            clientName?: string;
            clientVersion?: string;
            sessionId?: string;
            requestId?: string;
            platformRequestId?: string;
            ip?: string;
            userAgent?: string;
            args?: string;
            argsBytes?: number;
            decision?: string;
            outcome:
              | "ok"
              | "failed"
              | "denied"
              | "invalid"
              | "running"
              | "lost"
              | "interrupted"
              | "aborted"
              | "unknown";
            result?: string;
            resultBytes?: number;
            cut?: boolean;
            durationMs?: number;
            errorCode?: string;
            error?: string;
          };
          retentionMs: number;
          deadlineMs: number;
        },
        string,
        Name
      >;
      finish: FunctionReference<
        "mutation",
        "internal",
        {
          entryId: string;
          end: {
            outcome:
              | "ok"
              | "failed"
              | "denied"
              | "invalid"
              | "running"
              | "lost"
              | "interrupted"
              | "aborted"
              | "unknown";
            result?: string;
            resultBytes?: number;
            cut?: boolean;
            durationMs?: number;
            errorCode?: string;
            error?: string;
          };
        },
        boolean,
        Name
      >;
      prune: FunctionReference<
        "mutation",
        "internal",
        { before: number },
        { deleted: number; done: boolean },
        Name
      >;
      record: FunctionReference<
        "mutation",
        "internal",
        {
          entry: {
            kind: "tool";
            tool: string;
            subject?: string;
            issuer?: string;
            clientName?: string;
            clientVersion?: string;
            sessionId?: string;
            requestId?: string;
            platformRequestId?: string;
            ip?: string;
            userAgent?: string;
            args?: string;
            argsBytes?: number;
            decision?: string;
            outcome:
              | "ok"
              | "failed"
              | "denied"
              | "invalid"
              | "running"
              | "lost"
              | "interrupted"
              | "aborted"
              | "unknown";
            result?: string;
            resultBytes?: number;
            cut?: boolean;
            durationMs?: number;
            errorCode?: string;
            error?: string;
          };
          retentionMs: number;
          session?: {
            key: { sessionId: string; owner: string };
            ttlMs: number;
            anyway?: boolean;
          };
        },
        boolean,
        Name
      >;
    };
    reading: {
      list: FunctionReference<
        "query",
        "internal",
        {
          tool?: string;
          subject?: string;
          issuer?: string;
          outcome?:
            | "ok"
            | "failed"
            | "denied"
            | "invalid"
            | "running"
            | "lost"
            | "interrupted"
            | "aborted"
            | "unknown";
          from?: number;
          to?: number;
          cursor?: string;
          limit: number;
        },
        {
          entries: Array<{
            id: string;
            at: number;
            entry: {
              kind: "tool";
              tool: string;
              subject?: string;
              issuer?: string;
              clientName?: string;
              clientVersion?: string;
              sessionId?: string;
              requestId?: string;
              platformRequestId?: string;
              ip?: string;
              userAgent?: string;
              args?: string;
              argsBytes?: number;
              decision?: string;
              outcome:
                | "ok"
                | "failed"
                | "denied"
                | "invalid"
                | "running"
                | "lost"
                | "interrupted"
                | "aborted"
                | "unknown";
              result?: string;
              resultBytes?: number;
              cut?: boolean;
              durationMs?: number;
              errorCode?: string;
              error?: string;
            };
          }>;
          cursor: null | string;
        },
        Name
      >;
    };
    sessions: {
      check: FunctionReference<
        "mutation",
        "internal",
        { session: { sessionId: string; owner: string }; ttlMs: number },
        null | { clientName: string; clientVersion: string },
        Name
      >;
      create: FunctionReference<
        "mutation",
        "internal",
        {
          session: {
            sessionId: string;
            owner: string;
            protocolVersion: string;
            clientName: string;
            clientVersion: string;
            capabilities: string;
          };
          ttlMs: number;
          maxPerOwner: number;
        },
        null,
        Name
      >;
      end: FunctionReference<
        "mutation",
        "internal",
        { session: { sessionId: string; owner: string } },
        boolean,
        Name
      >;
      prune: FunctionReference<
        "mutation",
        "internal",
        {},
        { deleted: number; done: boolean },
        Name
      >;
    };
  };
