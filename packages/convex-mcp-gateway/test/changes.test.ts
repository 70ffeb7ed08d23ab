import { describe, expect, it } from "vitest";
import { api, components, internal } from "./app/_generated/api.js";
import { mcpChanges, mcpResources, McpGateway, notifyChanged } from "../src/index.ts";
import { alice, bob, startApp } from "./support/mcp.ts";
import { heard, publish, watch } from "./support/watch.ts";

const subscription = "io.modelcontextprotocol/subscriptionId";
const staff = { subject: "sam", scope: "staff" };
const board = "news://board";
const updated = { kind: "resource", uri: board } as const;

/** Twice, since lists come first of what one look finds. */
async function nothingBut(
  kind: "tools" | "resources",
  app: ReturnType<typeof startApp>,
  stream: ReturnType<typeof heard>,
) {
  for (let time = 0; time < 2; time += 1) {
    await publish(app, { kind });
    expect(await stream.news()).toBe(kind);
  }
}

describe("notifyChanged", () => {
  it("tells nobody of what is somebody's who is not known: an owner that is undefined is not everybody", async () => {
    const { t } = startApp();
    const change = { ...updated, owner: undefined } as never;
    const told = t.run((ctx) => notifyChanged(ctx, components.mcpGateway, change));
    await expect(told).rejects.toThrow("expected `owner` to be a string, got undefined");
  });
});

