import { afterEach, describe, expect, it, vi } from "vitest";
import { alice, bob } from "./support/mcp.ts";
import { carol, messagesOf, startShelf } from "./support/shelf.ts";

afterEach(() => void vi.restoreAllMocks());

const user = (text: string) => ({ role: "user", content: { type: "text", text } });

describe("the list of prompts", () => {
  it("holds what each caller may use", async () => {
    const { as } = startShelf();
    expect(await as().prompts()).toEqual(["album", "inline"]);
    expect(await as(alice).prompts()).toEqual(["letter", "album", "inline", "fail"]);
    expect(await as(carol).prompts()).toEqual(["letter", "album", "inline", "fail", "scoped"]);
  });

  it("shows the arguments", async () => {
    const { as } = startShelf();
    const { body } = await as(alice).rpc("prompts/list", {});
    const [first] = (body?.result?.["prompts"] ?? []) as object[];
    expect(first).toEqual({
      name: "letter",
      title: "Letter",
      description: "A letter.",
      arguments: [
        { name: "customer", description: "To whom.", required: true },
        { name: "tone", required: false },
      ],
    });
  });
});

describe("a prompt", () => {
  it("is filled in by a query, as the user", async () => {
    const { as } = startShelf();
    const { body } = await as(alice).prompt("letter", { customer: "ACME", tone: "firm" });
    expect(body?.result).toEqual({
      description: "A letter.",
      messages: [user("A firm letter to ACME from alice.")],
    });
    expect(messagesOf(await as(bob).prompt("letter", { customer: "ACME" }))).toEqual([
      user("A kind letter to ACME from bob."),
    ]);
  });

  it("has several messages, and blocks", async () => {
    const { as } = startShelf();
    expect(messagesOf(await as().prompt("album"))).toEqual([
      user("What is this?"),
      { role: "user", content: { type: "image", data: "AQID", mimeType: "image/png" } },
      { role: "assistant", content: { type: "text", text: "A picture." } },
    ]);
    expect(messagesOf(await as().prompt("inline", { note: "cats" }))).toEqual([
      user("About cats:"),
      { role: "user", content: { type: "image", data: "AQ==", mimeType: "image/png" } },
    ]);
    expect(messagesOf(await as().prompt("inline"))).toHaveLength(2);
  });

  it.each<[string, object, RegExp]>([
    ["nothing", {}, /- customer: expected a string, got nothing/],
    ["a wrong literal", { customer: "x", tone: "rude" }, /- tone: expected one of: "kind"/],
    ["an unknown argument", { customer: "x", page: "1" }, /- page: expected only customer, tone/],
    ["no Unicode", { customer: "\ud800" }, /- customer: expected well-formed Unicode text/],
  ])("says what is wrong with %s", async (_what, args, message) => {
    const { as } = startShelf();
    const { status, body } = await as(alice).prompt("letter", args);
    expect(status).toBe(200);
    expect(body?.error?.code).toBe(-32602);
    expect(body?.error?.message).toMatch(message);
  });

  it("that is denied is unknown", async () => {
    const { as } = startShelf();
    const denied = (await as(carol).prompt("secret", { customer: "x" })).body?.error;
    const unknown = (await as(carol).prompt("none", { customer: "x" })).body?.error;
    expect(denied).toEqual({ code: -32602, message: "Unknown prompt: secret" });
    expect(unknown).toEqual({ code: -32602, message: "Unknown prompt: none" });
  });

  it("asks a stranger to sign in, and a user for scopes", async () => {
    const { as } = startShelf();
    expect((await as().prompt("letter", { customer: "x" })).status).toBe(401);
    expect((await as().prompt("scoped", {})).status).toBe(401);
    const { status, headers } = await as(alice).prompt("scoped", {});
    expect(status).toBe(403);
    expect(headers.get("WWW-Authenticate")).toMatch(/scope="papers:read rows:write"/);
    expect((await as(carol).prompt("scoped", { customer: "x" })).status).toBe(200);
  });

  it("that fails says what the app says to callers, and nothing else", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const { as } = startShelf();
    const spoken = await as(alice).prompt("fail", { how: "speak" });
    expect(spoken.body?.error).toEqual({ code: -32603, message: "Out of paper." });
    const { body } = await as(alice).prompt("fail", { how: "quietly" });
    expect(body?.error).toEqual({
      code: -32603,
      message: expect.stringMatching(
        /^Prompt "fail" failed\. The details are in the server's log \(request \S+\)\.$/,
      ) as string,
    });
    expect(log).toHaveBeenCalledOnce();
    expect(log.mock.calls[0]?.[0]).toBe('Prompt "fail" failed.');
  });

  it("belongs to the user's session, whatever it would give", async () => {
    const { as } = startShelf();
    const { session = "" } = await as(alice).initialize();
    const headers = { "Mcp-Session-Id": session };
    expect((await as(alice).prompt("letter", { customer: "x" }, headers)).status).toBe(200);
    expect((await as(bob).prompt("letter", { customer: "x" }, headers)).status).toBe(404);
    expect((await as(bob).prompt("letter", {}, headers)).status).toBe(404);
    expect((await as(bob).prompt("inline", {}, headers)).status).toBe(404);
    expect((await as(bob).prompt("none", {}, headers)).status).toBe(404);
    expect((await as().prompt("inline", {}, headers)).status).toBe(404);
  });
});
