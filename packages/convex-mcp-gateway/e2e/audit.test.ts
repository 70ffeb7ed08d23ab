import { afterAll, beforeAll, expect, it } from "vitest";
import type { ListedAuditEntry } from "../src/index.ts";
import { type App, call, initialize, request, startApp } from "./support/app.ts";

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app.embedded.close());

async function entries(filter: Record<string, string>): Promise<ListedAuditEntry[]> {
  return JSON.parse(String(await app.embedded.run("log:entries", filter))) as ListedAuditEntry[];
}

it("knows who called what from where, at which client", async () => {
  const token = await app.token("ada");
  const response = await app.send(initialize, { token });
  const session = response.headers.get("Mcp-Session-Id") ?? "";
  await app.send(call("add", { label: "who" }), { token, session });
  expect(await entries({ subject: "ada" })).toMatchObject([
    {
      tool: "add",
      outcome: "ok",
      issuer: "https://issuer.test",
      sessionId: session,
      clientName: "budget",
      requestId: "1",
      platformRequestId: expect.any(String),
      ip: expect.stringMatching(/127\.0\.0\.1|::1/),
      userAgent: "node",
      args: '{"label":"who"}',
    },
  ]);
});

it("has an entry for each of many calls at once, and a row for each entry", async () => {
  const token = await app.token("crowd");
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => app.send(call("add", { label: "crowd" }), { token })),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  expect(await entries({ subject: "crowd" })).toHaveLength(20);
  expect(await app.embedded.run("things:count", { label: "crowd" })).toBe(20);
});

it("says of an action that never came back that it is lost", async () => {
  const token = await app.token("hanger");
  const abort = new AbortController();
  const pending = fetch(`${app.embedded.url}/mcp`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json",
      Authorization: `Bearer ${token}`,
    },
    body: JSON.stringify(call("hang")),
    signal: abort.signal,
  }).catch(() => undefined);
  await expect.poll(() => entries({ subject: "hanger" })).toMatchObject([{ outcome: "running" }]);
  abort.abort();
  await pending;
  await app.embedded.advance(2 * 60_000);
  expect(await entries({ subject: "hanger" })).toMatchObject([{ tool: "hang", outcome: "lost" }]);
});

it("is drained by itself, as sessions are", async () => {
  const token = await app.token("old");
  const response = await app.send(initialize, { token });
  const session = response.headers.get("Mcp-Session-Id") ?? "";
  await app.send(call("subject"), { token, session });
  await app.embedded.advance(2 * 24 * 3_600_000);
  expect((await app.send(request("ping"), { token, session })).status).toBe(404);
  expect(await entries({ subject: "old" })).toHaveLength(1);
  await app.embedded.advance(91 * 24 * 3_600_000);
  expect(await entries({ subject: "old" })).toEqual([]);
});