describe("subscriptions/listen", () => {
  it("acknowledges at once, then tells what was asked for, marked as its own", async () => {
    const app = startApp();
    const started = performance.now();
    const stream = heard(
      await watch(app, alice).listen({ toolsListChanged: true, resourceSubscriptions: [board] }),
    );
    expect(await stream.next()).toMatchObject({
      method: "notifications/subscriptions/acknowledged",
      params: {
        notifications: { toolsListChanged: true, resourceSubscriptions: [board] },
        _meta: { [subscription]: 7 },
      },
    });
    expect(performance.now() - started).toBeLessThan(1_000);
    await publish(app, { kind: "prompts" });
    await publish(app, { kind: "resources" });
    await publish(app, updated);
    await publish(app, updated);
    await publish(app, { kind: "tools" });
    expect(await stream.next()).toMatchObject({
      method: "notifications/tools/list_changed",
      params: { _meta: { [subscription]: 7 } },
    });
    expect(await stream.next()).toMatchObject({
      method: "notifications/resources/updated",
      params: { uri: board, _meta: { [subscription]: 7 } },
    });
    await app.t.mutation(api.news.post, { label: "x", fail: false });
    expect(await stream.news()).toBe(board);
    await stream.leave();
  });

  it("tells nothing of what was rolled back", async () => {
    const app = startApp();
    const stream = heard(
      await watch(app, alice).listen({ resourceSubscriptions: [board], toolsListChanged: true }),
    );
    await stream.next();
    const posting = app.t.mutation(api.news.post, { label: "x", fail: true });
    await expect(posting).rejects.toThrow("not posted");
    await nothingBut("tools", app, stream);
    await stream.leave();
  });

  it("grants what the caller can read, and of the rest says nothing", async () => {
    const app = startApp();
    const row = await app.t.mutation(api.things.add, { label: "x" });
    const asked = [
      board,
      "news://staff",
      "news://nothing",
      "mine://alice",
      "mine://bob",
      `rows://${row}`,
      "rows://nothing",
      `mine://${"a".repeat(3_000)}`,
    ];
    const granted = async (user: typeof staff | typeof bob) => {
      const stream = heard(await watch(app, user).listen({ resourceSubscriptions: asked }));
      const { params } = await stream.next();
      await stream.leave();
      return params.notifications.resourceSubscriptions as string[];
    };
    expect(await granted(alice)).toEqual([board, "mine://alice", `rows://${row}`]);
    expect(await granted(bob)).toEqual([board, "mine://bob", `rows://${row}`]);
    expect(await granted(staff)).toEqual([board, "news://staff", `rows://${row}`]);
  });

  it.each(["mine://\ud800", "mine://é"])("is refused with what is no URI: %j", async (uri) => {
    const refused = await watch(startApp(), alice).listen({ resourceSubscriptions: [board, uri] });
    expect(await refused.json()).toMatchObject({ error: { code: -32602 } });
  });

  it("is refused without a token, and with more names than it may have", async () => {
    const app = startApp();
    expect((await watch(app, undefined).listen({ toolsListChanged: true })).status).toBe(401);
    const many = Array.from({ length: 10_000 }, (_, at) => `mine://${at}`);
    const refused = await watch(app, alice).listen({ resourceSubscriptions: many });
    expect(await refused.json()).toMatchObject({ error: { code: -32602 } });
  });

  it("tells one user nothing of another's", async () => {
    const app = startApp();
    const stream = heard(
      await watch(app, bob).listen({ resourceSubscriptions: [board], toolsListChanged: true }),
    );
    await stream.next();
    const owner = "https://issuer.test|alice";
    await publish(app, { ...updated, owner });
    await publish(app, { kind: "tools", owner });
    await publish(app, { kind: "resource", uri: "mine://alice" });
    await publish(app, { kind: "tools", owner: "https://issuer.test|bob" });
    expect(await stream.news()).toBe("tools");
    await nothingBut("tools", app, stream);
    await publish(app, updated);
    expect(await stream.news()).toBe(board);
    await stream.leave();
  });

  it("tells no more once the permission is gone, and goes on", async () => {
    const app = startApp();
    const stream = heard(
      await watch(app, alice).listen({ resourceSubscriptions: [board], toolsListChanged: true }),
    );
    await stream.next();
    await publish(app, updated);
    expect(await stream.news()).toBe(board);
    await app.t.mutation(internal.news.ban, { subject: "alice" });
    await publish(app, updated);
    await nothingBut("tools", app, stream);
    await stream.leave();
  });

  it("tells no more of what cannot be read any more", async () => {
    const app = startApp();
    const row = await app.t.mutation(api.things.add, { label: "x" });
    const uri = `rows://${row}`;
    const stream = heard(
      await watch(app, alice).listen({ resourceSubscriptions: [uri], resourcesListChanged: true }),
    );
    await stream.next();
    await app.t.mutation(api.things.remove, { id: row });
    await publish(app, { kind: "resource", uri });
    await nothingBut("resources", app, stream);
    await stream.leave();
  });

  it("ends by itself, and at once where newer streams of its user take its place", async () => {
    const app = startApp();
    const client = watch(app, alice, "/brief/mcp");
    const other = heard(
      await watch(app, bob, "/brief/mcp").listen({ resourceSubscriptions: [board] }),
    );
    const streams = [];
    for (let at = 0; at < 3; at += 1) {
      const stream = heard(await client.listen({ resourceSubscriptions: [board] }));
      expect(await stream.news()).toBe("subscriptions");
      streams.push(stream);
    }
    const started = performance.now();
    expect(await streams[0]?.news()).toBe("end");
    expect(performance.now() - started).toBeLessThan(2_000);
    await publish(app, updated);
    for (const stream of [streams[1], streams[2]]) {
      expect(await stream?.news()).toBe(board);
      expect(await stream?.news()).toBe("end");
      expect(await stream?.next()).toBeUndefined();
    }
    expect(await other.news()).toBe("subscriptions");
    expect(await other.news()).toBe(board);
    await other.leave();
  });

  it("is told what changed shortly before it", async () => {
    const app = startApp();
    await publish(app, updated);
    const stream = heard(await watch(app, alice).listen({ resourceSubscriptions: [board] }));
    expect(await stream.news()).toBe("subscriptions");
    expect(await stream.news()).toBe(board);
    await stream.leave();
  });
});

