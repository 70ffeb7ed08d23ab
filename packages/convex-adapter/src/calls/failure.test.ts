import { ConvexError, type Value } from "convex/values";
import { describe, expect, it } from "vitest";
import {
  commitIsUnknown,
  errorCode,
  errorText,
  failureText,
  rollback,
  rolledBack,
} from "./failure.ts";

const SECRET = "postgres://user:hunter2@db";
const GENERIC = "pay failed. The details are in the server's audit log (request r1).";

describe("failureText", () => {
  it.each<[string, Value, string]>([
    ["a string", "The invoice is paid already.", "The invoice is paid already."],
    ["a message", { message: "Not yours.", code: 7 }, "Not yours."],
  ])("passes what an app says to its callers as %s", (_, data, text) => {
    expect(failureText("pay", new ConvexError(data), "r1")).toBe(text);
  });

  it.each<[string, unknown]>([
    ["an Error", new Error(SECRET)],
    ["a TypeError", new TypeError(SECRET)],
    ["a text", SECRET],
    ["an object with a message", { message: SECRET }],
    ["an Error that looks like a ConvexError", Object.assign(new Error(SECRET), { data: SECRET })],
    [
      "an Error of that name",
      Object.assign(new Error(SECRET), { name: "ConvexError", data: { message: SECRET } }),
    ],
    ["an Error with a cause", new Error("x", { cause: new ConvexError(SECRET) })],
    ["a ConvexError of other data", new ConvexError({ secret: SECRET })],
    ["a ConvexError of a list", new ConvexError([SECRET])],
    [
      "a ConvexError with a message that is no text",
      new ConvexError({ message: { text: SECRET } }),
    ],
    ["a ConvexError of null", new ConvexError(null)],
    ["a ConvexError of no text", new ConvexError("")],
    ["a ConvexError of an empty message", new ConvexError({ message: " " })],
    ["nothing", undefined],
    ["null", null],
  ])("says nothing of %s", (_, error) => {
    expect(failureText("pay", error, "r1")).toBe(GENERIC);
  });

  it("does without a request id", () => {
    expect(failureText("pay", new Error(SECRET), undefined)).toBe(
      "pay failed. The details are in the server's audit log.",
    );
  });
});

describe("errorText and errorCode", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  it.each<[string, unknown, string, string]>([
    ["an Error", new Error("no"), "Error: no", "Error"],
    ["a TypeError", new TypeError("no"), "TypeError: no", "TypeError"],
    ["a ConvexError", new ConvexError("no"), 'ConvexError: "no"', "ConvexError"],
    ["a code", new ConvexError({ code: "PAID" }), 'ConvexError: {"code":"PAID"}', "PAID"],
    [
      "a kind",
      new ConvexError({ kind: "RateLimited" }),
      'ConvexError: {"kind":"RateLimited"}',
      "RateLimited",
    ],
    [
      "a code that is no text",
      new ConvexError({ code: 7 }),
      'ConvexError: {"code":7}',
      "ConvexError",
    ],
    ["an int64", new ConvexError({ n: 7n }), 'ConvexError: {"n":"7"}', "ConvexError"],
    ["a text", "no", '"no"', "Error"],
    ["nothing", undefined, "null", "Error"],
    ["a function", () => 1, "null", "Error"],
    ["a circle", circle, '{"self":"[cycle]"}', "Error"],
  ])("keep %s for the log", (_, error, text, code) => {
    expect(errorText(error)).toBe(text);
    expect(errorCode(error)).toBe(code);
  });
});

describe("errorText", () => {
  it.each<[string, unknown]>([
    ["data of a ConvexError", new ConvexError({ message: "No.", apiKey: SECRET })],
    ["data deep inside", new ConvexError([{ request: { headers: { Authorization: SECRET } } }])],
    ["an object that was thrown", { password: SECRET }],
    [
      "a value that a validator refused",
      new Error(
        `ArgumentValidationError: Value does not match validator.\nPath: .pin\nValue: "${SECRET}"\nValidator: v.id("pins")`,
      ),
    ],
    [
      "an object that a validator refused",
      new Error(
        `ReturnsValidationError: Object contains extra field \`x\` that is not in the validator.\n\nObject: {pin: "${SECRET}", x: 1.0}\nValidator: v.object({})\n`,
      ),
    ],
    [
      "a value that convex-test refused",
      new Error(`Validator error: Expected \`number\`, got \`${SECRET}\nand \`more\`\``),
    ],
  ])("does not hold %s", (_, error) => {
    expect(errorText(error)).not.toContain(SECRET);
    expect(errorText(error)).toContain("[redacted]");
  });

  it("keeps where and what a validator expected", () => {
    const message =
      "ArgumentValidationError: Value does not match validator.\nPath: .n\nValue: 7.0\nValidator: v.string()";
    expect(errorText(new Error(message))).toBe(
      `Error: ${message.replace("Value: 7.0", "Value: [redacted]")}`,
    );
  });
});

describe("rollback", () => {
  const issue = { path: "items[0]", expected: "a string", received: "number" };

  it("says why to whoever catches it", () => {
    expect(rolledBack(rollback(issue))).toBe(
      "items[0]: `returns` says a string, the function gave number",
    );
    expect(rolledBack(rollback({ ...issue, path: "" }))).toContain("the result: `returns` says");
  });

  it.each<[string, unknown]>([
    ["an Error", new Error("convex-mcp-gateway: rolled back")],
    ["a ConvexError", new ConvexError("convex-mcp-gateway: rolled back")],
    ["another reason", new ConvexError({ reason: "x", issue: "y" })],
    ["no issue", new ConvexError({ reason: "convex-mcp-gateway: rolled back" })],
    ["nothing", undefined],
  ])("is not read out of %s", (_, error) => {
    expect(rolledBack(error)).toBeUndefined();
  });
});

describe("commitIsUnknown", () => {
  it.each<[string, unknown, boolean]>([
    ["an internal error", new Error('{"code":"InternalServerError"}'), true],
    [
      "a request that ended early",
      new Error("Your request couldn't be completed. Try again later."),
      true,
    ],
    ["a function that threw", new Error("Uncaught Error: no"), false],
    ["a conflict", new Error("OptimisticConcurrencyControlFailure"), false],
    ["a time-out", new Error("Function execution timed out (maximum duration: 1s)"), false],
    ["what is no Error", "InternalServerError", false],
  ])("of %s", (_, error, unknown) => {
    expect(commitIsUnknown(error)).toBe(unknown);
  });
});
