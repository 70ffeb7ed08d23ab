import { afterEach, describe, expect, it, vi } from "vitest";
import { alice, bob } from "./support/mcp.ts";
import { carol, contentsOf, startShelf } from "./support/shelf.ts";

afterEach(() => void vi.restoreAllMocks());

const PUBLIC = ["papers://text", "papers://bytes", "papers://folder"];
const PAGE = "papers://{chapter}/{number}{?scale,dark}";
const json = (uri: string, value: unknown) => [
  { uri, mimeType: "application/json", text: JSON.stringify(value) },
];

describe("the lists of resources", () => {
  it("hold what each caller may read", async () => {
    const { as } = startShelf();
    expect(await as().resources()).toEqual(PUBLIC);
    expect(await as(alice).resources()).toEqual([...PUBLIC, "papers://broken"]);
    expect(await as(carol).resources()).toEqual([...PUBLIC, "papers://broken", "papers://scoped"]);
    expect(await as().templates()).toEqual([PAGE]);
    expect(await as(alice).templates()).toEqual(["rows://{id}", PAGE, "fail://{how}"]);
    expect(await as(carol).templates()).toEqual([
      "rows://{id}",
      PAGE,
      "mine://{name}",
      "fail://{how}",
    ]);
  });

  it("show what was declared for clients, and nothing else", async () => {
    const { as } = startShelf();
    const resources = await as().rpc("resources/list", {});
    const [first] = (resources.body?.result?.["resources"] ?? []) as object[];
    expect(first).toEqual({
      uri: "papers://text",
      name: "text",
      title: "Text",
      description: "A text.",
      mimeType: "text/plain",
      size: 7,
      annotations: { audience: ["user"], priority: 1 },
      icons: [{ src: "data:," }],
      _meta: { ui: { prefersBorder: true } },
    });
    const templates = await as().rpc("resources/templates/list", {});
    expect(templates.body?.result?.["resourceTemplates"]).toEqual([
      { uriTemplate: PAGE, name: "page", description: "A page." },
    ]);
  });

  it("are declared with prompts and completion, where the gateway has them", async () => {
    const { as } = startShelf();
    const { answer } = await as().initialize();
    expect(answer.body?.result?.["capabilities"]).toEqual({
      tools: {},
      resources: {},
      prompts: {},
      completions: {},
    });
    const { answer: tools } = await startShelf("/mcp").as().initialize();
    expect(tools.body?.result?.["capabilities"]).toEqual({ tools: {} });
  });
});

