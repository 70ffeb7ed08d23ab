import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const pages = fileURLToPath(new URL("../../../docs/providers/", import.meta.url));

/** The files that a page has its reader write: its code blocks that begin with a file name. */
export async function filesOf(page: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(`${pages}${page}.md`, "utf8");
  const blocks = text.matchAll(/```ts\n\/\/ (convex\/\S+)\n([\s\S]*?)```/g);
  return new Map([...blocks].map(([, file = "", code = ""]) => [file, code]));
}
