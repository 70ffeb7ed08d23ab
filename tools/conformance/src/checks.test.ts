import { describe, expect, it } from "vitest";
import { parseChecks, scenarioOf } from "./checks.ts";

describe("scenarioOf", () => {
  it.each([
    ["server-ping-2026-11-22T17-51-39-531Z", "ping"],
    ["server-json-schema-2020-12-2026-11-22T17-51-39-641Z", "json-schema-2020-12"],
    ["server-server-initialize-2026-11-22T17-51-39-365Z", "server-initialize"],
  ])("%s", (name, scenario) => {
    expect(scenarioOf(name)).toBe(scenario);
  });

  it("refuses what is no result", () => {
    expect(() => scenarioOf("client-initialize-2026-11-22T17-51-39-365Z")).toThrow(
      "Expected server-<scenario>-<time> among the results",
    );
  });
});

describe("parseChecks", () => {
  it("keeps what a report needs", () => {
    const checks = [
      { id: "a", status: "SUCCESS", details: { seen: 1 } },
      { id: "b", status: "FAILURE", errorMessage: "Expected 400, got 200" },
    ];
    expect(parseChecks("s", checks)).toEqual([
      { scenario: "s", id: "a", status: "SUCCESS", message: '{"seen":1}' },
      { scenario: "s", id: "b", status: "FAILURE", message: "Expected 400, got 200" },
    ]);
  });

  it.each([
    undefined,
    {},
    [],
    [null],
    [{ id: "a" }],
    [{ id: "a", status: "success" }],
    [{ status: "SUCCESS" }],
    [{ id: "a", status: "FAILURE", errorMessage: 1 }],
  ])("takes %j for no results, and not for good ones", (value) => {
    expect(() => parseChecks("s", value)).toThrow("s: expected");
  });
});
