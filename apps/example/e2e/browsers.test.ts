import { verifies } from "@convex-mcp/spec";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Example } from "../server/serve.ts";
import { startExample } from "./support/app.ts";
import { call, end, message, post } from "./support/post.ts";
import { exchange, type RawReply } from "./support/raw.ts";
import { openSession } from "./support/sessions.ts";

/** Where the MCP Inspector runs. */
const INSPECTOR = "http://localhost:6274";
const METADATA = "/.well-known/oauth-protected-resource";

let example: Example;
let site: string;
let authorization: string;

beforeAll(async () => {
  example = await startExample();
  site = example.app.url;
  authorization = `Bearer ${await example.provider.issue("alice")}`;
});

afterAll(() => example.close());

/** Requests that `fetch` would mend: any Host, any Origin, HEAD. */
async function raw(
  method: string,
  target: string,
  headers: Record<string, string>,
  body = "",
): Promise<RawReply> {
  const { host, port } = new URL(site);
  const lines = Object.entries({
    Host: host,
    ...headers,
    "Content-Length": String(body.length),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const [reply] = await exchange(
    Number(port),
    [Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n${body}`)],
    { head: method === "HEAD" },
  );
  if (reply === undefined) throw new Error("no answer");
  return reply;
}

const words = (header: string | null) => (header ?? "").toLowerCase().split(/,\s*/);

describe("a page of an allowed origin", () => {
  const paths = ["/mcp", "/mcp/", `${METADATA}/mcp`, `${METADATA}/mcp/`, METADATA];

  it.each(paths)("may ask before it sends anything to %s, without a token", async (path) => {
    verifies("cors.preflight", "metadata.public");
    const response = await fetch(site + path, {
      method: "OPTIONS",
      headers: {
        origin: INSPECTOR,
        "access-control-request-method": "POST",
        "access-control-request-headers":
          "authorization,content-type,mcp-protocol-version,mcp-session-id",
      },
    });
    expect(response.status).toBe(204);
    expect(await response.text()).toBe("");
    expect(response.headers.get("access-control-allow-origin")).toBe(INSPECTOR);
    expect(response.headers.get("access-control-allow-credentials")).toBeNull();
    expect(words(response.headers.get("vary"))).toContain("origin");
    const methods = path.startsWith("/mcp")
      ? ["post", "delete", "options"]
      : ["get", "head", "options"];
    expect(words(response.headers.get("access-control-allow-methods"))).toEqual(methods);
    expect(words(response.headers.get("access-control-allow-headers"))).toEqual(
      expect.arrayContaining([
        "authorization",
        "content-type",
        "accept",
        "mcp-protocol-version",
        "mcp-session-id",
        "last-event-id",
      ]),
    );
  });

  it.each([INSPECTOR, "http://127.0.0.1:6274", "https://localhost", "http://[::1]:8080"])(
    "%s reads every answer, refusals included",
    async (origin) => {
      const session = await openSession(example.endpoint, authorization.slice("Bearer ".length));
      const headers = { origin };
      const answers = [
        [200, await post(example.endpoint, call("whoami"), { authorization, session, headers })],
        [
          202,
          await post(example.endpoint, message("notifications/initialized"), {
            authorization,
            session,
            headers,
          }),
        ],
        [401, await post(example.endpoint, call("whoami"), { headers })],
        [
          401,
          await post(example.endpoint, call("whoami"), { authorization: "Bearer bad", headers }),
        ],
        [400, await post(example.endpoint, "{", { authorization, headers })],
        [
          404,
          await post(example.endpoint, call("whoami"), { authorization, session: "x", headers }),
        ],
        [405, await fetch(example.endpoint, { headers })],
        [204, await end(example.endpoint, { authorization, session, headers })],
      ] as const;
      for (const [status, response] of answers) {
        expect.soft(response.status).toBe(status);
        expect.soft(response.headers.get("access-control-allow-origin")).toBe(origin);
        expect.soft(words(response.headers.get("vary"))).toContain("origin");
        expect
          .soft(words(response.headers.get("access-control-expose-headers")))
          .toEqual(expect.arrayContaining(["www-authenticate", "mcp-session-id"]));
      }
    },
  );

  it("is given its session id and its challenge in headers it may read", async () => {
    verifies("cors.exposed");
    const initialize = message(
      "initialize",
      { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "a", version: "1" } },
      1,
    );
    const opened = await post(example.endpoint, initialize, {
      authorization,
      headers: { origin: INSPECTOR },
    });
    expect(opened.headers.get("mcp-session-id")).toMatch(/^[\x21-\x7e]+$/);
    const refused = await post(example.endpoint, call("whoami"), {
      headers: { origin: INSPECTOR },
    });
    expect(refused.headers.get("www-authenticate")).toContain(
      `resource_metadata="${site}${METADATA}/mcp"`,
    );
  });
});

describe("a page of another origin", () => {
  const foreign = [
    "https://evil.example",
    "null",
    "http://localhost.evil.example:6274",
    "http://localhost:6274.evil.example",
    "http://evil.example#localhost:6274",
    "http://127.0.0.1.nip.io",
    "file://",
    "http://localhost:6274/",
    "HTTP://LOCALHOST:6274.",
    "*",
    "",
  ];

  it.each(foreign)("%j is refused before anybody looks at its token", async (origin) => {
    verifies("origin.checked", "origin.before-auth");
    const body = JSON.stringify(call("invoices_create", { customer: "EVIL", amountCents: 1 }));
    for (const token of [authorization, "Bearer bad", "garbage"]) {
      const headers = { Origin: origin, Authorization: token, "Content-Type": "application/json" };
      const reply = await raw("POST", "/mcp", headers, body);
      const fields = new Map(reply.headers);
      expect.soft(reply.status).toBe(403);
      expect.soft(fields.get("www-authenticate")).toBeUndefined();
      expect.soft(fields.get("access-control-allow-origin")).toBeUndefined();
      expect.soft(fields.get("vary")).toBe("Origin");
      expect.soft(JSON.parse(reply.body)).toEqual({
        jsonrpc: "2.0",
        error: {
          code: -32000,
          message: `Origin ${origin} is not allowed. Add it to the origins this server allows.`,
        },
      });
    }
    for (const [method, target] of [
      ["OPTIONS", "/mcp"],
      ["GET", "/mcp"],
      ["DELETE", "/mcp"],
      ["OPTIONS", `${METADATA}/mcp`],
    ] as const) {
      const reply = await raw(method, target, {
        Origin: origin,
        "Access-Control-Request-Method": "POST",
      });
      expect.soft(reply.status, `${method} ${target}`).toBe(403);
      expect.soft(new Map(reply.headers).get("access-control-allow-origin")).toBeUndefined();
    }
  });

  it("has written nothing", async () => {
    const response = await post(example.endpoint, call("invoices_list"), { authorization });
    expect(await response.text()).not.toContain("EVIL");
  });

  it("reads the discovery document only as far as its browser lets it", async () => {
    const response = await fetch(`${site}${METADATA}/mcp`, {
      headers: { origin: "https://evil.example" },
    });
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("discovery", () => {
  it.each([
    ["/mcp", `${METADATA}/mcp`],
    ["/mcp/", `${METADATA}/mcp/`],
    ["/mcp", METADATA],
  ])("%s is described at %s, in its own spelling, to everybody", async (path, document) => {
    verifies("metadata.resource", "metadata.location", "metadata.public", "url.trailing-slash");
    for (const headers of [
      {},
      { origin: INSPECTOR },
      { authorization: "Bearer bad" },
      { authorization },
    ]) {
      const response = await fetch(site + document, { headers });
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe("application/json");
      expect(response.headers.get("access-control-allow-origin")).toBe(
        "origin" in headers ? INSPECTOR : null,
      );
      expect(words(response.headers.get("vary"))).toContain("origin");
      expect(await response.json()).toEqual({
        resource: site + path,
        authorization_servers: [example.provider.issuer],
        bearer_methods_supported: ["header"],
        scopes_supported: ["invoices:read", "invoices:write"],
        resource_name: "Invoices",
      });
    }
  });

  it("of the authorization server can be read by a page, and so can its keys", async () => {
    for (const path of [
      "/.well-known/openid-configuration",
      "/.well-known/oauth-authorization-server",
    ]) {
      const response = await fetch(example.provider.issuer + path, {
        headers: { origin: INSPECTOR },
      });
      expect(response.status).toBe(200);
      expect([INSPECTOR, "*"]).toContain(response.headers.get("access-control-allow-origin"));
      expect(await response.json()).toMatchObject({ issuer: example.provider.issuer });
    }
  });

  it.each(["/mcp", "/mcp/"])(
    "of %s is where its 401 points, and describes that spelling",
    async (path) => {
      const refused = await post(site + path, call("whoami"));
      expect(refused.status).toBe(401);
      const [, document = ""] =
        /resource_metadata="([^"]+)"/.exec(refused.headers.get("www-authenticate") ?? "") ?? [];
      expect(await (await fetch(document)).json()).toMatchObject({ resource: site + path });
    },
  );
});

describe("another host name", () => {
  const body = JSON.stringify(call("invoices_stats"));
  const type = { "Content-Type": "application/json" };

  it.each(["/mcp", "/mcp/"])(
    "is refused at %s with the right URL, with a token or without",
    async (path) => {
      verifies("host.rebinding");
      const { port } = new URL(site);
      for (const host of [
        `127.0.0.1:${port}`,
        `[::1]:${port}`,
        `evil.example:${port}`,
        "localhost",
        `localhost.:${port}`,
      ]) {
        for (const headers of [
          {},
          { Authorization: authorization },
          { Authorization: "Bearer bad" },
        ]) {
          const reply = await raw("POST", path, { ...type, ...headers, Host: host }, body);
          expect.soft(reply.status).toBe(403);
          expect.soft(new Map(reply.headers).get("www-authenticate")).toBeUndefined();
          const { message: says } = (JSON.parse(reply.body) as { error: { message: string } })
            .error;
          expect
            .soft(says)
            .toBe(
              `This server is ${site}${path}; the request came to ${host}. Use ${site}${path}.`,
            );
        }
      }
    },
  );

  it("in capitals is the same name", async () => {
    const { port } = new URL(site);
    expect((await raw("POST", "/mcp", { ...type, Host: `LOCALHOST:${port}` }, body)).status).toBe(
      200,
    );
  });

  it("never gets into a discovery document", async () => {
    verifies("metadata.host");
    const { port } = new URL(site);
    const reply = await raw("GET", `${METADATA}/mcp`, {
      Host: `127.0.0.1:${port}`,
      "X-Forwarded-Host": "evil.example",
    });
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body)).toMatchObject({ resource: `${site}/mcp` });
  });
});

describe("HEAD and OPTIONS", () => {
  it.each([
    ["/mcp", 405],
    ["/mcp/", 405],
    [`${METADATA}/mcp`, 200],
    [`${METADATA}/mcp/`, 200],
    [METADATA, 200],
    ["/", 200],
    ["/nothing", 404],
  ])("HEAD %s is GET without a body", async (path, status) => {
    const head = await raw("HEAD", path, {});
    const get = await raw("GET", path, {});
    expect(head.status).toBe(status);
    const shown = ({ headers }: RawReply) =>
      headers.filter(
        ([name]) =>
          !["date", "transfer-encoding", "content-length", "connection", "keep-alive"].includes(
            name,
          ),
      );
    expect([head.status, shown(head)]).toEqual([get.status, shown(get)]);
  });

  it.each(["/mcp", "/mcp/", `${METADATA}/mcp`, `${METADATA}/mcp/`, METADATA])(
    "OPTIONS %s works for those who are no page",
    async (path) => {
      const response = await fetch(site + path, { method: "OPTIONS" });
      expect(response.status).toBe(204);
      expect(response.headers.get("access-control-allow-origin")).toBeNull();
      expect(words(response.headers.get("vary"))).toContain("origin");
    },
  );

  it.each([
    ["/mcp", "POST, DELETE, OPTIONS"],
    ["/mcp/", "POST, DELETE, OPTIONS"],
    [`${METADATA}/mcp`, "GET, HEAD, OPTIONS"],
    [`${METADATA}/mcp/`, "GET, HEAD, OPTIONS"],
    [METADATA, "GET, HEAD, OPTIONS"],
  ])("OPTIONS %s allows %s", async (path, allow) => {
    const response = await fetch(site + path, { method: "OPTIONS" });
    expect(response.headers.get("allow")).toBe(allow);
  });

  it.each(["PUT", "PATCH", "GET"])("%s is 405 and says what is allowed", async (method) => {
    for (const path of ["/mcp", "/mcp/"]) {
      const response = await fetch(site + path, {
        method,
        ...(method === "GET" ? {} : { body: "{}" }),
      });
      expect(response.status).toBe(405);
      expect(response.headers.get("allow")).toBe("POST, DELETE, OPTIONS");
      expect(await response.json()).toMatchObject({
        error: {
          code: -32000,
          message: "Method not allowed: POST messages.",
        },
      });
    }
  });
});
