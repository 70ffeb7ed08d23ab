import { describe, expect, it } from "vitest";
import type { Config } from "../config.ts";
import { createCatalog } from "../tools/catalog.ts";
import { defineMcpAction } from "../tools/define.ts";
import { describeRate } from "./rates.ts";
import { mcpRateLimits, type RateLimitOptions } from "./serve.ts";

const rate = { rate: 1, periodMs: 1_000 };
const tool = defineMcpAction({
  name: "add",
  description: "A tool.",
  args: {},
  handler: () => null,
});

describe("mcpRateLimits", () => {
  it.each<[string, RateLimitOptions]>([
    ["user.rate", { user: { ...rate, rate: 0 } }],
    ["user.rate", { user: { ...rate, rate: 1.5 } }],
    ["user.rate", { user: { ...rate, rate: Infinity } }],
    ["user.rate", { user: 5 as never }],
    ["user.rate", { user: null as never }],
    ["client.periodMs", { client: { ...rate, periodMs: 999 } }],
    ["address.periodMs", { address: { ...rate, periodMs: 32 * 86_400_000 } }],
    ["address.periodMs", { address: { ...rate, periodMs: Number.NaN } }],
    ["tools.add.burst", { tools: { add: { ...rate, burst: 0 } } }],
    ["tools.*.kind", { tools: { "*": { ...rate, kind: "leaky" as never } } }],
    ["answer", { answer: "shrug" as never }],
    ["trustedProxyHeader", { trustedProxyHeader: "no header" }],
    ["trustedProxyHeader", { trustedProxyHeader: null as never }],
    ["tools", { tools: null as never }],
    ["tools", { tools: 5 as never }],
  ])("refuses a wrong %s", (name, options) => {
    expect(() => mcpRateLimits(options)).toThrow(TypeError);
    expect(() => mcpRateLimits(options)).toThrow(`mcpRateLimits: expected ${name} to be `);
  });

  const config = (...options: readonly RateLimitOptions[]) =>
    ({ catalog: createCatalog([tool]), features: options.map(mcpRateLimits) }) as unknown as Config;
  const serve = (it: Config) => it.features.map((feature) => feature.serve(it));

  it("refuses a tool that the gateway does not have, and to be there twice", () => {
    expect(() => serve(config({ tools: { ad: rate } }))).toThrow(/tools of this gateway, got "ad"/);
    expect(() => serve(config({}, {}))).toThrow(/expected it once/);
    expect(serve(config({ tools: { add: rate, "*": rate } }))).toEqual([[]]);
  });
});

describe("describeRate", () => {
  it.each([
    [1_000, "1 second"],
    [90_000, "90 seconds"],
    [60_000, "1 minute"],
    [7_200_000, "2 hours"],
    [86_400_000, "1 day"],
    [1_500, "1.5 seconds"],
  ])("%d ms", (periodMs, text) => {
    const whole = { rate: 5, periodMs, burst: 5, kind: "token bucket" } as const;
    expect(describeRate(whole)).toBe(`5 in ${text}`);
  });
});
