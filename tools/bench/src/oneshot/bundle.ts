import { build } from "esbuild";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";

/** A module graph in one script, with the bytecode that a platform would have kept of it. */
export interface Bundle {
  readonly source: string;
  readonly cachedData: Buffer;
}

/**
 * Bundles an entry of this folder as the Convex CLI bundles an app's functions, but into one script
 * whose exports are the global `bundle`.
 */
export async function bundleEntry(name: string): Promise<Bundle> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`${name}.js`, import.meta.url))],
    bundle: true,
    write: false,
    platform: "browser",
    format: "iife",
    globalName: "bundle",
    target: "esnext",
    conditions: ["convex", "module"],
    define: { "process.env.NODE_ENV": '"production"' },
    minifySyntax: true,
    minifyIdentifiers: true,
    keepNames: true,
    alias: { "gateway-app/http": gatewayApp("http"), "gateway-app/mounts": gatewayApp("mounts") },
    logLevel: "error",
  });
  const source = outputFiles[0]?.text ?? "";
  // Made before anything ran, as the platform does: functions that are compiled lazily are not in it.
  return { source, cachedData: new Script(source).createCachedData() };
}

function gatewayApp(file: string): string {
  const manifest = createRequire(import.meta.url).resolve("convex-mcp-gateway/package.json");
  return join(dirname(manifest), `test/app/${file}.ts`);
}
