import { request } from "node:http";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type NodeServer, startNodeServer } from "./server.ts";
import { memoryStores } from "./stores.ts";

let server: NodeServer;
beforeEach(async () => {
  server = await startNodeServer({ port: 0, stores: memoryStores() });
});
afterEach(() => server.close());

/** The status of a PUT to an address of this machine, under a name. */
function ask(address: string, host: string): Promise<number | undefined> {
  const { port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const options = { host: address, port, method: "PUT", path: "/mcp", headers: { host } };
    const asked = request(options, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.setTimeout(2_000, () => asked.destroy(new Error("Nobody is there.")));
    asked.on("error", reject).end();
  });
}

it("listens on this machine alone", async () => {
  const { host } = new URL(server.url);
  expect(await ask("127.0.0.1", host)).toBe(405);
  await expect(ask("127.0.0.2", host)).rejects.toThrow();
});

it("answers to its own names alone", async () => {
  const { port } = new URL(server.url);
  for (const host of [`evil.example:${port}`, "evil.example", "localhost:1", "localhost"]) {
    expect(await ask("127.0.0.1", host)).toBe(403);
  }
  expect(await ask("127.0.0.1", `127.0.0.1:${port}`)).toBe(405);
});
