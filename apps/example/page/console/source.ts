import { ask, isRecord, type JsonRecord, parseJson, textOf } from "./json.ts";

/**
 * Calls one of the app's audit queries (`convex/audit.ts`). A page that has a Convex client can give
 * `(query, args) => client.query(api.audit[query], args)`, which throws a {@link NotAllowedError} for the app's refusal.
 */
export type AuditSource = (
  query: "list" | "statistics" | "verification" | "lines",
  args: JsonRecord,
  signal: AbortSignal,
) => Promise<unknown>;

/** The app does not let this caller read the log. Its message is shown. */
export class NotAllowedError extends Error {
  override readonly name = "NotAllowedError";
}

/** Asks the routes of `convex/auditRoutes.ts` under `url`. */
export function httpSource(url: string, headers: Readonly<Record<string, string>>): AuditSource {
  return async (query, args, signal) => {
    const response = await ask(`${url}/${query}`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(args),
      signal,
    });
    const body = parseJson(await response.text());
    if (response.status === 401) {
      throw new NotAllowedError("Your sign-in is no longer valid. Sign in again.");
    }
    const reason = textOf(body, "error");
    if (response.status === 403) throw new NotAllowedError(reason ?? "You may not read this log.");
    if (response.ok && isRecord(body)) return body;
    throw new Error(reason ?? `The log answered HTTP ${response.status}.`);
  };
}
