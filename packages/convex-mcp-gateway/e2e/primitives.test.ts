import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type App, request, startApp } from "./support/app.ts";

let app: App;
let client: Client;
let token: string;

/** The official client checks the shape of every answer. */
beforeAll(async () => {
  app = await startApp();
  token = await app.token("carol", { scope: "papers:read" });
  client = new Client({ name: "primitives", version: "1" });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${app.embedded.url}/shelf/mcp`), {
      requestInit: { headers: { Authorization: `Bearer ${token}` } },
    }),
  );
});

afterAll(async () => {
  await client.close();
  await app.embedded.close();
});

const read = async (uri: string) => (await client.readResource({ uri })).contents;

describe("resources from the real bundles", () => {
  it("are listed, with their templates", async () => {
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toContain("papers://scoped");
    expect(resources.map(({ uri }) => uri)).not.toContain("papers://secret");
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ name }) => name)).toEqual(["row", "page", "mine", "fail"]);
  });

  it("are text, bytes, parts and JSON", async () => {
    expect(await read("papers://text")).toEqual([
      { uri: "papers://text", mimeType: "text/plain", text: "é 😀" },
    ]);
    expect(await read("papers://bytes")).toEqual([
      { uri: "papers://bytes", mimeType: "application/octet-stream", blob: "AH+A/w==" },
    ]);
    expect(await read("papers://folder")).toHaveLength(2);
    const [page] = await read("papers://end/9223372036854775807?scale=0.5");
    expect(page).toMatchObject({ mimeType: "application/json" });
    expect(JSON.parse((page as { text: string }).text)).toEqual({
      chapter: "end",
      number: "9223372036854775807",
      scale: 0.5,
    });
  });

  it("find a document by its id", async () => {
    const writer = await app.token("carol", { scope: "rows:write" });
    const added = await app.send(
      request("tools/call", { name: "add", arguments: { label: "shelf" } }),
      { token: writer },
    );
    const { result } = (await added.json()) as {
      result: { structuredContent: { result: string } };
    };
    const uri = `rows://${result.structuredContent.result}`;
    expect(await read(uri)).toEqual([
      { uri, mimeType: "application/json", text: '{"label":"shelf","size":"5"}' },
    ]);
  });

  it.each(["papers://nothing", "rows://nothing", "papers://secret", "mine://alice"])(
    "%s is not found",
    async (uri) => {
      await expect(read(uri)).rejects.toMatchObject({ code: -32002, data: { uri } });
    },
  );

  it("are the user's", async () => {
    expect(await read("mine://carol")).toEqual([{ uri: "mine://carol", text: "for carol alone" }]);
  });

  it("that fail leak nothing", async () => {
    await expect(read("fail://speak")).rejects.toMatchObject({
      code: -32603,
      message: expect.stringContaining("Out of paper.") as string,
    });
    const failed = await read("fail://quietly").catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: -32603 });
    expect(String(failed)).not.toContain("s3cret");
  });

  it("need the scopes they name", async () => {
    const other = await app.token("bob");
    const message = request("resources/read", { uri: "papers://scoped" });
    const refused = await app.send(message, { path: "/shelf/mcp", token: other });
    expect(refused.status).toBe(403);
    expect(refused.headers.get("WWW-Authenticate")).toContain('scope="papers:read"');
    expect((await app.send(message, { path: "/shelf/mcp" })).status).toBe(401);
  });
});

describe("prompts and completion from the real bundles", () => {
  it("are listed, and filled in as the user", async () => {
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual([
      "letter",
      "album",
      "inline",
      "fail",
      "scoped",
    ]);
    const letter = await client.getPrompt({ name: "letter", arguments: { customer: "ACME" } });
    expect(letter.messages).toEqual([
      { role: "user", content: { type: "text", text: "A kind letter to ACME from carol." } },
    ]);
    const album = await client.getPrompt({ name: "album" });
    expect(album.messages.map(({ content }) => content.type)).toEqual(["text", "image", "text"]);
    await expect(client.getPrompt({ name: "secret" })).rejects.toMatchObject({ code: -32602 });
    await expect(client.getPrompt({ name: "letter" })).rejects.toThrow(/customer: expected/);
  });

  it("suggest values", async () => {
    const { completion } = await client.complete({
      ref: { type: "ref/prompt", name: "letter" },
      argument: { name: "customer", value: "many" },
      context: { arguments: { tone: "firm" } },
    });
    expect(completion.values[0]).toBe('carol many {"tone":"firm"}');
    expect(completion.values).toHaveLength(100);
    expect(completion).toMatchObject({ total: 150, hasMore: true });
  });
});
