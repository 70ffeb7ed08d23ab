/** The official clients against our servers, over real sockets. */
import { afterAll, beforeAll, describe, it } from "vitest";
import { targets, type Running } from "../src/targets.ts";
import { type Agent, connectors } from "./support/agents.ts";

/** Tools to cancel; what runs in an action of its own is a matter of Convex. */
const waits = (target: string) =>
  target === "convex" ? ["test_wait", "test_wait_in_action"] : ["test_wait"];

describe.concurrent.each(targets)("$name", ({ name: target, start }) => {
  let server: Running;

  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.close());

  describe.each(connectors)("with the $name client of $version", ({ name, version, connect }) => {
    const test = it.extend<{ agent: Agent }>({
      // oxlint-disable-next-line no-empty-pattern -- how vitest wants a fixture that needs no other
      agent: async ({}, use) => {
        const agent = await connect(server.url);
        await use(agent);
        await agent.close();
      },
    });

    test("speaks that revision", ({ agent, expect }) => {
      expect(agent.version).toBe(version);
    });

    test("lists", async ({ agent, expect }) => {
      const { tools, resources, templates, prompts } = await agent.list();
      expect(tools).toContain("test_simple_text");
      expect(tools).toContain("test_elicitation");
      expect(resources).toContain("test://static-text");
      expect(templates).toEqual(["test://template/{id}/data"]);
      expect(prompts).toContain("test_prompt_with_arguments");
    });

    test("calls", async ({ agent, expect }) => {
      expect(await agent.call("greet", { name: "Ada" })).toEqual({
        text: '[{"type":"text","text":"Hello, Ada!"}]',
        isError: false,
      });
      expect(await agent.call("test_error_handling")).toMatchObject({ isError: true });
      await expect(agent.call("test_nothing")).rejects.toThrow("test_nothing");
    });

    test("reads", async ({ agent, expect }) => {
      expect(await agent.read("test://template/7/data")).toContain("Data for ID: 7");
      await expect(agent.read("test://nothing")).rejects.toThrow("Resource not found");
    });

    test("has its model asked", async ({ agent, expect }) => {
      const sampled = await agent.call("test_sampling", { prompt: "What is it?" });
      expect(sampled.text).toContain("Forty-two.");
      expect(agent.asked).toEqual([expect.stringContaining("What is it?")]);
    });

    // Elicitation is of 2025-06-18.
    const asks = version >= "2025-06-18";
    test(`has its user ${asks ? "asked" : "not asked"}`, async ({ agent, expect }) => {
      const answer = await agent.call("test_elicitation", { message: "Who are you?" });
      expect(agent.asked).toEqual(asks ? ["Who are you?"] : []);
      const text = expect.stringContaining(
        asks ? "ada@example.com" : '\\"elicitation\\"',
      ) as string;
      expect(answer).toEqual({ text, isError: !asks });
    });

    test.for(waits(target))("cancels %s, which stops", async (wait, { agent, expect }) => {
      const label = `${name} ${version} ${wait}`;
      const status = async () => (await agent.call("test_wait_status", { label })).text;
      await expect(agent.cancel(wait, { label })).rejects.toThrow("enough");
      await expect.poll(status, { timeout: 15_000, interval: 100 }).toContain("stopped");
    });
  });
});