describe("a session", () => {
  it("is told of lists, and of what it subscribed to, on the stream that it gets", async () => {
    const app = startApp();
    const client = watch(app, alice);
    const session = await client.open();
    const other = await client.open();
    const subscribe = async (uri: unknown, headers = session) =>
      (await client.send("resources/subscribe", { uri }, headers)).body;
    expect(await subscribe(board)).toMatchObject({ result: {} });
    expect(await subscribe("mine://alice")).toMatchObject({ result: {} });
    const unsubscribe = await client.send(
      "resources/unsubscribe",
      { uri: "mine://alice" },
      session,
    );
    expect(unsubscribe.body).toMatchObject({ result: {} });
    const [own, foreign] = [heard(await client.get(session)), heard(await client.get(other))];
    await publish(app, { kind: "resource", uri: "mine://alice" });
    await publish(app, updated);
    expect(await own.news()).toBe(board);
    await publish(app, { kind: "tools" });
    expect(await own.news()).toBe("tools");
    expect(await foreign.news()).toBe("tools");
    await own.leave();
    await foreign.leave();
  });

  it("cannot subscribe to what its user cannot read, and is told the same of what there is not", async () => {
    const app = startApp();
    const client = watch(app, alice);
    const session = await client.open();
    const answers = [];
    for (const uri of [
      "news://staff",
      "mine://bob",
      "news://nothing",
      `mine://${"x".repeat(8_000)}`,
    ]) {
      answers.push((await client.send("resources/subscribe", { uri }, session)).body.error);
    }
    expect(new Set(answers.map((it) => JSON.stringify(it))).size).toBe(1);
    expect(answers[0]).toMatchObject({ code: -32602 });
  });

  it("of another user does not exist", async () => {
    const app = startApp();
    const owner = watch(app, alice);
    const session = await owner.open();
    await owner.send("resources/subscribe", { uri: board }, session);
    const eve = watch(app, bob);
    expect((await eve.send("resources/subscribe", { uri: board }, session)).status).toBe(404);
    expect((await eve.send("resources/unsubscribe", { uri: board }, session)).status).toBe(404);
    expect((await eve.get(session)).status).toBe(404);
    expect((await eve.end(session)).status).toBe(404);
    expect((await watch(app, undefined).get(session)).status).toBe(401);
    const stream = heard(await owner.get(session));
    await publish(app, updated);
    expect(await stream.news()).toBe(board);
    await stream.leave();
  });

  it("is told on one stream, the newest", async () => {
    const app = startApp();
    const client = watch(app, alice);
    const session = await client.open();
    const first = heard(await client.get(session));
    const ended = first.next();
    const second = heard(await client.get(session));
    const news = second.news();
    expect(await ended).toBeUndefined();
    await publish(app, { kind: "tools" });
    expect(await news).toBe("tools");
    await second.leave();
  });

  it("takes its streams and its subscriptions with it", async () => {
    const app = startApp();
    const client = watch(app, alice);
    const session = await client.open();
    await client.send("resources/subscribe", { uri: board }, session);
    const stream = heard(await client.get(session));
    const ended = stream.next();
    expect((await client.end(session)).status).toBe(204);
    await publish(app, updated);
    expect(await ended).toBeUndefined();
    expect((await client.get(session)).status).toBe(404);
  });

  it("is offered nothing of it unless the app wants it: 405, and no method", async () => {
    const app = startApp();
    const client = watch(app, alice, "/brief/mcp");
    const session = await client.open();
    expect((await client.get(session)).status).toBe(405);
    const { body } = await client.send("resources/subscribe", { uri: board }, session);
    expect(body.error.code).toBe(-32601);
  });
});

describe("capabilities", () => {
  const declared = async (path: string) => {
    const { body } = await watch(startApp(), alice, path).send(
      "initialize",
      {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: "watcher", version: "1" },
      },
      {},
    );
    return body.result.capabilities;
  };

  it("name what can be heard of, and nothing that the gateway does not offer", async () => {
    expect(await declared("/watching/mcp")).toEqual({
      tools: { listChanged: true },
      resources: { listChanged: true, subscribe: true },
    });
    expect(await declared("/brief/mcp")).toEqual({ tools: {}, resources: {} });
    expect(await declared("/shelf/mcp")).not.toHaveProperty("resources.subscribe");
  });
});

describe("mcpChanges", () => {
  it.each([
    [{ maxMs: 0 }, "maxMs"],
    [{ maxMs: 999 }, "maxMs"],
    [{ maxMs: 10 * 60_000 }, "maxMs"],
    [{ maxMs: Number.NaN }, "maxMs"],
    [{ maxStreams: 0 }, "maxStreams"],
    [{ maxStreams: 1.5 }, "maxStreams"],
    [{ maxStreams: 1_000 }, "maxStreams"],
  ])("refuses %j", (options, name) => {
    expect(() => mcpChanges(options)).toThrow(TypeError);
    expect(() => mcpChanges(options)).toThrow(name);
  });

  it("tells of nothing that the gateway does not offer", () => {
    const gateway = (kinds: ("prompts" | "resource")[]) => () =>
      new McpGateway({} as never, {
        serverInfo: { name: "x", version: "1" },
        tools: [],
        authorize: () => false,
        features: [mcpResources([]), mcpChanges({ kinds })],
      });
    expect(gateway(["resource"])).not.toThrow();
    expect(gateway(["resource", "prompts"])).toThrow(
      'expected kinds to be of tools, resources, resource, which this gateway offers, got "prompts"',
    );
  });
});
