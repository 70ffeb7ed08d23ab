import { afterAll, beforeAll, expect, it } from "vitest";
import type { Example } from "../server/serve.ts";
import { connect, flavours } from "./support/agents.ts";
import { startExample } from "./support/app.ts";

interface Entry {
  readonly kind: string;
  readonly tool: string;
  readonly outcome: string;
  readonly subject?: string;
  readonly args?: string;
  readonly result?: string;
}

let example: Example;

beforeAll(async () => {
  example = await startExample();
});

afterAll(() => example.close());

async function log(user?: string): Promise<{ status: number; entries: Entry[] }> {
  const headers: Record<string, string> =
    user === undefined ? {} : { Authorization: `Bearer ${await example.provider.issue(user)}` };
  const response = await fetch(`${example.app.url}/audit/list`, {
    method: "POST",
    headers,
    body: "{}",
  });
  const { entries = [] } = (await response.json()) as { entries?: Entry[] };
  return { status: response.status, entries };
}

it("shows an admin every call, with what each tool says is to be redacted, and nobody else", async () => {
  const [flavour] = flavours;
  if (flavour === undefined) throw new Error("no client to test with");
  const alice = await connect(flavour, example.endpoint, "alice");
  const attachment = btoa("private bytes");
  await alice.call("invoices_create", { customer: "ACME", amountCents: 1, attachment });
  await alice.call("invoices_create", { customer: "ACME", amountCents: 0 });
  const { content } = await alice.call("invoices_list");
  const { result } = JSON.parse(content[0]?.text ?? "") as { result: { id: string }[] };
  await alice.call("invoices_send", { id: result[0]?.id });
  const stranger = await connect(flavour, example.endpoint);
  await stranger.call("invoices_stats");

  const { status, entries: all } = await log("carol");
  expect(status).toBe(200);
  const entries = all.filter(({ kind }) => kind === "tool");
  expect(entries.map(({ tool, outcome, subject }) => [tool, outcome, subject])).toEqual([
    ["invoices_stats", "ok", undefined],
    ["invoices_send", "ok", "alice"],
    ["invoices_list", "ok", "alice"],
    ["invoices_create", "failed", "alice"],
    ["invoices_create", "ok", "alice"],
  ]);
  const created = entries.at(-1);
  expect(JSON.parse(created?.args ?? "")).toEqual({
    customer: "ACME",
    amountCents: 1,
    attachment: "[redacted]",
  });
  expect(JSON.parse(created?.result ?? "")).toMatchObject({ attachment: "[redacted]" });

  expect(await log("alice")).toEqual({ status: 403, entries: [] });
  expect(await log()).toEqual({ status: 403, entries: [] });
  await Promise.all([alice.close(), stranger.close()]);
});
