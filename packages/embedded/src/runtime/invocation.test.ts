import { describe, expect, it } from "vitest";
import { type FunctionKind, inheritBearer, type Invocation, noBearer } from "./invocation.ts";

const bearer = { token: "t", problem: null };
const parent = (kind: FunctionKind, component: string) =>
  ({ kind, component, bearer }) as Invocation;

describe("inheritBearer", () => {
  it.each<[FunctionKind, string, string, boolean]>([
    ["http", "", "", true],
    ["action", "", "", true],
    ["http", "", "child", false],
    ["action", "child", "", false],
    ["action", "child", "child", false],
    ["mutation", "", "child", true],
    ["query", "child", "", true],
  ])("%s of %j calling %j keeps it: %s", (kind, from, to, kept) => {
    expect(inheritBearer(parent(kind, from), to)).toBe(kept ? bearer : noBearer);
  });

  it("gives scheduled functions none", () => {
    expect(inheritBearer(undefined, "")).toBe(noBearer);
  });
});
