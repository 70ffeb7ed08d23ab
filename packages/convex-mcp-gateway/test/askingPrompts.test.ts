// oxlint-disable typescript/no-explicit-any -- foreign JSON, as a test reads it
import { afterEach, describe, expect, it, vi } from "vitest";
import { asking } from "./app/asking.ts";
import { alice, bob, startApp } from "./support/mcp.ts";
import { askable, eventsOf, messagesOf, MODERN, talk } from "./support/talk.ts";

afterEach(() => void vi.restoreAllMocks());

const PATH = "/asking/mcp";
const named = { action: "accept", content: { name: "Ada" } };
const greeted = {
  messages: [{ role: "user", content: { type: "text", text: "Hello, Ada!" } }],
};
const introduce = (more: object = {}) => ({
  id: 1,
  method: "prompts/get",
  params: { name: "introduce", arguments: { greeting: "Hello" }, ...more },
});

/** A round of a client of 2026-07-28. */
async function round(
  client: ReturnType<typeof talk>,
  more: object = {},
  capabilities: object = askable,
): Promise<any> {
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": MODERN,
    "io.modelcontextprotocol/clientCapabilities": capabilities,
  };
  const response = await client.post(introduce({ ...more, _meta }), {
    "MCP-Protocol-Version": MODERN,
    "Mcp-Method": "prompts/get",
    "Mcp-Name": "introduce",
  });
  return (await response.json()) as unknown;
}

describe("a prompt that asks", () => {
  it("asks the user of a session", async () => {
    const client = talk(startApp(), alice, PATH);
    const session = await client.open();
    const messages: any[] = [];
    for await (const { message } of eventsOf(await client.post(introduce(), session))) {
      messages.push(message);
      if ("method" in message) await client.answer(message.id, named, session);
    }
    expect(messages).toMatchObject([{ method: "elicitation/create" }, { result: greeted }]);
  });

  it("asks in rounds, of its user alone", async () => {
    const log = vi.spyOn(console, "error");
    const app = startApp();
    const client = talk(app, alice, PATH);
    const { result } = await round(client);
    expect(result).toMatchObject({
      resultType: "input_required",
      inputRequests: { name: { method: "elicitation/create" } },
    });
    const answer = { requestState: result.requestState, inputResponses: { name: named } };
    expect(await round(talk(app, bob, PATH), answer)).toMatchObject({ error: { code: -32602 } });
    expect(await round(client, answer)).toMatchObject({ result: greeted });
    expect(log).not.toHaveBeenCalled();
  });

  it("is recorded as interrupted while it asks, whatever its code makes of that", async () => {
    const app = startApp();
    for (const greeting of ["Hello", "Swallowed"]) {
      const asked = { name: "introduce", arguments: { greeting } };
      const { result } = await round(talk(app, alice, PATH), asked);
      expect(result.resultType).toBe("input_required");
    }
    const entries = await app.t.run((ctx) => asking.listAuditEntries(ctx, { kind: "prompt" }));
    const interrupted = { outcome: "interrupted", errorCode: "InputRequired" };
    expect(entries.entries).toMatchObject([interrupted, interrupted]);
  });

  it("tells a client what it would have to declare", async () => {
    const { error } = await round(talk(startApp(), alice, PATH), {}, {});
    expect(error).toMatchObject({
      code: -32021,
      data: { requiredCapabilities: { elicitation: { form: {} } } },
    });
  });

  it("asks, and tells, nobody whose session does not hold", async () => {
    const app = startApp();
    const session = await talk(app, alice, PATH).open();
    const message = introduce({ _meta: { progressToken: "p" } });
    expect((await talk(app, bob, PATH).post(message, session)).status).toBe(404);
  });

  it("fails where nobody can be asked, and says why to the log alone", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const client = talk(startApp(), alice, "/unheard/mcp");
    const response = await client.post(introduce(), await client.open());
    const [message] = await messagesOf(response);
    expect(message.error).toMatchObject({
      code: -32603,
      message: expect.stringContaining("failed"),
    });
    expect(String(log.mock.calls[0]?.[1])).toContain("Nobody can be asked");
  });
});
