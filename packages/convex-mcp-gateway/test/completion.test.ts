import { afterEach, describe, expect, it, vi } from "vitest";
import { alice, bob } from "./support/mcp.ts";
import { carol, completionOf, startShelf } from "./support/shelf.ts";

afterEach(() => void vi.restoreAllMocks());

const letter = { name: "letter" };
const page = { uri: "papers://{chapter}/{number}{?scale,dark}" };

describe("completion", () => {
  it("suggests what the query gives, as the user", async () => {
    const { as } = startShelf();
    expect(completionOf(await as(alice).complete(letter, "customer", "AC"))).toEqual({
      values: ["alice AC null"],
      total: 1,
      hasMore: false,
    });
    expect(completionOf(await as().complete(page, "number", ""))).toEqual({
      values: ["nobody  null"],
      total: 1,
      hasMore: false,
    });
  });

  it("hands on the arguments that are settled, and no others", async () => {
    const { as } = startShelf();
    const context = { tone: "firm", é: "x", $x: "y", unknown: "z" };
    const answer = await as(alice).complete(letter, "customer", "", context);
    expect(completionOf(answer)).toMatchObject({ values: ['alice  {"tone":"firm"}'] });
  });

  it("gives a hundred at most, and says how many there are", async () => {
    const { as } = startShelf();
    const answer = await as(alice).complete(letter, "customer", "many");
    const { values, total, hasMore } = completionOf(answer) as Record<string, unknown>;
    expect(values).toHaveLength(100);
    expect([total, hasMore]).toEqual([150, true]);
  });

  it("suggests nothing for an argument without suggestions", async () => {
    const { as } = startShelf();
    const nothing = { values: [], total: 0, hasMore: false };
    expect(completionOf(await as(alice).complete(letter, "tone", "k"))).toEqual(nothing);
    expect(completionOf(await as().complete(page, "dark", ""))).toEqual(nothing);
    expect(completionOf(await as(alice).complete({ uri: "rows://{id}" }, "id", ""))).toEqual(
      nothing,
    );
  });

  it.each([
    ["an unknown argument", letter, "page"],
    ["what every object inherits", letter, "constructor"],
    ["an unknown prompt", { name: "none" }, "customer"],
    ["a denied prompt", { name: "secret" }, "customer"],
    ["an unknown template", { uri: "none://{id}" }, "id"],
    ["a resource of one URI", { uri: "papers://text" }, "id"],
  ])("knows nothing of %s", async (_what, ref, argument) => {
    const { as } = startShelf();
    const { status, body } = await as(carol).complete(ref, argument, "");
    expect(status).toBe(200);
    expect(body?.error).toEqual({
      code: -32602,
      message: "completion/complete: nothing of that name can be completed.",
    });
  });

  it("is decided as a call of what is completed", async () => {
    const { as } = startShelf();
    expect((await as().complete(letter, "customer", "")).status).toBe(401);
    const { status, headers } = await as(alice).complete({ name: "scoped" }, "customer", "");
    expect(status).toBe(403);
    expect(headers.get("WWW-Authenticate")).toMatch(/scope="papers:read rows:write"/);
    const allowed = await as(carol).complete({ name: "scoped" }, "customer", "x");
    expect(completionOf(allowed)).toMatchObject({ values: ["carol x null"] });
  });

  it("refuses what is no text", async () => {
    const { as } = startShelf();
    const { body } = await as(alice).complete(letter, "customer", "\ud800");
    expect(body?.error?.code).toBe(-32602);
    expect(body?.error?.message).toContain("well-formed Unicode");
  });

  it("that fails leaks nothing", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const { as } = startShelf();
    const failed = await as(alice).complete(letter, "customer", "throw");
    const lied = await as().complete(page, "scale", "");
    for (const [{ body }, what] of [
      [failed, 'The completion of "customer" of prompt "letter"'],
      [lied, 'The completion of "scale" of resource "page"'],
    ] as const) {
      expect(body?.error).toEqual({
        code: -32603,
        message: expect.stringMatching(
          new RegExp(
            `^${what} failed\\. The details are in the server's log \\(request \\S+\\)\\.$`,
          ),
        ) as string,
      });
      expect(log).toHaveBeenCalledWith(`${what} failed.`, expect.any(Error));
    }
  });

  it("belongs to the user's session", async () => {
    const { as } = startShelf();
    const { session = "" } = await as(alice).initialize();
    const params = {
      ref: { type: "ref/prompt", name: "letter" },
      argument: { name: "customer", value: "" },
    };
    const headers = { "Mcp-Session-Id": session };
    const complete = (who: typeof alice | undefined, more: object = {}) =>
      as(who).rpc("completion/complete", { ...params, ...more }, headers);
    expect((await complete(alice)).status).toBe(200);
    expect((await complete(bob)).status).toBe(404);
    expect((await complete(bob, { ref: { type: "ref/prompt", name: "none" } })).status).toBe(404);
  });
});
