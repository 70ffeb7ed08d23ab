import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

describe("contexts of requests", () => {
  it("are let go, also when their modules import others that import others", async () => {
    const script = fileURLToPath(new URL("./contexts.mjs", import.meta.url));
    const flags = ["--expose-gc", "--experimental-vm-modules", "--no-warnings"];
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, script]);
    expect(Number(stdout)).toBeGreaterThan(0);
    expect(Number(stdout)).toBeLessThan(20);
  });
});
