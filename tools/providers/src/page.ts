import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const pages = fileURLToPath(new URL("../../../docs/providers/", import.meta.url));
/** Under it a page says what becomes of its files with the bridge. */
const BRIDGE = "## So that every client connects by itself";

/** The files that a page has its reader write: its code blocks that begin with a file name. */
export async function filesOf(
  page: string,
  bridged: boolean,
): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(`${pages}${page}.md`, "utf8");
  const [recipe = "", ...rest] = text.split(BRIDGE);
  if (bridged && rest.length === 0) throw new Error(`${page}.md has no "${BRIDGE}".`);
  const blocks = (bridged ? text : recipe).matchAll(/```ts\n\/\/ (convex\/\S+)\n([\s\S]*?)```/g);
  return new Map([...blocks].map(([, file = "", code = ""]) => [file, code]));
}
