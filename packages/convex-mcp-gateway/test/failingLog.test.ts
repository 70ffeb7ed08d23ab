import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { alice, startApp } from "./support/mcp.ts";

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => {}));
afterEach(() => void vi.restoreAllMocks());

const CALLS = [
  ["a query", "tools/call", { name: "look", arguments: { how: "well" } }],
  ["a plain query", "tools/call", { name: "look_now", arguments: { how: "well" } }],
  ["an action", "tools/call", { name: "relay", arguments: { label: "well" } }],
  ["a resource", "resources/read", { uri: "looks://well" }],
  ["a prompt", "prompts/get", { name: "ask", arguments: { how: "well" } }],
  [
    "a completion",
    "completion/complete",
    { ref: { type: "ref/prompt", name: "ask" }, argument: { name: "how", value: "x" } },
  ],
  ["the tools", "tools/list", {}],
  ["the resources", "resources/list", {}],
  ["the templates", "resources/templates/list", {}],
  ["the prompts", "prompts/list", {}],
] as const;

describe.each(CALLS)("%s that cannot be recorded", (_what, method, params) => {
  const send = async (path: string) => {
    const app = startApp();
    const { body } = await app.as(alice, path).rpc(method, params);
    const rows = await app.t.run(async (ctx) => (await ctx.db.query("rows").collect()).length);
    return { failed: body?.error !== undefined || body?.result?.isError === true, rows };
  };

  it("is not told, and did nothing", async () => {
    expect(await send("/strict/reads/mcp")).toEqual({ failed: true, rows: 0 });
  });

  it("is told where the app says so", async () => {
    const isAction = "name" in params && params.name === "relay";
    expect(await send("/lenient/reads/mcp")).toEqual({ failed: false, rows: isAction ? 1 : 0 });
  });
});
