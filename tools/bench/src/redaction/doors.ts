import { createRedactor, redactHeaders, redactJson, redactText } from "@convex-mcp/audit";
import pinoRedact from "@pinojs/redact";
import fastRedact from "fast-redact";
import type { Operation } from "../harness.ts";
import { CENSOR } from "./censor.ts";
import { NAMES, PAYLOADS } from "./payload.ts";
import { nativeReplacer } from "./redactors.ts";

/** What each row of {@link doors} is relative to. */
export const DOOR_BASE = "nothing redacted";

const HEADERS: Readonly<Record<string, string>> = {
  accept: "application/json, text/event-stream",
  "accept-encoding": "gzip, br",
  authorization: "Bearer eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl",
  "content-length": "182",
  "content-type": "application/json",
  cookie: "session=8f3a8f3a8f3a; theme=dark",
  host: "app.example.com",
  "mcp-protocol-version": "2025-11-25",
  "user-agent": "agent/1.0 (linux)",
  "x-forwarded-for": "192.0.2.1",
};
const SECRET_HEADERS = ["authorization", "cookie"];

const ERROR = [
  'Error: 401 from https://ann:hunter2@api.example.com/v1/orders?page=2&access_token=abc: {"password":"hunter2"}',
  ...Array.from({ length: 10 }, (_, at) => `    at send${at} (/app/orders/client.ts:${at}:17)`),
].join("\n");

/** Headers, a text of JSON and an error with its stack, each with those who can do the same. */
export function doors(): ReadonlyMap<string, readonly Operation[]> {
  const body = JSON.stringify(PAYLOADS.get(10));
  const redact = createRedactor(NAMES.map((name) => `**.${name}`));
  const replace = nativeReplacer(NAMES);
  const paths = { paths: [...SECRET_HEADERS], censor: CENSOR };
  const [pino, fast] = [pinoRedact(paths), fastRedact(paths)];
  return new Map<string, readonly Operation[]>([
    [
      "headers to text",
      [
        { name: DOOR_BASE, run: () => JSON.stringify(HEADERS) },
        { name: "ours", run: () => JSON.stringify(redactHeaders(HEADERS)) },
        { name: "@pinojs/redact", run: () => pino(HEADERS) },
        { name: "fast-redact", run: () => fast(HEADERS) },
      ],
    ],
    [
      "JSON of 10 KB to text",
      [
        { name: DOOR_BASE, run: () => JSON.stringify(JSON.parse(body)) },
        { name: "ours", run: () => redactJson(body, redact) },
        { name: "native replacer", run: () => replace(JSON.parse(body)) },
      ],
    ],
    [
      "an error with its stack",
      [
        { name: DOOR_BASE, run: () => JSON.stringify(ERROR) },
        { name: "ours", run: () => JSON.stringify(redactText(ERROR)) },
      ],
    ],
  ]);
}
