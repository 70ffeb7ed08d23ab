import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { requirements } from "@convex-mcp/spec";
import { describe, expect, it } from "vitest";
import { defences } from "./defences.ts";
import { removeFrom, toProof } from "./removal.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const sources = new Map(
  defences.map(({ file }) => [file, readFileSync(join(root, file), "utf8")] as const),
);

describe("the list", () => {
  it.each(defences)("$threat", (defence) => {
    const source = sources.get(defence.file) ?? "";
    expect(removeFrom(source, defence)).not.toBe(source);
    expect(defence.tests).not.toEqual([]);
    for (const test of defence.tests) {
      const { file, name } = toProof(test);
      expect(existsSync(join(root, file)), file).toBe(true);
      expect(name).not.toBe("");
    }
    const isPage = defence.source.startsWith("https://");
    expect(isPage || Object.hasOwn(requirements, defence.source)).toBe(true);
  });

  it("names each threat once", () => {
    const threats = defences.map(({ threat }) => threat);
    expect(threats.filter((threat, at) => threats.indexOf(threat) < at)).toEqual([]);
  });
});
