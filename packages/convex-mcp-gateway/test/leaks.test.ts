import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { SECRET, startCareless } from "./support/careless.ts";
import { EXTENSION } from "./support/task.ts";

const MODERN = "2026-07-28";

interface Sent {
  readonly path?: string;
  readonly method: string;
  readonly params?: Record<string, unknown>;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** A failure of one part, and what brings it about. */
type Failure = readonly [what: string, sent: Sent];

const call = (name: string, how: unknown, more: Partial<Sent> = {}): Sent => ({
  method: "tools/call",
  params: { name, arguments: { how } },
  ...more,
});
const read = (uri: string): Sent => ({ method: "resources/read", params: { uri } });
const prompt = (name: string, how: string): Sent => ({
  method: "prompts/get",
  params: { name, arguments: { how } },
});
const modern = (sent: Sent): Sent => ({
  ...sent,
  params: {
    ...sent.params,
    _meta: {
      "io.modelcontextprotocol/protocolVersion": MODERN,
      "io.modelcontextprotocol/clientCapabilities": { extensions: { [EXTENSION]: {} } },
    },
  },
  headers: {
    "MCP-Protocol-Version": MODERN,
    "Mcp-Method": sent.method,
    "Mcp-Name": String(sent.params?.["name"] ?? sent.params?.["taskId"] ?? sent.params?.["uri"]),
  },
});
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

const FAILURES: readonly Failure[] = [
  ["The body is no JSON", { method: "", body: `{${SECRET}` }],
  ["The message is no JSON-RPC", { method: "", body: `{"${SECRET}":1}` }],
  ["The body is too long", { method: "", body: JSON.stringify(SECRET.repeat(400_000)) }],
  [
    "A page of another origin asks",
    call("look", "", { headers: { Origin: "https://evil.example" } }),
  ],
  ["No such method", { method: "no/such" }],
  ["No such method, in 2026-07-28", modern({ method: "no/such" })],
  ["No such session", call("look", "well", { headers: { "Mcp-Session-Id": SECRET } })],
  ["No token, and one is needed", call("look", "well", { path: "/closed" })],
  [
    "The token is no bearer token",
    call("look", "well", { path: "/closed", headers: { Authorization: `Basic ${SECRET}` } }),
  ],
  ["The token is not known", call("look", "well", { path: "/closed", headers: bearer(SECRET) })],
  ["`resolveIdentity` throws", call("look", "well", { path: "/closed", headers: bearer("throw") })],
  [
    "`resolveIdentity` cannot tell now",
    call("look", "well", { path: "/closed", headers: bearer("down") }),
  ],
  ["`loadContext` throws", call("look", "well", { path: "/unloaded" })],
  ["`authorize` throws", call("look", "blind")],
  ["`authorize` denies, with a reason", call("look", "deny")],
  ["`authorize` asks for scopes", call("look", "scopes")],
  ["No such tool", call("no_such", "well")],
  ["An argument is not what is declared", call("look", { token: SECRET })],
  ["A query throws", call("look", "throw")],
  ["A query throws what is no error", call("look", "text")],
  ['A query of `consistency: "query"` throws', call("look_now", "throw")],
  ["A mutation throws", call("work", "throw")],
  ["An action throws", call("act", "throw")],
  ["A `handler` throws", call("talk", "throw")],
  [
    "A `handler` throws once its stream is open",
    call("talk", "throw", {
      params: { name: "talk", arguments: { how: "throw" }, _meta: { progressToken: 1 } },
    }),
  ],
  ["A task throws, in 2026-07-28", modern(call("act", "throw"))],
  ["`before` throws", call("prepared", "throw")],
  ['A tool throws `ConvexError("Out of paper.")`', call("work", "speak")],
  ['A tool throws `ConvexError({ message: "Out of paper.", … })`', call("work", "say")],
  ["A tool throws a `ConvexError` without a message", call("work", "data")],
  ["A mutation gives what it does not declare", call("misdeclared", SECRET)],
  ["`content` of a tool throws", call("unshowable", "well")],
  ["The hash of an audit rule throws", call("hashed", "well")],
  [
    "The audit entry of a query or mutation cannot be written",
    call("work", "well", { path: "/unrecorded" }),
  ],
  ["The audit entry of an action cannot be opened", call("act", "well", { path: "/unrecorded" })],
  [
    "A function of the component throws",
    {
      path: "/sessionless",
      method: "initialize",
      params: {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: "c", version: "1" },
      },
    },
  ],
  ["A list has no such cursor", { method: "tools/list", params: { cursor: SECRET } }],
  ["No such resource", read("nowhere://x")],
  ["No such resource, in 2026-07-28", modern(read("nowhere://x"))],
  ["The function of a resource throws", read("looks://throw")],
  ["The function of a resource throws a `ConvexError`", read("looks://say")],
  ["`content` of a resource throws", read("shown://well")],
  [
    "An argument of a prompt is missing",
    { method: "prompts/get", params: { name: "ask", arguments: {} } },
  ],
  ["The function of a prompt throws", prompt("ask", "throw")],
  ["`messages` of a prompt throws", prompt("inline", "throw")],
  [
    "A completion throws",
    {
      method: "completion/complete",
      params: {
        ref: { type: "ref/prompt", name: "ask" },
        argument: { name: "how", value: "throw" },
      },
    },
  ],
];

