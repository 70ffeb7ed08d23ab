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
    answers: {
      find: FunctionReference<
        "query",
        "internal",
        { owner: string; tool: string; key: string },
        null | { call: string; json?: string },
        Name
      >;
      keep: FunctionReference<
        "mutation",
        "internal",
        {
          owner: string;
          tool: string;
          key: string;
          call: string;
          json?: string;
          ttlMs: number;
        },
        null,
        Name
      >;
    };
    apikeys: {
      create: FunctionReference<
        "mutation",
        "internal",
        {
          key: {
            hash: string;
            start: string;
            owner: string;
            name: string;
            scopes: Array<string>;
          };
          ttlMs: number;
          maxPerOwner: number;
        },
        null | { id: string; expiresAt: number },
        Name
      >;
      find: FunctionReference<
        "query",
        "internal",
        { hash: string },
        null | {
          owner: string;
          id: string;
          start: string;
          name: string;
          scopes: Array<string>;
          createdAt: number;
          expiresAt: number;
          lastUsedAt?: number;
        },
        Name
      >;
      list: FunctionReference<
        "query",
        "internal",
        { owner: string; now: number; limit: number },
        Array<{
          id: string;
          start: string;
          name: string;
          scopes: Array<string>;
          createdAt: number;
          expiresAt: number;
          lastUsedAt?: number;
        }>,
        Name
      >;
      revoke: FunctionReference<
        "mutation",
        "internal",
        { id: string; owner?: string },
        boolean,
        Name
      >;
      touch: FunctionReference<
        "mutation",
        "internal",
        { id: string },
        null,
        Name
      >;
    };
    audit: {
      begin: FunctionReference<
        "mutation",
        "internal",
        {
          entry: {
            kind:
              | "tool"
              | "list"
              | "resource"
              | "prompt"
              | "completion"
              | "task"
              | "cancellation"
              | "session"
              | "auth"
              | "registration"
              | "consent";
            tool?: string;
            name?: string;
            subject?: string;
            issuer?: string;
            clientName?: string;
            clientVersion?: string;
            sessionId?: string;
            taskId?: string;
            requestId?: string;
            platformRequestId?: string;
            ip?: string;
            userAgent?: string;
            args?: string;
            argsBytes?: number;
            decision?: string;
            traceparent?: string;
            count?: number;
            outcome:
              | "ok"
              | "failed"
              | "denied"
              | "invalid"
              | "running"
              | "lost"
              | "interrupted"
              | "replayed"
              | "cancelled"
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
          chain?: boolean;
          keep?: number;
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
              | "replayed"
              | "cancelled"
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
      record: FunctionReference<
        "mutation",
        "internal",
        {
          entry: {
            kind:
              | "tool"
              | "list"
              | "resource"
              | "prompt"
              | "completion"
              | "task"
              | "cancellation"
              | "session"
              | "auth"
              | "registration"
              | "consent";
            tool?: string;
            name?: string;
            subject?: string;
            issuer?: string;
            clientName?: string;
            clientVersion?: string;
            sessionId?: string;
            taskId?: string;
            requestId?: string;
            platformRequestId?: string;
            ip?: string;
            userAgent?: string;
            args?: string;
            argsBytes?: number;
            decision?: string;
            traceparent?: string;
            count?: number;
            outcome:
              | "ok"
              | "failed"
              | "denied"
              | "invalid"
              | "running"
              | "lost"
              | "interrupted"
              | "replayed"
              | "cancelled"
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
          chain?: boolean;
          keep?: number;
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
    bridgeClients: {
      find: FunctionReference<
        "query",
        "internal",
        { clientId: string },
        null | {
          clientId: string;
          owner: string;
          used: boolean;
          data: string;
          expiresAt: number;
        },
        Name
      >;
      findDocument: FunctionReference<
        "mutation",
        "internal",
        {
          clientId: string;
          now: number;
          rates: Array<{ key: string; perHour: number }>;
        },
        | null
        | number
        | {
            clientId: string;
            owner: string;
            used: boolean;
            data: string;
            expiresAt: number;
          },
        Name
      >;
      list: FunctionReference<
        "query",
        "internal",
        { limit: number; cursor?: number },
        {
          clients: Array<{
            clientId: string;
            owner: string;
            used: boolean;
            data: string;
            expiresAt: number;
            registeredAt: number;
          }>;
          cursor: null | number;
        },
        Name
      >;
      save: FunctionReference<
        "mutation",
        "internal",
        {
          client: {
            clientId: string;
            owner: string;
            used: boolean;
            data: string;
            expiresAt: number;
          };
          room: { perOwner: number; total: number; now: number };
          rates: Array<{ key: string; perHour: number }>;
          recording?: {
            entry: {
              kind:
                | "tool"
                | "list"
                | "resource"
                | "prompt"
                | "completion"
                | "task"
                | "cancellation"
                | "session"
                | "auth"
                | "registration"
                | "consent";
              tool?: string;
              name?: string;
              subject?: string;
              issuer?: string;
              clientName?: string;
              clientVersion?: string;
              sessionId?: string;
              taskId?: string;
              requestId?: string;
              platformRequestId?: string;
              ip?: string;
              userAgent?: string;
              args?: string;
              argsBytes?: number;
              decision?: string;
              traceparent?: string;
              count?: number;
              outcome:
                | "ok"
                | "failed"
                | "denied"
                | "invalid"
                | "running"
                | "lost"
                | "interrupted"
                | "replayed"
                | "cancelled"
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
            chain?: boolean;
            keep?: number;
          };
        },
        null | number,
        Name
      >;
    };
    bridgeGrants: {
      add: FunctionReference<
        "mutation",
        "internal",
        {
          grant: {
            grantId: string;
            owner: string;
            clientId: string;
            codeKey: string;
            liveUntil: number;
            data: string;
            expiresAt: number;
          };
          perOwner: number;
          clientExpiresAt: number;
          now: number;
          recordings: Array<{
            entry: {
              kind:
                | "tool"
                | "list"
                | "resource"
                | "prompt"
                | "completion"
                | "task"
                | "cancellation"
                | "session"
                | "auth"
                | "registration"
                | "consent";
              tool?: string;
              name?: string;
              subject?: string;
              issuer?: string;
              clientName?: string;
              clientVersion?: string;
              sessionId?: string;
              taskId?: string;
              requestId?: string;
              platformRequestId?: string;
              ip?: string;
              userAgent?: string;
              args?: string;
              argsBytes?: number;
              decision?: string;
              traceparent?: string;
              count?: number;
              outcome:
                | "ok"
                | "failed"
                | "denied"
                | "invalid"
                | "running"
                | "lost"
                | "interrupted"
                | "replayed"
                | "cancelled"
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
            chain?: boolean;
            keep?: number;
          }>;
        },
        null,
        Name
      >;
      claim: FunctionReference<
        "mutation",
        "internal",
        {
          grantId: string;
          current: string;
          lease: { id: string; until: number };
          now: number;
          origin: {
            ip?: string;
            userAgent?: string;
            platformRequestId?: string;
          };
        },
        | { kind: "unknown" | "busy" }
        | {
            kind: "claimed" | "repeated" | "reused";
            grant: {
              grantId: string;
              owner: string;
              clientId: string;
              codeKey: string;
              liveUntil: number;
              data: string;
              expiresAt: number;
            };
          },
        Name
      >;
      list: FunctionReference<
        "query",
        "internal",
        { owners: Array<string>; now: number; limit: number },
        Array<{
          id: string;
          grantId: string;
          clientId: string;
          client?: string;
          data: string;
          createdAt: number;
          expiresAt: number;
        }>,
        Name
      >;
      redeem: FunctionReference<
        "mutation",
        "internal",
        {
          grantId: string;
          codeKey: string;
          current: string;
          now: number;
          origin: {
            ip?: string;
            userAgent?: string;
            platformRequestId?: string;
          };
        },
        | { kind: "unknown" }
        | {
            kind: "redeemed" | "replayed";
            grant: {
              grantId: string;
              owner: string;
              clientId: string;
              codeKey: string;
              liveUntil: number;
              data: string;
              expiresAt: number;
            };
          },
        Name
      >;
      revoke: FunctionReference<
        "mutation",
        "internal",
        { id: string; owners?: Array<string> },
        boolean,
        Name
      >;
      revokeAll: FunctionReference<
        "mutation",
        "internal",
        { owners: Array<string> },
        number,
        Name
      >;
      settle: FunctionReference<
        "mutation",
        "internal",
        {
          grantId: string;
          leaseId: string;
          settlement:
            | { kind: "release" }
            | { kind: "end"; reason: "revoked" | "refused" }
            | {
                kind: "rotate";
                current: string;
                previous?: { current: string; until: number };
                data: string;
                expiresAt: number;
              };
          origin: {
            ip?: string;
            userAgent?: string;
            platformRequestId?: string;
          };
        },
        boolean,
        Name
      >;
    };
    bridgeSignIns: {
      begin: FunctionReference<
        "mutation",
        "internal",
        {
          signIn: {
            signInId: string;
            owner: string;
            data: string;
            expiresAt: number;
          };
          room: { perOwner: number; total: number; now: number };
          misuse?: {
            retentionMs: number;
            chain?: boolean;
            keep?: number;
            unknown: boolean;
          };
        },
        boolean,
        Name
      >;
      take: FunctionReference<
        "mutation",
        "internal",
        { signInId: string; now: number },
        null | {
          signInId: string;
          owner: string;
          data: string;
          expiresAt: number;
        },
        Name
      >;
    };
    cancellations: {
      wish: FunctionReference<
        "mutation",
        "internal",
        {
          session: { sessionId: string; owner: string };
          requestId: string;
          recording?: {
            entry: {
              kind:
                | "tool"
                | "list"
                | "resource"
                | "prompt"
                | "completion"
                | "task"
                | "cancellation"
                | "session"
                | "auth"
                | "registration"
                | "consent";
              tool?: string;
              name?: string;
              subject?: string;
              issuer?: string;
              clientName?: string;
              clientVersion?: string;
              sessionId?: string;
              taskId?: string;
              requestId?: string;
              platformRequestId?: string;
              ip?: string;
              userAgent?: string;
              args?: string;
              argsBytes?: number;
              decision?: string;
              traceparent?: string;
              count?: number;
              outcome:
                | "ok"
                | "failed"
                | "denied"
                | "invalid"
                | "running"
                | "lost"
                | "interrupted"
                | "replayed"
                | "cancelled"
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
            chain?: boolean;
            keep?: number;
          };
        },
        null,
        Name
      >;
      wished: FunctionReference<
        "query",
        "internal",
        { session: { sessionId: string; owner: string }; requestId: string },
        boolean,
        Name
      >;
    };
    changes: {
      look: FunctionReference<
        "query",
        "internal",
        {
          listenerId: string;
          owner: string;
          subjects: Array<{
            kind: "tools" | "prompts" | "resources" | "resource" | "task";
            name: string;
          }>;
          since: number;
        },
        null | Array<{
          subject: {
            kind: "tools" | "prompts" | "resources" | "resource" | "task";
            name: string;
          };
          ids: Array<string>;
          full: boolean;
        }>,
        Name
      >;
      publish: FunctionReference<
        "mutation",
        "internal",
        {
          subject: {
            kind: "tools" | "prompts" | "resources" | "resource" | "task";
            name: string;
          };
          owner?: string;
        },
        null,
        Name
      >;
    };
    continuations: {
      redeem: FunctionReference<
        "mutation",
        "internal",
        { nonce: string; owner: string; expiresAt: number },
        boolean,
        Name
      >;
    };
    erasure: {
      erase: FunctionReference<
        "mutation",
        "internal",
        { subject: string; issuer: string },
        { erased: number; done: boolean },
        Name
      >;
    };
    exporting: {
      advance: FunctionReference<
        "mutation",
        "internal",
        { name: string; next: number },
        null,
        Name
      >;
      cursor: FunctionReference<
        "query",
        "internal",
        { name: string },
        number,
        Name
      >;
      page: FunctionReference<
        "query",
        "internal",
        { next: number },
        {
          entries: Array<{
            id: string;
            at: number;
            entry: {
              kind:
                | "tool"
                | "list"
                | "resource"
                | "prompt"
                | "completion"
                | "task"
                | "cancellation"
                | "session"
                | "auth"
                | "registration"
                | "consent";
              tool?: string;
              name?: string;
              subject?: string;
              issuer?: string;
              clientName?: string;
              clientVersion?: string;
              sessionId?: string;
              taskId?: string;
              requestId?: string;
              platformRequestId?: string;
              ip?: string;
              userAgent?: string;
              args?: string;
              argsBytes?: number;
              decision?: string;
              traceparent?: string;
              count?: number;
              outcome:
                | "ok"
                | "failed"
                | "denied"
                | "invalid"
                | "running"
                | "lost"
                | "interrupted"
                | "replayed"
                | "cancelled"
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
          next: number;
          done: boolean;
        },
        Name
      >;
    };
    handles: {
      cancel: FunctionReference<
        "mutation",
        "internal",
        {
          handle: { id: string; token: string };
          owner: string;
          recording?: {
            entry: {
              kind:
                | "tool"
                | "list"
                | "resource"
                | "prompt"
                | "completion"
                | "task"
                | "cancellation"
                | "session"
                | "auth"
                | "registration"
                | "consent";
              tool?: string;
              name?: string;
              subject?: string;
              issuer?: string;
              clientName?: string;
              clientVersion?: string;
              sessionId?: string;
              taskId?: string;
              requestId?: string;
              platformRequestId?: string;
              ip?: string;
              userAgent?: string;
              args?: string;
              argsBytes?: number;
              decision?: string;
              traceparent?: string;
              count?: number;
              outcome:
                | "ok"
                | "failed"
                | "denied"
                | "invalid"
                | "running"
                | "lost"
                | "interrupted"
                | "replayed"
                | "cancelled"
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
            chain?: boolean;
            keep?: number;
          };
        },
        null,
        Name
      >;
      close: FunctionReference<
        "mutation",
        "internal",
        { handle: { id: string; token: string }; owner: string; after: number },
        Array<{
          sequence: number;
          kind: "progress" | "log" | "question";
          json: string;
        }>,
        Name
      >;
      open: FunctionReference<
        "mutation",
        "internal",
        { handle: { id: string; token: string }; owner: string; ttlMs: number },
        null,
        Name
      >;
    };
    limits: {
      first: FunctionReference<
        "mutation",
        "internal",
        {
          uses: Array<{
            name: string;
            key: string;
            kind: "token bucket" | "fixed window";
            rate: number;
            periodMs: number;
            burst: number;
          }>;
          anyway?: boolean;
          next: "record" | "check" | "create" | "setLogLevel" | "subscribe";
          args: any;
        },
        | {
            kind: "exceeded";
            exceeded: Array<{ index: number; retryAfterMs: number }>;
          }
        | { kind: "done"; value: any },
        Name
      >;
      take: FunctionReference<
        "mutation",
        "internal",
        {
          uses: Array<{
            name: string;
            key: string;
            kind: "token bucket" | "fixed window";
            rate: number;
            periodMs: number;
            burst: number;
          }>;
          anyway?: boolean;
        },
        null | {
          kind: "exceeded";
          exceeded: Array<{ index: number; retryAfterMs: number }>;
        },
        Name
      >;
    };
    listeners: {
      open: FunctionReference<
        "mutation",
        "internal",
        {
          owner: string;
          sessionId?: string;
          ttlMs: number;
          maxPerOwner: number;
        },
        string,
        Name
      >;
    };
    mailbox: {
      arrived: FunctionReference<
        "query",
        "internal",
        { session: { sessionId: string; owner: string }; letterId: string },
        null | boolean,
        Name
      >;
      open: FunctionReference<
        "mutation",
        "internal",
        {
          session: { sessionId: string; owner: string };
          letterId: string;
          expiresAt: number;
        },
        null,
        Name
      >;
      put: FunctionReference<
        "mutation",
        "internal",
        {
          session: { sessionId: string; owner: string };
          letterId: string;
          answer: string;
          misuse?: {
            retentionMs: number;
            chain?: boolean;
            keep?: number;
            unknown: boolean;
          };
        },
        boolean,
        Name
      >;
      take: FunctionReference<
        "mutation",
        "internal",
        { session: { sessionId: string; owner: string }; letterId: string },
        null | string,
        Name
      >;
    };
    reading: {
      list: FunctionReference<
        "query",
        "internal",
        {
          subject?: string;
          issuer?: string;
          kind?:
            | "tool"
            | "list"
            | "resource"
            | "prompt"
            | "completion"
            | "task"
            | "cancellation"
            | "session"
            | "auth"
            | "registration"
            | "consent";
          tool?: string;
          client?: string;
          session?: string;
          outcome?:
            | "ok"
            | "failed"
            | "denied"
            | "invalid"
            | "running"
            | "lost"
            | "interrupted"
            | "replayed"
            | "cancelled"
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
              kind:
                | "tool"
                | "list"
                | "resource"
                | "prompt"
                | "completion"
                | "task"
                | "cancellation"
                | "session"
                | "auth"
                | "registration"
                | "consent";
              tool?: string;
              name?: string;
              subject?: string;
              issuer?: string;
              clientName?: string;
              clientVersion?: string;
              sessionId?: string;
              taskId?: string;
              requestId?: string;
              platformRequestId?: string;
              ip?: string;
              userAgent?: string;
              args?: string;
              argsBytes?: number;
              decision?: string;
              traceparent?: string;
              count?: number;
              outcome:
                | "ok"
                | "failed"
                | "denied"
                | "invalid"
                | "running"
                | "lost"
                | "interrupted"
                | "replayed"
                | "cancelled"
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
    refusals: {
      count: FunctionReference<
        "mutation",
        "internal",
        {
          reason: string;
          kind?:
            | "tool"
            | "list"
            | "resource"
            | "prompt"
            | "completion"
            | "task"
            | "cancellation"
            | "session"
            | "auth"
            | "registration"
            | "consent";
          named?: { id: string; owner: string };
          retentionMs: number;
          chain?: boolean;
          keep?: number;
        },
        null,
        Name
      >;
    };
    reports: {
      list: FunctionReference<
        "query",
        "internal",
        { handle: { id: string; token: string }; owner: string; after: number },
        Array<{
          sequence: number;
          kind: "progress" | "log" | "question";
          json: string;
        }>,
        Name
      >;
      reply: FunctionReference<
        "mutation",
        "internal",
        {
          handle: { id: string; token: string };
          owner: string;
          sequence: number;
          reply: string;
        },
        null,
        Name
      >;
      replyTo: FunctionReference<
        "query",
        "internal",
        {
          handle: { id: string; token: string };
          owner: string;
          sequence: number;
        },
        null | { reply?: string; cancelled: boolean },
        Name
      >;
      tell: FunctionReference<
        "mutation",
        "internal",
        {
          handle: { id: string; token: string };
          owner: string;
          kind: "progress" | "log" | "question";
          json: string;
        },
        null | { sequence: number; cancelled: boolean },
        Name
      >;
    };
    retention: {
      prune: FunctionReference<
        "mutation",
        "internal",
        { before: number },
        { deleted: number; done: boolean },
        Name
      >;
    };
    secrets: {
      create: FunctionReference<"mutation", "internal", {}, string, Name>;
      read: FunctionReference<"query", "internal", {}, null | string, Name>;
    };
    sessions: {
      check: FunctionReference<
        "mutation",
        "internal",
        {
          session: { sessionId: string; owner: string };
          ttlMs: number;
          misuse?: {
            retentionMs: number;
            chain?: boolean;
            keep?: number;
            unknown: boolean;
          };
        },
        null | { clientName: string; clientVersion: string },
        Name
      >;
      client: FunctionReference<
        "query",
        "internal",
        { session: { sessionId: string; owner: string } },
        null | { capabilities: string; logLevel?: string },
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
          recording?: {
            entry: {
              kind:
                | "tool"
                | "list"
                | "resource"
                | "prompt"
                | "completion"
                | "task"
                | "cancellation"
                | "session"
                | "auth"
                | "registration"
                | "consent";
              tool?: string;
              name?: string;
              subject?: string;
              issuer?: string;
              clientName?: string;
              clientVersion?: string;
              sessionId?: string;
              taskId?: string;
              requestId?: string;
              platformRequestId?: string;
              ip?: string;
              userAgent?: string;
              args?: string;
              argsBytes?: number;
              decision?: string;
              traceparent?: string;
              count?: number;
              outcome:
                | "ok"
                | "failed"
                | "denied"
                | "invalid"
                | "running"
                | "lost"
                | "interrupted"
                | "replayed"
                | "cancelled"
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
            chain?: boolean;
            keep?: number;
          };
        },
        null,
        Name
      >;
      end: FunctionReference<
        "mutation",
        "internal",
        {
          session: { sessionId: string; owner: string };
          recording?: {
            entry: {
              kind:
                | "tool"
                | "list"
                | "resource"
                | "prompt"
                | "completion"
                | "task"
                | "cancellation"
                | "session"
                | "auth"
                | "registration"
                | "consent";
              tool?: string;
              name?: string;
              subject?: string;
              issuer?: string;
              clientName?: string;
              clientVersion?: string;
              sessionId?: string;
              taskId?: string;
              requestId?: string;
              platformRequestId?: string;
              ip?: string;
              userAgent?: string;
              args?: string;
              argsBytes?: number;
              decision?: string;
              traceparent?: string;
              count?: number;
              outcome:
                | "ok"
                | "failed"
                | "denied"
                | "invalid"
                | "running"
                | "lost"
                | "interrupted"
                | "replayed"
                | "cancelled"
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
            chain?: boolean;
            keep?: number;
          };
          misuse?: {
            retentionMs: number;
            chain?: boolean;
            keep?: number;
            unknown: boolean;
          };
        },
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
      setLogLevel: FunctionReference<
        "mutation",
        "internal",
        { session: { sessionId: string; owner: string }; logLevel: string },
        null,
        Name
      >;
    };
    statistics: {
      read: FunctionReference<
        "query",
        "internal",
        { fromDay: number; toDay: number; tool?: string },
        {
          days: Array<{
            day: number;
            kind: string;
            name: string;
            calls: number;
            outcomes: Record<string, number>;
            latency: {
              p50?: number;
              p90?: number;
              p99?: number;
              max?: number;
              mean?: number;
            };
          }>;
          totals: Array<{
            kind: string;
            name: string;
            calls: number;
            outcomes: Record<string, number>;
            latency: {
              p50?: number;
              p90?: number;
              p99?: number;
              max?: number;
              mean?: number;
            };
          }>;
        },
        Name
      >;
    };
    streams: {
      append: FunctionReference<
        "mutation",
        "internal",
        {
          session: { sessionId: string; owner: string };
          streamId: string;
          sequence: number;
          parts: Array<string>;
          last: boolean;
          ttlMs: number;
        },
        null,
        Name
      >;
      replay: FunctionReference<
        "query",
        "internal",
        {
          session: { sessionId: string; owner: string };
          streamId: string;
          after: number;
        },
        null | {
          events: Array<{ sequence: number; data: string }>;
          ended: boolean;
        },
        Name
      >;
    };
    subscriptions: {
      add: FunctionReference<
        "mutation",
        "internal",
        { session: { sessionId: string; owner: string }; uri: string },
        null,
        Name
      >;
      remove: FunctionReference<
        "mutation",
        "internal",
        { session: { sessionId: string; owner: string }; uri: string },
        null,
        Name
      >;
    };
    taskCalls: {
      ask: FunctionReference<
        "mutation",
        "internal",
        {
          handle: { id: string; token: string; caller?: string };
          owner?: string;
          key: string;
          method: string;
          params: string;
        },
        null | { cancelled: boolean },
        Name
      >;
      caller: FunctionReference<
        "query",
        "internal",
        {
          handle: { id: string; token: string; caller?: string };
          owner?: string;
        },
        null | { identity: string; capabilities: string },
        Name
      >;
      replyTo: FunctionReference<
        "query",
        "internal",
        {
          handle: { id: string; token: string; caller?: string };
          owner?: string;
          key: string;
        },
        null | { reply?: string; cancelled: boolean },
        Name
      >;
      tell: FunctionReference<
        "mutation",
        "internal",
        {
          handle: { id: string; token: string; caller?: string };
          owner?: string;
          message: string;
        },
        null | { cancelled: boolean },
        Name
      >;
    };
    taskRuns: {
      admit: FunctionReference<
        "mutation",
        "internal",
        { owner: string; maxOpen: number; maxKept: number },
        boolean,
        Name
      >;
      claim: FunctionReference<
        "mutation",
        "internal",
        { taskId: string },
        null | { tool: string; args: string; token: string; entryId?: string },
        Name
      >;
      finish: FunctionReference<
        "mutation",
        "internal",
        {
          taskId: string;
          entryId?: string;
          end: {
            outcome:
              | "ok"
              | "failed"
              | "denied"
              | "invalid"
              | "running"
              | "lost"
              | "interrupted"
              | "replayed"
              | "cancelled"
              | "aborted"
              | "unknown";
            result?: string;
            resultBytes?: number;
            cut?: boolean;
            durationMs?: number;
            errorCode?: string;
            error?: string;
          };
          outcome:
            | { status: "completed"; result: Array<string> }
            | { status: "failed"; error: string };
        },
        boolean,
        Name
      >;
      start: FunctionReference<
        "mutation",
        "internal",
        {
          taskId: string;
          owner: string;
          tool: string;
          args: Array<string>;
          entryId?: string;
          run: {
            token: string;
            identity: string;
            capabilities: string;
            deadlineMs: number;
            scheduledId: string;
          };
          ttlMs: number;
          recording?: {
            entry: {
              kind:
                | "tool"
                | "list"
                | "resource"
                | "prompt"
                | "completion"
                | "task"
                | "cancellation"
                | "session"
                | "auth"
                | "registration"
                | "consent";
              tool?: string;
              name?: string;
              subject?: string;
              issuer?: string;
              clientName?: string;
              clientVersion?: string;
              sessionId?: string;
              taskId?: string;
              requestId?: string;
              platformRequestId?: string;
              ip?: string;
              userAgent?: string;
              args?: string;
              argsBytes?: number;
              decision?: string;
              traceparent?: string;
              count?: number;
              outcome:
                | "ok"
                | "failed"
                | "denied"
                | "invalid"
                | "running"
                | "lost"
                | "interrupted"
                | "replayed"
                | "cancelled"
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
            chain?: boolean;
            keep?: number;
          };
        },
        number,
        Name
      >;
    };
    tasks: {
      answer: FunctionReference<
        "mutation",
        "internal",
        {
          taskId: string;
          owner: string;
          replies: Array<{ key: string; reply: string }>;
          recording?: {
            entry: {
              kind:
                | "tool"
                | "list"
                | "resource"
                | "prompt"
                | "completion"
                | "task"
                | "cancellation"
                | "session"
                | "auth"
                | "registration"
                | "consent";
              tool?: string;
              name?: string;
              subject?: string;
              issuer?: string;
              clientName?: string;
              clientVersion?: string;
              sessionId?: string;
              taskId?: string;
              requestId?: string;
              platformRequestId?: string;
              ip?: string;
              userAgent?: string;
              args?: string;
              argsBytes?: number;
              decision?: string;
              traceparent?: string;
              count?: number;
              outcome:
                | "ok"
                | "failed"
                | "denied"
                | "invalid"
                | "running"
                | "lost"
                | "interrupted"
                | "replayed"
                | "cancelled"
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
            chain?: boolean;
            keep?: number;
          };
        },
        null,
        Name
      >;
      cancel: FunctionReference<
        "mutation",
        "internal",
        {
          taskId: string;
          owner: string;
          recording?: {
            entry: {
              kind:
                | "tool"
                | "list"
                | "resource"
                | "prompt"
                | "completion"
                | "task"
                | "cancellation"
                | "session"
                | "auth"
                | "registration"
                | "consent";
              tool?: string;
              name?: string;
              subject?: string;
              issuer?: string;
              clientName?: string;
              clientVersion?: string;
              sessionId?: string;
              taskId?: string;
              requestId?: string;
              platformRequestId?: string;
              ip?: string;
              userAgent?: string;
              args?: string;
              argsBytes?: number;
              decision?: string;
              traceparent?: string;
              count?: number;
              outcome:
                | "ok"
                | "failed"
                | "denied"
                | "invalid"
                | "running"
                | "lost"
                | "interrupted"
                | "replayed"
                | "cancelled"
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
            chain?: boolean;
            keep?: number;
          };
        },
        null | { scheduledId?: string },
        Name
      >;
      get: FunctionReference<
        "query",
        "internal",
        { taskId: string; owner: string },
        null | {
          status:
            | "working"
            | "completed"
            | "failed"
            | "cancelled"
            | "lost"
            | "missed";
          statusMessage?: string;
          error?: string;
          result?: string;
          questions: Array<{ key: string; method: string; params: string }>;
          createdAt: number;
          updatedAt: number;
          expiresAt: number;
        },
        Name
      >;
      questions: FunctionReference<
        "query",
        "internal",
        { taskId: string; owner: string },
        null | Array<{ key: string; method: string; params: string }>,
        Name
      >;
    };
    verifying: {
      page: FunctionReference<
        "query",
        "internal",
        {
          after?: { sequence: number; hash: string };
          anchor?: { sequence: number; hash: string };
        },
        {
          problems: Array<{
            kind: "gap" | "link" | "edited" | "deleted" | "erased" | "unsealed";
            link: number;
            entry?: string;
            message: string;
          }>;
          links: number;
          entries: number;
          unsealable: number;
          last: null | { sequence: number; hash: string };
          done: boolean;
        },
        Name
      >;
    };
  };
