import { readFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, it } from "vitest";

it("shows an example that runs", async () => {
  const [readme, example] = await Promise.all(
    ["../README.md", "bridgeExample.ts"].map((path) =>
      readFile(new URL(path, import.meta.url), "utf8"),
    ),
  );
  expect(readme).toContain(example);
  process.env["BRIDGE_SECRET"] = "a secret of the test, 32 characters or more";
  process.env["ID_CLIENT_SECRET"] = "upstream secret";
  const { server } = await import("./bridgeExample.ts");
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const metadata = await fetch(`${origin}/.well-known/oauth-authorization-server/oauth`);
    expect(await metadata.json()).toMatchObject({ issuer: "https://app.example.com/oauth" });
    const registered = await fetch(`${origin}/oauth/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ redirect_uris: ["http://localhost:7/cb"] }),
    });
    expect(registered.status).toBe(201);
    // `Request` takes no TRACE; the process must survive that.
    const traced = await new Promise((resolve) => {
      httpRequest(origin, { method: "TRACE" }, ({ statusCode }) => resolve(statusCode)).end();
    });
    expect(traced).toBe(400);
    expect((await fetch(`${origin}/elsewhere`)).status).toBe(404);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
