import { httpRouter, makeFunctionReference } from "convex/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { v } from "convex/values";
import {
  defineMcpAction,
  defineMcpQuery,
  McpGateway,
  type McpGatewayOptions,
  mcpPrompts,
  mcpResources,
  mcpStreaming,
  mcpTasks,
  vMcpCall,
} from "../src/index.ts";
import { components } from "./app/_generated/api.js";

const tool = (name: string) =>
  defineMcpQuery({
    name,
    description: "A tool.",
    fn: makeFunctionReference<"query", Record<string, never>, null>("a:b"),
    args: {},
  });
const right: McpGatewayOptions = {
  serverInfo: { name: "test", version: "1.0.0" },
  tools: [tool("hello")],
  authorize: () => true,
};
const oauth = { authorizationServers: ["https://issuer.test"] };
const create = (changes: object) => () =>
  new McpGateway(components.mcpGateway, { ...right, ...changes });

describe("new McpGateway", () => {
  it.each<[string, object]>([
    ["nothing more than it needs", {}],
    ["an issuer on this machine", { oauth: { authorizationServers: ["http://localhost:3212"] } }],
    ["entries of up to 64 KiB", { audit: { limits: { bytes: 65_536 } } }],
    ["a tool sign_in of the app", { tools: [tool("sign_in")] }],
    ["a judge of origins", { allowedOrigins: ["https://app.example.com", "*"] }],
    ["resources and prompts", { features: [mcpPrompts([]), mcpResources([])] }],
    ["a site", { siteUrl: "https://mcp.example.com" }],
    ["a site on this machine", { oauth, siteUrl: "http://127.0.0.1:3211/" }],
    ["a site behind a path", { oauth, siteUrl: "https://example.com/api/" }],
  ])("takes %s", (_, changes) => {
    expect(create(changes)).not.toThrow();
  });

  it.each<[string, object, RegExp]>([
    ["no server info", { serverInfo: undefined }, /^serverInfo: expected/],
    ["no version", { serverInfo: { name: "test" } }, /^serverInfo: expected/],
    ["no tools", { tools: undefined }, /^tools: expected/],
    ["features that are no list", { features: mcpResources([]) }, /^features: expected a list/],
    ["a feature that is not there", { features: [undefined] }, /^features: expected a list/],
    [
      "resources twice",
      { features: [mcpResources([]), mcpPrompts([]), mcpResources([])] },
      /^features: two of them serve resources/,
    ],
    ["a limit of nothing", { limits: { bodyBytes: 0 } }, /^limits\.bodyBytes: expected/],
    ["an origin with a path", { allowedOrigins: ["https://a.test/"] }, /allowed: expected entries/],
    ["a host with a scheme", { allowedHosts: ["https://a.test"] }, /allowed: expected entries/],
    ["no issuers", { oauth: { authorizationServers: [] } }, /^oauth\.authorizationServers/],
    ["issuers that are no list", { oauth: {} }, /^oauth\.authorizationServers/],
    [
      "an issuer that is not set",
      { oauth: { authorizationServers: [""] } },
      /^oauth\.authorizationServers\[0\]: .* environment variable set\?/,
    ],
    [
      "an issuer in the clear",
      { oauth: { authorizationServers: ["http://issuer.test"] } },
      /^oauth\.authorizationServers\[0\]: expected an https URL/,
    ],
    [
      "a scope that is none",
      { oauth: { ...oauth, scopesSupported: ["two words"] } },
      /^oauth\.scopesSupported\[0\]/,
    ],
    ["a page that is no URL", { oauth: { ...oauth, resourceDocumentation: "x" } }, /^oauth\.res/],
    ["a site without a scheme", { siteUrl: "localhost:3211" }, /^siteUrl: expected/],
    ["a site that is no URL", { siteUrl: "" }, /^siteUrl: expected/],
    ["a site with a query", { siteUrl: "https://a.test/?b" }, /^siteUrl: expected/],
    ["a site with a fragment", { siteUrl: "https://a.test/#b" }, /^siteUrl: expected/],
    ["a site with a password", { siteUrl: "https://a:b@c.test" }, /^siteUrl: expected/],
    [
      "a site in the clear, where tokens are sent to",
      { oauth, siteUrl: "http://mcp.example.com" },
      /^oauth\.resource: expected an https URL .*mcp\.example\.com/,
    ],
    ["too small an entry", { audit: { limits: { bytes: 10 } } }, /limits\.bytes must be/],
    [
      "an entry that the log would replace by a marker",
      { audit: { limits: { bytes: 65_537 } } },
      /^audit\.limits\.bytes: expected at most 65536/,
    ],
    ["too deep an entry", { audit: { limits: { depth: 1000 } } }, /limits\.depth must be/],
    [
      "two tools of one name",
      { signInTool: true, tools: [tool("sign_in")] },
      /^Tool "sign_in" is declared twice/,
    ],
  ])("refuses %s, and not with the first request", (_, changes, message) => {
    expect(create(changes)).toThrow(TypeError);
    expect(create(changes)).toThrow(message);
  });
});

