import { verifies } from "@convex-mcp/spec";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Example } from "../server/serve.ts";
import { type Agent, connect, flavours, open, untilSignIn } from "./support/agents.ts";
import { startExample } from "./support/app.ts";
import { signInAs } from "./support/signin.ts";

let example: Example;

beforeAll(async () => {
  example = await startExample();
});

afterAll(() => example.close());

async function createInvoice(agent: Agent, customer: string): Promise<string> {
  const { content } = await agent.call("invoices_create", { customer, amountCents: 1200 });
  return (JSON.parse(content[0]?.text ?? "") as { id: string }).id;
}

const idsOf = (text: string | undefined) =>
  (JSON.parse(text ?? "") as { id: string }[]).map(({ id }) => id);

describe.each(flavours)("$name", (flavour) => {
  // SDK v2 takes the code of the session revisions for the later one.
  const notFound = { code: flavour.sdk === "v1" ? -32002 : -32602 };
  const customer = `ACME ${flavour.name}`;

  it("lets several users read what is theirs, and a stranger nothing", async () => {
    const [alice, bob, carol, stranger] = await Promise.all([
      connect(flavour, example.endpoint, "alice"),
      connect(flavour, example.endpoint, "bob"),
      connect(flavour, example.endpoint, "carol"),
      connect(flavour, example.endpoint),
    ]);
    expect(await alice.resources()).toEqual(["invoices://recent"]);
    expect(await alice.templates()).toEqual(["invoices://{id}"]);
    expect(await stranger.resources()).toEqual([]);
    expect(await stranger.templates()).toEqual([]);

    const id = await createInvoice(alice, customer);
    const uri = `invoices://${id}`;
    const invoice = { id, owner: "alice", customer, amountCents: "1200", status: "open" };
    expect(JSON.parse((await alice.read(uri)) ?? "")).toEqual(invoice);
    expect(JSON.parse((await carol.read(uri)) ?? "")).toEqual(invoice);
    await expect(bob.read(uri)).rejects.toMatchObject(notFound);
    await expect(alice.read("invoices://none")).rejects.toMatchObject(notFound);

    expect(idsOf(await alice.read("invoices://recent"))).toContain(id);
    expect(idsOf(await bob.read("invoices://recent"))).not.toContain(id);
    await expect(stranger.read(uri)).rejects.toThrow();
    await Promise.all([alice, bob, carol, stranger].map((agent) => agent.close()));
  });

  it("fills in a prompt, and suggests who has not paid", async () => {
    verifies("completion.authorized");
    const [alice, bob, stranger] = await Promise.all([
      connect(flavour, example.endpoint, "alice"),
      connect(flavour, example.endpoint, "bob"),
      connect(flavour, example.endpoint),
    ]);
    expect(await alice.prompts()).toEqual(["dunning_letter"]);
    expect(await stranger.prompts()).toEqual([]);

    const id = await createInvoice(alice, customer);
    expect(await alice.complete("dunning_letter", "customer", "acme")).toContain(customer);
    expect(await alice.complete("dunning_letter", "customer", "nobody")).toEqual([]);
    expect(await bob.complete("dunning_letter", "customer", "acme")).toEqual([]);

    const [letter] = await alice.prompt("dunning_letter", { customer, tone: "firm" });
    expect(letter).toContain(`Write a firm reminder to ${customer}`);
    expect(letter).toContain(`- ${id}: 1200 cents, open`);
    const [nothing] = await bob.prompt("dunning_letter", { customer });
    expect(nothing).toContain("nothing is owed");
    await expect(alice.prompt("dunning_letter", {})).rejects.toThrow(/customer: expected a string/);
    await expect(alice.prompt("no_such_prompt", {})).rejects.toMatchObject({ code: -32602 });
    await Promise.all([alice, bob, stranger].map((agent) => agent.close()));
  });
});

it.each(flavours.slice(0, 2))("$name signs in for a resource that needs it", async (flavour) => {
  const agent = await open(flavour, example.endpoint, signInAs("alice"));
  await untilSignIn(agent.read("invoices://recent"));
  await agent.close();
});
