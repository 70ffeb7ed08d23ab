import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";

const read = (path: string) => readFile(new URL(path, import.meta.url), "utf8");

/** Of what begins so, the rest is another example's, or compiled where it is: `tools/quickstart`. */
const ELSEWHERE = /^(\/\/ convex\/\w|import .*\/test"|import \{ convexTest)/;

/** Code without comments, white space and what a formatter adds where it breaks a line. */
const bare = (code: string) =>
  code
    .replaceAll(/(^|\s)\/\/ .*$/gm, "")
    .replaceAll(/\s/g, "")
    .replaceAll(/,([)\]}])/g, "$1");

const GUIDE = "../../../docs/guide/";
const pages = [
  "../../../README.md",
  ...(await readdir(new URL(GUIDE, import.meta.url))).map((file) => GUIDE + file),
];

/** The examples of a page, in pieces: a line with an ellipsis leaves something to the reader, and an import is its own. */
async function pieces(path: string): Promise<string[]> {
  const page = await read(path);
  return [...page.matchAll(/```ts\n([\s\S]*?)```/g)]
    .flatMap(([, code = ""]) =>
      ELSEWHERE.test(code) ? [] : code.split(/^.*…(?!`).*$|^import .*$/m),
    )
    .map((piece) => bare(piece).replace(/,$/, ""))
    .filter((piece) => piece !== "");
}

describe("the examples of the README and the guide", () => {
  it("are such as compile", async () => {
    const compiled = bare(await read("readmeExamples.ts"));
    const shown = (await Promise.all(pages.map(pieces))).flat();
    expect(shown.length).toBeGreaterThan(20);
    expect(shown.filter((piece) => !compiled.includes(piece))).toEqual([]);
  });

  it("are the same on the package's own page", async () => {
    const files = async (path: string) =>
      (await read(path)).match(/```ts\n\/\/ convex\/[\s\S]*?```/g);
    expect(await files("../README.md")).toEqual(await files(pages[0] ?? ""));
  });

  it("import what there is", async () => {
    const exported = (await read("../src/index.ts")).split(/[\s,{}]+/);
    const texts = await Promise.all([...pages, "../README.md"].map(read));
    const imports = texts.join("\n").matchAll(/^import \{ (.*) \} from "convex-mcp-gateway";$/gm);
    const names = [...imports].flatMap(([, list = ""]) => list.replaceAll("type ", "").split(", "));
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !exported.includes(name))).toEqual([]);
  });
});
