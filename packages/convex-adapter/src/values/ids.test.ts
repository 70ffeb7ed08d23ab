import { type GenericValidator, v, type Value } from "convex/values";
import { describe, expect, it } from "vitest";
import { wrongIds } from "./ids.ts";

/** `users:1` is an id of "users". */
const isId = (table: string, text: string) => text.startsWith(`${table}:`);
const user = v.id("users");
const owner = v.union(user, v.id("teams"));
const shape = v.union(
  v.object({ type: v.literal("one"), id: user }),
  v.object({ type: v.literal("many"), ids: v.array(user) }),
);

describe("wrongIds", () => {
  it.each<[string, GenericValidator, Value | undefined]>([
    ["an id", user, "users:1"],
    ["nothing", v.optional(user), undefined],
    ["null in a union", v.union(user, v.null()), null],
    ["an id in a union", v.union(user, v.null()), "users:1"],
    ["an id of the other table", owner, "teams:1"],
    ["text where it may be text", v.union(user, v.string()), "me"],
    ["anything where it may be anything", v.union(user, v.any()), "me"],
    ["a literal beside an id", v.union(user, v.literal("me")), "me"],
    ["a shape", shape, { type: "many", ids: ["users:1"] }],
    ["no ids at all", v.object({ a: v.string(), b: v.number() }), { a: "x", b: 1 }],
    ["an absent field named constructor", v.object({ constructor: v.optional(user) }), {}],
    ["a record by id", v.record(user, v.number()), { "users:1": 1 }],
  ])("finds nothing in %s", (_, validator, value) => {
    expect(wrongIds(validator, value, isId)).toEqual([]);
  });

  it.each<[string, GenericValidator, Value, string]>([
    ["an id", user, "teams:1", "a"],
    ["an optional id", v.optional(user), "x", "a"],
    ["an item", v.array(user), ["users:1", "x"], "a[1]"],
    ["a field", v.object({ b: user }), { b: "x" }, "a.b"],
    ["a value of a record", v.record(v.string(), user), { b: "x" }, "a.b"],
    ["a key of a record", v.record(user, v.number()), { x: 1 }, "a.x"],
    ["an id or null", v.union(user, v.null()), "x", "a"],
    ["an id of no table of several", owner, "x", "a"],
    ["an id beside another literal", v.union(user, v.literal("me")), "you", "a"],
    ["an id within a shape", shape, { type: "many", ids: ["users:1", "x"] }, "a.ids[1]"],
    ["an id within a list or null", v.union(v.null(), v.array(user)), ["x"], "a[0]"],
  ])("finds %s", (_, validator, value, path) => {
    const issues = wrongIds(v.object({ a: validator }), { a: value }, isId);
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatchObject({ path, received: "a string that is not one" });
    expect(issues[0]?.expected).toContain('the id of a document in "users"');
  });

  it("names every table of a union", () => {
    const [issue] = wrongIds(owner, "x", isId);
    expect(issue?.expected).toBe(
      'one of: the id of a document in "users" | the id of a document in "teams"',
    );
  });

  it("finds all of them", () => {
    const validator = v.object({ a: user, b: v.array(user) });
    const issues = wrongIds(validator, { a: "x", b: ["y", "users:1", "z"] }, isId);
    expect(issues.map(({ path }) => path)).toEqual(["a", "b[0]", "b[2]"]);
  });
});
