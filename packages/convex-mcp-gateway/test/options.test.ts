import { makeFunctionReference } from "convex/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  defineMcpQuery,
  McpGateway,
  type McpGatewayOptions,
  mcpPrompts,
  mcpResources,
  mcpStreaming,
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
