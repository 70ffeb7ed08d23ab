import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateAll, targets } from "./targets.ts";

/** Generates everything anew, says what had been out of date, and puts the files back as they were. */
const before = await snapshot();
await generateAll();
const after = await snapshot();
const stale = [...after].filter(([file, text]) => before.get(file) !== text);
for (const [file, text] of before) await writeFile(file, text);
if (stale.length > 0) {
  const files = stale.map(([file]) => `  ${file}`).join("\n");
  console.error(`Generated code is out of date. Run \`npm run codegen\` and commit:\n${files}`);
  process.exitCode = 1;
}

async function snapshot(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const { generated } of targets) {
    for (const name of await readdir(generated)) {
      const file = join(generated, name);
      files.set(file, await readFile(file, "utf8"));
    }
  }
  return files;
}
