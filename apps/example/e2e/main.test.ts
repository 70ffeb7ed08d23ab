import { verifies } from "@convex-mcp/spec";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Example } from "../server/serve.ts";
import { type Agent, connect, flavours } from "./support/agents.ts";
import { startExample } from "./support/app.ts";

let example: Example;

beforeAll(async () => {
  example = await startExample();
});

afterAll(() => example.close());

const names = async (agent: Agent) => (await agent.listTools()).tools.map(({ name }) => name);

describe.each(flavours)("$name", (flavour) => {
  it("lets several users and a stranger work side by side, each as themselves", async () => {
    verifies("flow.register");
    const [alice, bob, carol, stranger] = await Promise.all([
      connect(flavour, example.endpoint, "alice"),
      connect(flavour, example.endpoint, "bob"),
      connect(flavour, example.endpoint, "carol"),
      connect(flavour, example.endpoint),
    ]);
    expect(alice.protocolVersion()).toBe(flavour.version);
    expect(stranger.sessionId()).toBeUndefined();

    expect(await names(stranger)).toEqual(["invoices_stats"]);
    expect(await names(bob)).toEqual(["invoices_stats", "whoami", "invoices_list"]);
    const everything = [...(await names(bob)), "invoices_create", "invoices_send"];
    expect(await names(alice)).toEqual(everything);

    expect((await alice.call("whoami")).content).toEqual([
      {
        type: "text",
        text: JSON.stringify({
          issuer: example.provider.issuer,
          scopes: ["invoices:read", "invoices:write"],
          subject: "alice",
        }),
      },
    ]);

    const attachment = btoa("\u0000\u00ff bytes");
    const created = await alice.call("invoices_create", {
      customer: `ACME ${flavour.name}`,
      amountCents: "9007199254740993",
      attachment,
    });
    const invoice = JSON.parse(created.content[0]?.text ?? "") as { id: string };
    expect(invoice).toMatchObject({
      owner: "alice",
      customer: `ACME ${flavour.name}`,
      amountCents: "9007199254740993",
      attachment,
      status: "open",
    });
    if (flavour.version !== "2025-03-26") expect(created.structuredContent).toEqual(invoice);

    const listed = async (agent: Agent) => {
      const { content } = await agent.call("invoices_list");
      const { result } = JSON.parse(content[0]?.text ?? "") as { result: { id: string }[] };
      return result.map(({ id }) => id);
    };
    expect(await listed(alice)).toContain(invoice.id);
    expect(await listed(bob)).not.toContain(invoice.id);
    expect(await listed(carol)).toContain(invoice.id);

    const sent = await alice.call("invoices_send", { id: invoice.id });
    expect(JSON.parse(sent.content[0]?.text ?? "")).toMatchObject({
      id: invoice.id,
      status: "sent",
    });

    const wrong = await alice.call("invoices_create", { customer: "ACME", amountCents: 1.5 });
    expect(wrong.isError).toBe(true);
    expect(wrong.content[0]?.text).toMatch(/amountCents: expected a 64-bit integer/);

    await Promise.all([alice.endSession(), bob.endSession(), carol.endSession()]);
    await Promise.all([alice, bob, carol, stranger].map((agent) => agent.close()));
  });
});
