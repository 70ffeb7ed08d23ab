/**
 * The MCP Inspector's commands against our servers. What they cannot do, as of 2.12.0:
 *
 * - `mcp-inspector --cli` answers no questions, and says so: it declares no capability for them. `mcpdo`, of the same
 *   package, does.
 * - Neither sends `notifications/cancelled`. Ctrl-C ends the process of `--cli`, which cancels in the modern era, where
 *   a stream that its client closes is cancelled, and nowhere else (basic/transports). Of `mcpdo` it ends the command
 *   alone; its daemon waits on.
 */
import { afterAll, beforeAll, describe, it } from "vitest";
import { type Running, targets } from "../src/targets.ts";
import { createInspector, type Inspector } from "./support/inspector.ts";

/** Where a server keeps its state is nothing that a client sees. */
const seen = targets.filter(({ name }) => name !== "node-server sqlite");
const eras = ["legacy", "modern"];

let inspector: Inspector;

beforeAll(async () => {
  inspector = await createInspector();
});
afterAll(() => inspector.close());

describe.concurrent.each(seen)("$name", ({ start }) => {
  let url: string;
  let server: Running;

  beforeAll(async () => {
    server = await start();
    ({ url } = server);
  });
  afterAll(() => server.close());

  const cli = async (era: string, ...args: string[]) => {
    const { code, stdout, stderr } = await inspector.cli(url, era, args).ended;
    return { code, said: stdout + stderr };
  };
  const call = (era: string, name: string, args: object) =>
    cli(
      era,
      "--method",
      "tools/call",
      "--tool-name",
      name,
      "--tool-args-json",
      JSON.stringify(args),
    );

  describe.each(eras)("%s", (era) => {
    it("lists, and finds nothing wrong with what it lists", async ({ expect }) => {
      const { code, said } = await cli(era, "--method", "tools/list", "--strict");
      expect(said).toContain('"name":"test_simple_text"');
      expect(code, said).toBe(0);
      const resources = await cli(era, "--method", "resources/list");
      expect(resources.said).toContain('"uri":"test://static-text"');
    });

    it("calls", async ({ expect }) => {
      const greeted = await call(era, "greet", { name: "Ada" });
      expect(greeted).toEqual({ code: 0, said: expect.stringContaining("Hello, Ada!") });
      const failed = await call(era, "test_error_handling", {});
      expect(failed).toEqual({ code: 5, said: expect.stringContaining("intentionally") });
    });

    it("reads", async ({ expect }) => {
      const read = ["--method", "resources/read", "--uri"];
      const { code, said } = await cli(era, ...read, "test://template/7/data");
      expect(said).toContain("Data for ID: 7");
      expect(code).toBe(0);
      const nothing = await cli(era, ...read, "test://nothing");
      expect(nothing).toEqual({ code: 1, said: expect.stringContaining("Resource not found") });
    });

    it("is told by --cli that it cannot be asked", async ({ expect }) => {
      const { code, said } = await call(era, "test_elicitation", { message: "Who are you?" });
      expect(code).not.toBe(0);
      expect(said).toContain("elicitation");
    });
  });

  it("asks by way of mcpdo, in both eras", async ({ expect }) => {
    const { mcpdo } = inspector;
    const at = (...args: string[]) => mcpdo("--connection", url, ...args);
    for (const era of eras) {
      expect(await mcpdo("connect", url, "--era", era)).toMatchObject({ code: 0 });
      const { stdout } = await at("tools/call", "test_elicitation", "message:=Who?");
      const { elicitationPending: asked } = JSON.parse(stdout);
      expect(asked).toMatchObject({ mode: "form", message: "Who?" });
      const fields = ["username:=ada", "email:=ada@example.com"];
      const answered = await at("elicitation/respond", asked.elicitationId, ...fields);
      expect(answered.stdout).toContain("ada@example.com");
      expect(await mcpdo("disconnect", url)).toMatchObject({ code: 0 });
    }
  });

  it("is cancelled by --cli when it leaves, in the modern era", async ({ expect }) => {
    const status = async () => (await call("modern", "test_wait_status", { label: "left" })).said;
    const wait = ["--method", "tools/call", "--tool-name", "test_wait", "--tool-arg", "label=left"];
    const waiting = inspector.cli(url, "modern", wait);
    await expect.poll(status, { timeout: 20_000 }).toContain("working");
    waiting.interrupt();
    await waiting.ended;
    await expect.poll(status, { timeout: 20_000 }).toContain("stopped");
  });
});