describe("a read", () => {
  it("gives text, bytes, parts and JSON", async () => {
    const { as } = startShelf();
    const { read } = as();
    expect(contentsOf(await read("papers://text"))).toEqual([
      { uri: "papers://text", mimeType: "text/plain", text: "é 😀" },
    ]);
    expect(contentsOf(await read("papers://bytes"))).toEqual([
      { uri: "papers://bytes", mimeType: "application/octet-stream", blob: "AH+A/w==" },
    ]);
    expect(contentsOf(await read("papers://folder"))).toEqual([
      { uri: "papers://folder/one", mimeType: "text/plain", text: "one" },
      { uri: "papers://folder/two", mimeType: "text/plain", text: "two" },
    ]);
    const uri = "papers://intro/9223372036854775807?dark=true&scale=1.5&other=1";
    expect(contentsOf(await read(uri))).toEqual(
      json(uri, { chapter: "intro", dark: true, number: "9223372036854775807", scale: 1.5 }),
    );
    expect(contentsOf(await read("papers://end/-1"))).toEqual(
      json("papers://end/-1", { chapter: "end", number: "-1" }),
    );
  });

  it("finds a document by its id", async () => {
    const { t, as } = startShelf();
    const id = await t.run((ctx) => ctx.db.insert("rows", { label: "x" }));
    expect(contentsOf(await as(alice).read(`rows://${id}`))).toEqual(
      json(`rows://${id}`, { label: "x", size: "1" }),
    );
    await t.run((ctx) => ctx.db.delete(id));
    expect((await as(alice).read(`rows://${id}`)).body?.error?.code).toBe(-32002);
  });

  it.each([
    ["an unknown URI", "papers://nothing"],
    ["a URI of no template", "other://x"],
    ["a text that is no int64", "papers://intro/one"],
    ["a text that is none of the literals", "papers://middle/1"],
    ["a number that is none", "papers://intro/1?scale=big"],
    ["a boolean that is none", "papers://intro/1?dark=yes"],
    ["an id of no table", "rows://nothing"],
    ["what only another user has", "mine://bob"],
    ["a resource that is denied", "papers://secret"],
    ["a family that is denied for this argument", "mine://mallory"],
  ])("does not find %s", async (_what, uri) => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const { as } = startShelf();
    const { status, body } = await as(carol).read(uri);
    expect(status).toBe(200);
    expect(body?.error).toEqual({ code: -32002, message: "Resource not found.", data: { uri } });
    expect(log).not.toHaveBeenCalled();
  });

  it("is made by the user", async () => {
    const { as } = startShelf();
    const mine = (await as(carol).read("mine://carol")).body?.result;
    expect(mine?.["contents"]).toEqual([{ uri: "mine://carol", text: "for carol alone" }]);
  });

  it("asks a stranger to sign in, and a user for scopes", async () => {
    const { as } = startShelf();
    const stranger = await as().read("papers://scoped");
    expect(stranger.status).toBe(401);
    expect(stranger.headers.get("WWW-Authenticate")).toBe(
      'Bearer resource_metadata="https://some.convex.site/.well-known/oauth-protected-resource/shelf/mcp", scope="papers:read"',
    );
    const { status, headers } = await as(alice).read("papers://scoped");
    expect(status).toBe(403);
    expect(headers.get("WWW-Authenticate")).toMatch(
      /error="insufficient_scope", scope="papers:read rows:write"/,
    );
    expect((await as(carol).read("papers://scoped")).status).toBe(200);
    expect((await as(alice).read("mine://alice")).status).toBe(403);
  });

  it("that fails says what the app says to callers, and nothing else", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const { as } = startShelf();
    const spoken = await as(alice).read("fail://speak");
    expect(spoken.body?.error).toEqual({ code: -32603, message: "Out of paper." });
    expect(log).not.toHaveBeenCalled();
    for (const [uri, name] of [
      ["fail://quietly", "fail"],
      ["papers://broken", "broken"],
    ] as const) {
      const { status, body } = await as(alice).read(uri);
      expect(status).toBe(200);
      expect(body?.error).toEqual({
        code: -32603,
        message: expect.stringMatching(
          /^Resource "\w+" failed\. The details are in the server's log \(request \S+\)\.$/,
        ) as string,
      });
      expect(log).toHaveBeenLastCalledWith(
        `Resource "${name}" failed.`,
        expect.objectContaining({ message: expect.stringContaining("s3cret") as string }),
      );
    }
  });

  it("belongs to the user's session, whatever it would give", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const { as } = startShelf();
    const { session = "" } = await as(alice).initialize();
    const headers = { "Mcp-Session-Id": session };
    expect((await as(alice).read("papers://text", headers)).status).toBe(200);
    for (const uri of ["papers://text", "papers://nothing", "fail://quietly", "rows://x"]) {
      expect((await as(bob).read(uri, headers)).status).toBe(404);
    }
    expect((await as().read("papers://text", headers)).status).toBe(404);
    expect((await as().read("papers://secret", headers)).status).toBe(404);
    expect((await as(bob).read("papers://scoped", headers)).status).toBe(403);
    expect(log).not.toHaveBeenCalled();
  });
});

it("the discovery document names the scopes of resources and prompts too", async () => {
  const { t } = startShelf();
  const path = "/.well-known/oauth-protected-resource/shelf/mcp";
  const document = (await (await t.fetch(path)).json()) as { scopes_supported: string[] };
  expect(document.scopes_supported).toEqual(["papers:read"]);
});
