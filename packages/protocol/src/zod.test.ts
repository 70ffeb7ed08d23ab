import { describe, expect, it } from "vitest";
import { z } from "zod";
import { endpoint, newest, post, read, rpc, type Person } from "../test/support/endpoint.ts";
import type { ToolInvocation } from "./index.ts";
import { zodTool } from "./zod.ts";

const add = zodTool({
  name: "add",
  title: "Add",
  description: "Adds two numbers.",
  input: z.object({ a: z.number(), b: z.number().default(1) }),
  output: z.object({ sum: z.number() }),
  handler: ({ a, b }, { caller }: ToolInvocation<string, Person>) => {
    const known: string | undefined = caller.principal;
    return Object.assign({ sum: a + b }, { dropped: known });
  },
});

const greet = zodTool({
  name: "greet",
  input: z.object({ name: z.object({ first: z.string().min(1) }) }).strict(),
  handler: ({ name }) => `Hello, ${name.first}!`,
});

const broken = zodTool({
  name: "broken",
  input: z.object({}),
  output: z.object({ n: z.number() }),
  handler: () => ({ n: "secret" as never }),
});

function server() {
  return endpoint({ catalog: { tools: [add, greet, broken] } });
}

async function call(name: string, args: unknown) {
  const { handler, reported } = server();
  const message = rpc("tools/call", { name, arguments: args });
  const { body } = await read(handler(post(message, newest), "c"));
  return { result: body.result, reported };
}

describe("zodTool", () => {
  it("shows its schemas as JSON Schema", async () => {
    const { body } = await read(server().handler(post(rpc("tools/list"), newest), "c"));
    expect(body.result.tools[0]).toMatchObject({
      name: "add",
      title: "Add",
      description: "Adds two numbers.",
      inputSchema: {
        type: "object",
        properties: { a: { type: "number" }, b: { type: "number", default: 1 } },
        required: ["a"],
      },
      outputSchema: { type: "object", properties: { sum: { type: "number" } }, required: ["sum"] },
    });
    expect(Object.keys(body.result.tools[1]).sort()).toEqual(["inputSchema", "name"]);
  });

  it("hands over parsed arguments and answers twice: structured and as text", async () => {
    expect((await call("add", { a: 2 })).result).toEqual({
      content: [{ type: "text", text: '{"sum":3}' }],
      structuredContent: { sum: 3 },
    });
    expect((await call("greet", { name: { first: "Ada" } })).result).toEqual({
      content: [{ type: "text", text: "Hello, Ada!" }],
    });
  });

  it("tells the model which argument is wrong and what was expected", async () => {
    const { result, reported } = await call("greet", { name: { first: 5 }, more: 1 });
    expect(result.isError).toBe(true);
    expect(result.content[0].text).toContain("name.first: ");
    expect(result.content[0].text).toContain("expected string");
    expect(result.content[0].text).toContain('"more"');
    expect(reported).toEqual([]);
  });

  it("keeps the answer to hostile arguments small", async () => {
    const args = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`key${n}`, n]));
    const { result } = await call("greet", args);
    expect(result.content[0].text.length).toBeLessThan(4000);
  });

  it("reports an answer that does not fit, and sends nothing of it", async () => {
    const { result, reported } = await call("broken", {});
    expect(result.isError).toBe(true);
    expect(JSON.stringify(result)).not.toContain("secret");
    expect(reported).toHaveLength(1);
  });

  it("refuses a schema that has no JSON Schema when it is declared", () => {
    const input = z.object({ n: z.bigint() });
    expect(() => zodTool({ name: "n", input, handler: () => "" })).toThrow(Error);
  });
});
