import { CENSOR } from "./censor.ts";

type Tree = { [name: string]: unknown };

/** What is put in place of a value; `undefined` takes its field away. */
export type Change = (value: unknown) => unknown;

/** Changes what paths such as `a.b` and `a[*].b` name, in the value itself: what one does with a copy. */
export function setPaths(
  value: unknown,
  paths: readonly (readonly string[])[],
  change: Change = () => CENSOR,
): unknown {
  for (const path of paths) setPath(value, path, 0, change);
  return value;
}

/** A path as its steps; `*` is every item. */
export function toSteps(path: string): string[] {
  return path.replaceAll("[*]", ".*").split(".");
}

function setPath(value: unknown, path: readonly string[], at: number, change: Change): void {
  if (typeof value !== "object" || value === null) return;
  const step = path[at] ?? "";
  const tree = value as Tree;
  const names = step === "*" ? Object.keys(tree) : [step];
  for (const name of names) {
    if (!Object.hasOwn(tree, name)) continue;
    if (at < path.length - 1) setPath(tree[name], path, at + 1, change);
    else tree[name] = change(tree[name]);
    if (tree[name] === undefined) delete tree[name];
  }
}
