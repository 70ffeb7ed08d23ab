import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { codegen, startEmbedded } from "../src/index.ts";
import { FIXTURE, NO_ISSUERS, startFixture } from "./support.ts";

const folders: string[] = [];
const nodeModules = new URL("../node_modules", import.meta.url).pathname;

/** A copy of the fixture that a test may spoil. */
async function copyFixture(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "embedded-"));
  folders.push(folder);
  await cp(FIXTURE, folder, { recursive: true });
  await mkdir(join(folder, "node_modules"));
  await symlink(join(nodeModules, "convex"), join(folder, "node_modules", "convex"));
  return folder;
}

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

describe("startEmbedded", () => {
  it("says who is in the way when the port is taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await expect(startFixture(NO_ISSUERS, { port })).rejects.toMatchObject({
      code: "port_in_use",
      message: `Port ${port} is in use. Stop what uses it, or set PORT to another one.`,
    });
    server.close();
  });

  it("names the field of auth.config.ts that is empty", async () => {
    await expect(
      startEmbedded({ projectDir: FIXTURE, port: 0, env: { OIDC_AUDIENCE: "a" } }),
    ).rejects.toMatchObject({
      code: "auth_config",
      message: expect.stringContaining("convex/auth.config.ts: expected providers[0].domain"),
    });
  });

  it("shows what the CLI said", async () => {
    const projectDir = await copyFixture();
    await writeFile(join(projectDir, "convex", "broken.ts"), 'import "node:fs";\n');
    await expect(startEmbedded({ projectDir, port: 0 })).rejects.toMatchObject({
      code: "cli_failed",
      message: expect.stringContaining("node:fs"),
    });
  });

  it("shows why a module could not be evaluated", async () => {
    const projectDir = await copyFixture();
    await writeFile(join(projectDir, "convex", "broken.ts"), "export const x = Buffer.from('');\n");
    await expect(startEmbedded({ projectDir, port: 0 })).rejects.toMatchObject({
      code: "push_rejected",
      message: expect.stringContaining("Buffer is not defined"),
    });
  });

  it("leaves _generated alone", async () => {
    const projectDir = await copyFixture();
    const file = join(projectDir, "convex", "_generated", "api.js");
    const edited = `${await readFile(file, "utf8")}// edited\n`;
    await writeFile(file, edited);
    const env = {
      OIDC_ISSUER: "https://a.test",
      OIDC_AUDIENCE: "a",
      CUSTOM_JWKS: "https://b.test",
    };
    const engine = await startEmbedded({ projectDir, port: 0, env });
    await engine.close();
    expect(await readFile(file, "utf8")).toBe(edited);
  });
});

describe("close", () => {
  it("may be called twice, and ends run()", async () => {
    const engine = await startFixture(NO_ISSUERS);
    await engine.close();
    await engine.close();
    await expect(engine.run("notes:count")).rejects.toMatchObject({ code: "engine_failed" });
    await expect(fetch(engine.url)).rejects.toThrow("fetch failed");
  });
});

describe("codegen", () => {
  it("writes what is committed, for a component and for the app", async () => {
    const projectDir = await copyFixture();
    await rm(join(projectDir, "convex", "_generated"), { recursive: true });
    await rm(join(projectDir, "clock", "_generated"), { recursive: true });
    await codegen({ projectDir, componentDir: "./clock" });
    await codegen({ projectDir });
    for (const file of ["clock/_generated/component.ts", "convex/_generated/api.d.ts"]) {
      expect(await readFile(join(projectDir, file), "utf8")).toBe(
        await readFile(join(FIXTURE, file), "utf8"),
      );
    }
  });
});