describe("mcpStreaming", () => {
  const secret = "x".repeat(32);
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each([{}, { secret }, { secret: [secret, secret] }, { answerMs: 1, resumable: true }])(
    "takes %j",
    (options) => {
      expect(create({ features: [mcpStreaming(options)] })).not.toThrow();
    },
  );

  it.each<[object, RegExp]>([
    [{ secret: "short" }, /expected secret to have at least 32 characters/],
    [{ secret: [] }, /expected secret to have/],
    [{ secret: [secret, "short"] }, /expected secret to have/],
    [{ answerMs: 0 }, /expected answerMs to be 1 to 86400000 milliseconds, got 0/],
    [{ answerMs: Number.POSITIVE_INFINITY }, /got Infinity/],
    [{ answerMs: Number.NaN }, /got NaN/],
  ])("refuses %j when it is made", (options, message) => {
    expect(() => mcpStreaming(options)).toThrow(TypeError);
    expect(() => mcpStreaming(options)).toThrow(message);
  });

  it("reads the variable, unless it has a secret of its own or the variable is empty", () => {
    vi.stubEnv("MCP_GATEWAY_SECRET", "short");
    expect(() => mcpStreaming()).toThrow(/expected the variable MCP_GATEWAY_SECRET to have/);
    expect(() => mcpStreaming({ secret })).not.toThrow();
    vi.stubEnv("MCP_GATEWAY_SECRET", "");
    expect(() => mcpStreaming()).not.toThrow();
  });
});

describe("mcpTasks", () => {
  const mcp = v.optional(vMcpCall);
  const fn = makeFunctionReference<"action", { mcp?: typeof vMcpCall.type }, null>("a:b");
  const task = (changes: object = {}) => ({
    ...defineMcpAction({
      name: "slow",
      description: "A task.",
      fn,
      args: { mcp },
      task: "optional",
    }),
    ...changes,
  });
  const features = [mcpTasks()];
  const handler = () => null;

  it.each([{}, { ttlMs: 600_000, pollIntervalMs: 1, maxOpen: 1, maxKept: 1_000 }])(
    "takes %j",
    (options) => {
      expect(create({ tools: [task()], features: [mcpTasks(options)] })).not.toThrow();
    },
  );

  it.each<[object, RegExp]>([
    [{ ttlMs: 0 }, /expected ttlMs to be a whole number of 1 to 2592000000, got 0/],
    [{ ttlMs: Number.POSITIVE_INFINITY }, /got Infinity/],
    [{ pollIntervalMs: 0.5 }, /expected pollIntervalMs .*, got 0.5/],
    [{ maxOpen: -1 }, /expected maxOpen .*, got -1/],
    [{ maxKept: 1_001 }, /expected maxKept .* 1 to 1000, got 1001/],
  ])("refuses %j when it is made", (options, message) => {
    expect(() => mcpTasks(options)).toThrow(TypeError);
    expect(() => mcpTasks(options)).toThrow(message);
  });

  it.each<[string, object, RegExp]>([
    ["a task without it", { tools: [task()] }, /^features: expected mcpTasks\(\)/],
    [
      "a task that is no kind of one",
      { tools: [task({ task: "sometimes" })], features },
      /^Tool "slow" has the `task` "sometimes": expected "optional" or "required"/,
    ],
    [
      "a task that would not know for whom it runs",
      { tools: [task({ run: { fn, takesHandle: false } })], features },
      /^Tool "slow" goes on as a task, without the argument `mcp: vMcpCall`/,
    ],
    [
      "inline code as a task",
      { tools: [task({ run: { handler } })], features },
      /^Tool "slow" goes on as a task: expected an action as `fn`/,
    ],
    [
      "a query as a task",
      { tools: [{ ...tool("slow"), task: "required" }], features },
      /^Tool "slow" goes on as a task: expected an action as `fn`/,
    ],
    [
      "a run that may outlive its task",
      { tools: [task({ deadlineMs: 3_600_001 })], features },
      /^Tool "slow" has the `deadlineMs` 3600001: a task is kept for 3600000/,
    ],
  ])("refuses %s", (_, changes, message) => {
    expect(create(changes)).toThrow(TypeError);
    expect(create(changes)).toThrow(message);
  });

  it("needs runTask where a task is mounted, and nowhere else", () => {
    const dispatch = makeFunctionReference("mcp:dispatch") as never;
    const runTask = makeFunctionReference("mcp:runTask") as never;
    const mount = (options: object, changes: object) => () =>
      create(changes)().registerRoutes(httpRouter(), { dispatch, ...options });
    const tools = [task()];
    expect(mount({}, { tools, features })).toThrow(/^runTask: expected internal\.<file>\.runTask/);
    expect(mount({}, { tools, features })).toThrow(/"slow"/);
    expect(mount({ runTask }, { tools, features })).not.toThrow();
    expect(mount({}, { features })).not.toThrow();
    expect(mount({}, {})).not.toThrow();
  });
});
