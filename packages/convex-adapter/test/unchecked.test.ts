import type { Caller, ToolCallRequest } from "@convex-mcp/protocol";
import { v } from "convex/values";
import { describe, expect, it } from "vitest";
import type { Decision } from "../src/calls/decision.ts";
import type { DispatchReference } from "../src/calls/functions.ts";
import { createToolCatalog } from "../src/calls/toolCatalog.ts";
import type { Entry } from "../src/component/shared.ts";
import type { Config } from "../src/config.ts";
import type { Principal } from "../src/identity/principal.ts";
import type { RequestScope } from "../src/identity/scope.ts";
import { createCatalog } from "../src/tools/catalog.ts";
import type { ToolRedaction } from "../src/tools/tool.ts";
import { tool } from "./support/tools.ts";

const SECRET = "4111";
const allow: Decision = { kind: "allow" };
const deny: Decision = { kind: "deny", reason: "no" };

/** The entry that a call leaves, of a tool that takes a card with a number. */
async function entryOf(
  args: object,
  decision: Decision,
  redaction?: ToolRedaction,
): Promise<Entry> {
  const written: Entry[] = [];
  const pay = tool({
    name: "pay",
    args: { card: v.object({ number: v.string() }) },
    audit: redaction === undefined ? {} : { args: redaction },
  });
  const config = {
    component: { audit: {}, sessions: {} },
    catalog: createCatalog([pay]),
    features: [],
    authorize: () => decision,
    sessions: { policy: "authenticated", ttlMs: 1, maxPerOwner: 1 },
    audit: { onFailure: "deny", retentionMs: 1, limits: {} },
  } as unknown as Config;
  const ctx = {
    runMutation: async (_: unknown, given: { entry?: Entry; call?: { entry: Entry } }) => {
      written.push((given.entry ?? given.call?.entry) as Entry);
      return given.call === undefined ? true : { kind: "result", json: "{}" };
    },
  };
  const caller = {
    context: {
      ctx,
      resource: { url: "https://example.com/mcp", metadataUrl: undefined },
      metadata: { ip: null, userAgent: null, requestId: null, authToken: null },
      load: async () => undefined,
    } as unknown as RequestScope,
    principal: {
      kind: "user",
      identity: { tokenIdentifier: "i|ann", subject: "ann", issuer: "i" },
      scopes: [],
    },
    protocolVersion: "2025-11-25",
    sessionId: undefined,
    signal: new AbortController().signal,
  } satisfies Caller<RequestScope, Principal>;
  const call = {
    id: 1,
    name: "pay",
    arguments: args as Record<string, unknown>,
    meta: undefined,
  } as unknown as ToolCallRequest;
  const dispatch = "dispatch" as unknown as DispatchReference;
  await createToolCatalog(config, { dispatch }).call(caller, call);
  const [entry, ...more] = written;
  if (entry === undefined || more.length > 0) throw new Error(`${written.length} entries`);
  return entry;
}

const byPath: ToolRedaction = { redact: ["card.number"] };
const right = { card: { number: SECRET } };

describe("arguments that nobody has checked", () => {
  it.each<[string, object, Decision]>([
    ["a level higher than the path", { card: SECRET }, allow],
    ["under another name", { crad: { number: SECRET } }, allow],
    ["a level lower", { card: { number: { value: SECRET }, cvc: SECRET } }, allow],
    ["a level higher, in a call that is denied", { card: SECRET }, deny],
    ["where the path says, in a call that is denied", right, deny],
  ])("do not show a secret %s", async (_, args, decision) => {
    const entry = await entryOf(args, decision, byPath);
    expect(JSON.stringify(entry)).not.toContain(SECRET);
    expect(entry.argsBytes).toBe(JSON.stringify(args).length);
  });

  it("are kept where the tool says verbatim, or nothing", async () => {
    const wrong = { card: SECRET, password: "hunter2" };
    expect((await entryOf(wrong, allow, "verbatim")).args).toBe(JSON.stringify(wrong));
    expect((await entryOf(wrong, deny)).args).toBe('{"card":"4111","password":"[redacted]"}');
  });
});

it("shows the checked arguments but for the paths", async () => {
  const entry = await entryOf(right, allow, byPath);
  expect(entry.args).toBe('{"card":{"number":"[redacted]"}}');
});
