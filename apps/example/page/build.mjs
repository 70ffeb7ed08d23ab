// Writes index.html, with its style and its script inlined, as the string module that convex/http.ts serves.
// `node page/build.mjs` writes, `node page/build.mjs --check` fails when the written one is out of date.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const TARGET = fileURLToPath(new URL("../convex/page.ts", import.meta.url));

/** Bundles one entry file of this folder and returns its text. */
async function bundle(name) {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
    entryPoints: [name],
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
  });
  return outputFiles[0].text.trim();
}

/** Replaces exactly one part of the page. The replacement is a function because `$` in a string has a meaning. */
function inline(html, part, replacement) {
  if (html.split(part).length !== 2) throw new Error(`expected index.html to have one ${part}`);
  return html.replace(part, () => replacement);
}

function cspHash(text) {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

function asTemplate(text) {
  return `\`${text.replaceAll(/[\\`]|\$\{/g, (part) => `\\${part}`)}\``;
}

const [source, style, script] = await Promise.all([
  readFile(new URL("index.html", import.meta.url), "utf8"),
  bundle("style.css"),
  bundle("main.ts"),
]);
if (script.includes("</script")) throw new Error("the script must not contain </script");

let html = source.replaceAll(/\n\s+/g, "\n");
html = inline(html, '<link rel="stylesheet" href="style.css" />', `<style>${style}</style>`);
html = inline(
  html,
  '<script type="module" src="main.ts"></script>',
  `<script type="module">${script}</script>`,
);

// Signing in asks an authorization server, which runs on another port here and on another host elsewhere.
const policy = [
  "default-src 'none'",
  `script-src ${cspHash(script)}`,
  `style-src ${cspHash(style)}`,
  "connect-src 'self' http://localhost:* http://127.0.0.1:* https:",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const module = `// Generated from page/index.html by page/build.mjs: do not edit.

/** The headers to serve {@link page} with. The policy names the hashes of its inline script and style. */
export const pageHeaders: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    "${policy}",
  "cache-control": "no-cache",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** The page at \`/\`: HTML that needs nothing else. */
export const page: string = ${asTemplate(html)};
`;

if (process.argv.includes("--check")) {
  const written = await readFile(TARGET, "utf8").catch(() => "");
  if (written !== module) {
    console.error(
      "convex/page.ts is not what page/ makes: run `node page/build.mjs` in apps/example.",
    );
    process.exitCode = 1;
  }
} else {
  await writeFile(TARGET, module);
}
