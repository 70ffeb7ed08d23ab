import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** As GitHub makes the anchor of a heading. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");

async function pages(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = entries
    .map(({ name }) => join(folder, name))
    .filter((name) => name.endsWith(".md"));
  const folders = entries.filter(
    (entry) => entry.isDirectory() && !/^\.|^(node_modules|dist)$/.test(entry.name),
  );
  const below = await Promise.all(folders.map(({ name }) => pages(join(folder, name))));
  return [...found, ...below.flat()];
}

async function anchors(path: string): Promise<string[]> {
  const text = (await readFile(path, "utf8")).replaceAll(/^```[\s\S]*?^```/gm, "");
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchor(heading));
}

async function isBroken(page: string, link: string): Promise<boolean> {
  const [path = "", fragment] = link.split("#");
  const target = path === "" ? page : join(dirname(page), path);
  if (!existsSync(target)) return true;
  return fragment !== undefined && !(await anchors(target)).includes(fragment);
}

it("every link of a page to another leads somewhere", async () => {
  const broken: string[] = [];
  let count = 0;
  for (const page of await pages(root)) {
    const links = (await readFile(page, "utf8")).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g);
    for (const [, link = ""] of links) {
      count += 1;
      if (await isBroken(page, link)) broken.push(`${relative(root, page)}: ${link}`);
    }
  }
  expect(count).toBeGreaterThan(50);
  expect(broken).toEqual([]);
});
