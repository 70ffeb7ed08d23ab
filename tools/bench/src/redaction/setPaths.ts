import { CENSOR } from "./censor.ts";

type Tree = { [name: string]: unknown };

/** Overwrites what paths such as `a.b` and `a[*].b` name, in the value itself: what one does with a copy. */
export function setPaths(value: unknown, paths: readonly (readonly string[])[]): unknown {
  for (const path of paths) setPath(value, path, 0);
  return value;
}

/** A path as its steps; `*` is every item. */
export function toSteps(path: string): string[] {
  return path.replaceAll("[*]", ".*").split(".");
}

function setPath(value: unknown, path: readonly string[], at: number): void {
  if (typeof value !== "object" || value === null) return;
  const step = path[at] ?? "";
  const tree = value as Tree;
  const names = step === "*" ? Object.keys(tree) : [step];
  for (const name of names) {
    if (!Object.hasOwn(tree, name)) continue;
    if (at === path.length - 1) tree[name] = CENSOR;
    else setPath(tree[name], path, at + 1);
  }
}
