/** Lists that are the same for everyone, which are serialised once. */
import { describe, expect, it } from "vitest";
import { fixedList, memoryTools, type Tool } from "../src/index.ts";
import { echo, endpoint, fails, link, post, read, rpc, type Person } from "./support/endpoint.ts";
import { ask } from "./support/modern.ts";

const tools = [echo, link, fails];

/** The same tools as one list for everyone, and as a list that is made for each caller. */
const server = (authorize?: () => boolean, pageSize?: number) =>
  endpoint({
    limits: { pageSize },
    tools: memoryTools<string, Person>({ tools, ...(authorize && { authorize }) }),
  });

const versions = ["2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"];
const list = (version: string, params: Record<string, unknown> = {}) =>
  version === "2026-07-28"
    ? ask("tools/list", params)
    : post(rpc("tools/list", params), { "mcp-protocol-version": version });

describe("a list that never changes", () => {
  it("is what another list would be, in every revision and again", async () => {
    const [fixed, made] = [server(), server(() => true)];
    for (const version of [...versions, ...versions]) {
      const one = await read(fixed.handler(list(version), "c"));
      const other = await read(made.handler(list(version), "c"));
      expect(one.body).toEqual(other.body);
      expect(one.body.result.tools).toHaveLength(3);
    }
  });

  it("has pages", async () => {
    const fixed = server(undefined, 2);
    for (const version of versions) {
      const { result } = (await read(fixed.handler(list(version), "c"))).body;
      expect(result.tools).toHaveLength(2);
      const rest = await read(fixed.handler(list(version, { cursor: result.nextCursor }), "c"));
      expect(rest.body.result.tools.map(({ name }: Tool) => name)).toEqual(["fails"]);
      const lost = await read(fixed.handler(list(version, { cursor: "" }), "c"));
      expect(lost.body.error.code).toBe(-32602);
    }
  });

  it("keeps each text that was made of it", () => {
    const items = fixedList([1, 2]);
    let made = 0;
    const text = (name: string) => items.text(name, () => `${name} ${(made += 1)}`);
    expect([text("a"), text("b"), text("a"), text("b")]).toEqual(["a 1", "b 2", "a 1", "b 2"]);
  });
});

it("a catalog is told whether its list has the place that is asked for", async () => {
  const listed = tools.map(({ definition }) => definition);
  const told: boolean[] = [];
  const { handler } = endpoint({
    limits: { pageSize: 1 },
    tools: {
      ...memoryTools<string, Person>({ tools }),
      list: async (_caller, { isFoundIn }) => {
        told.push(isFoundIn(listed));
        return listed;
      },
    },
  });
  const answer = async (cursor?: unknown) =>
    (await read(handler(list("2025-11-25", { cursor }), "c"))).body;
  const { nextCursor } = (await answer()).result;
  await answer(nextCursor);
  expect((await answer("1.bm90aGluZw")).error.code).toBe(-32602);
  expect((await answer(7)).error.code).toBe(-32602);
  expect(told).toEqual([true, true, false, false]);
});
