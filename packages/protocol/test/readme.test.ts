import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { fetch } from "./example.ts";
import { post, read, rpc } from "./support/endpoint.ts";

it("shows an example that runs", async () => {
  const [readme, example] = await Promise.all(
    ["../README.md", "example.ts"].map((path) => readFile(new URL(path, import.meta.url), "utf8")),
  );
  expect(readme).toContain(example);
  const call = rpc("tools/call", { name: "add", arguments: { a: 1, b: 2 } });
  expect((await fetch(post(call))).status).toBe(401);
  const headers = { authorization: "Bearer secret", "mcp-protocol-version": "2025-11-25" };
  const { body } = await read(fetch(post(call, headers)));
  expect(body.result.structuredContent).toEqual({ sum: 3 });
});