interface Row {
  readonly what: string;
  /** All that left the server: status, headers, bodies, frames. */
  readonly left: string;
  /** As the table has it. */
  readonly line: string;
}

const USER = { issuer: "https://issuer.test", subject: "ann" };

/** A request of 2025-11-25, unless it says otherwise. */
function post({ method, params = {}, headers, body }: Sent): RequestInit {
  return {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      "MCP-Protocol-Version": "2025-11-25",
      ...headers,
    },
    body: body ?? JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  };
}

async function provoke([what, sent]: Failure): Promise<Row> {
  const lines: unknown[] = [];
  const log = vi.spyOn(console, "error").mockImplementation((...all) => void lines.push(all));
  const app = startCareless();
  const { path = "/mcp" } = sent;
  const caller = path === "/closed" ? app.t : app.t.withIdentity(USER);
  const { status, statusText, headers, ...response } = await whole(caller.fetch(path, post(sent)));
  let { text } = response;
  const taskId = /"taskId":"([^"]+)"/.exec(text)?.[1];
  if (taskId !== undefined) {
    await app.t.finishInProgressScheduledFunctions();
    const get = modern({ method: "tasks/get", params: { taskId } });
    text += `\n${(await whole(caller.fetch(path, post(get)))).text}`;
  }
  const [entry] = await app.entries();
  log.mockRestore();
  const recorded = entry && `entry: ${[entry.outcome, entry.errorCode].filter(Boolean).join(" ")}`;
  const logged = [recorded, lines.length > 0 && "console"].filter(Boolean).join(", ");
  const { code, said } = wireOf(text);
  const cells = [what, status, code, said, logged || "nothing"];
  const left = JSON.stringify([status, statusText, headers, text]);
  return { what, left, line: `| ${cells.join(" | ")} |` };
}

/** All of a response, every frame of a stream included. */
async function whole(responding: Promise<Response>) {
  const response = await responding;
  const { status, statusText } = response;
  return { status, statusText, headers: [...response.headers], text: await response.text() };
}

/** The code and the text of the last message. */
function wireOf(text: string): { code: string; said: string } {
  const json = text
    .trim()
    .split("\n")
    .findLast((line) => /^(data: )?\{/.test(line));
  const { error, result } = JSON.parse(json?.replace("data: ", "") ?? "{}") as {
    error?: { code: number; message: string };
    result?: {
      content?: { text: string }[];
      isError?: boolean;
      result?: { content: { text: string }[] };
    };
  };
  const content = result?.content ?? result?.result?.content;
  const said = error?.message ?? (content === undefined ? "" : content[0]?.text) ?? "";
  const plain = said.replaceAll(SECRET, "SECRET").replace(/\(request [^)]+\)/, "(request ID)");
  return { code: String(error?.code ?? "none"), said: plain.replaceAll("|", "\\|") };
}

let rows: Row[];
beforeAll(async () => {
  rows = [];
  for (const failure of FAILURES) rows.push(await provoke(failure));
}, 60_000);

describe("what a failing part says", () => {
  it.each(FAILURES.map(([what]) => what))("is nobody's secret: %s", (what) => {
    const { left = "" } = rows.find((row) => row.what === what) ?? {};
    expect(left).not.toBe("");
    expect(left).not.toContain(SECRET);
    expect(left).not.toContain("TypeError");
    expect(left).not.toContain("careless.ts");
  });

  it("is hidden in the log where the hash of a rule throws", async () => {
    const app = startCareless();
    await app.t.withIdentity(USER).fetch("/mcp", post(call("hashed", SECRET)));
    expect(await app.entries()).toMatchObject([{ outcome: "ok", args: '{"how":"[redacted]"}' }]);
  });

  it("is what docs/errors.md says", async () => {
    const page = await readFile(new URL("../../../docs/errors.md", import.meta.url), "utf8");
    const bare = (line: string) => line.replaceAll(/\s+/g, " ");
    const lines = page.split("\n").filter((line) => /^\| .*\| \d{3} /.test(line));
    expect(lines.map(bare)).toEqual(rows.map(({ line }) => bare(line)));
  });
});
