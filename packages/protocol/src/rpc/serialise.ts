import { isObject } from "../wire/json.ts";
import { metaKeys, metaOf } from "../wire/meta.ts";
import { isRawJson, rawText } from "../wire/raw.ts";
import type { Exchange, Outcome } from "./exchange.ts";

/** The JSON text of a result; in 2026-07-28 with what every result says of itself. */
export function serialise<C, P>(
  { server, revision }: Exchange<C, P>,
  { result, resultType = "complete", cache }: Extract<Outcome, { kind: "result" }>,
): string {
  if (revision.era === "session") {
    return isRawJson(result) ? rawText(result) : JSON.stringify(result);
  }
  const { ttlMs = 0, cacheScope = "private" } = cache ?? {};
  const stamp = { resultType, ...(cache && { ttlMs, cacheScope }) };
  const serverMeta = { [metaKeys.serverInfo]: server.serverInfo };
  if (isRawJson(result) && !rawText(result).includes('"_meta"')) {
    return splice(JSON.stringify({ ...stamp, _meta: serverMeta }), rawText(result));
  }
  const value: unknown = isRawJson(result) ? JSON.parse(rawText(result)) : result;
  const members = isObject(value) ? value : {};
  return JSON.stringify({
    ...members,
    ...stamp,
    _meta: { ...metaOf({ ...members }), ...serverMeta },
  });
}

/** The members of two JSON objects in one, without parsing them. */
function splice(head: string, object: string): string {
  const rest = object.trimStart().slice(1).trimStart();
  const separator = rest.startsWith("}") ? "" : ",";
  return head.slice(0, -1) + separator + rest;
}
