// oxlint-disable typescript/no-explicit-any -- foreign JSON, as a test reads it
/** Code of a tool that runs before its action, and before its task exists. */
import { verifies } from "@convex-mcp/spec";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { working } from "./app/working.ts";
import { alice, startApp } from "./support/mcp.ts";
import { EXTENSION, tasker } from "./support/task.ts";
import { eventsOf, talk } from "./support/talk.ts";

let app: ReturnType<typeof startApp>;
beforeEach(() => {
  app = startApp();
});
afterEach(() => app.t.finishInProgressScheduledFunctions());

const entries = async () =>
  (await app.t.run((ctx) => working.listAuditEntries(ctx, { kind: "tool" }))).entries.toReversed();
const rows = () =>
  app.t.run(async (ctx) => (await ctx.db.query("rows").collect()).map(({ label }) => label));
const tasks = () => app.t.run((ctx) => ctx.db.system.query("_scheduled_functions").collect());
const Ada = { action: "accept", content: { name: "Ada" } };

/** The two rounds of a call: the question, and the answer to it. */
async function rounds(client: ReturnType<typeof tasker>, name: string, label = "a", answer = Ada) {
  const args = { name, arguments: { label } };
  const first = await client.send("tools/call", args);
  const { requestState } = first.result ?? {};
  const inputResponses = { user_name: answer };
  const again = () => client.send("tools/call", { ...args, inputResponses, requestState });
  return { first, again };
}

describe("before a task", () => {
  it.each(["greet", "greet_required"])(
    "%s asks in the request, and what it learnt is the task's",
    async (name) => {
      const client = tasker(app, alice);
      const { first, again } = await rounds(client, name);
      expect(first.result).toMatchObject({
        resultType: "input_required",
        inputRequests: { user_name: { method: "elicitation/create" } },
        requestState: expect.any(String),
      });
      expect(first.result).not.toHaveProperty("taskId");
      expect(await tasks()).toEqual([]);
      const { result } = await again();
      expect(result).toMatchObject({ resultType: "task", status: "working" });
      for (const member of ["inputRequests", "requestState"]) {
        expect(result).not.toHaveProperty(member);
      }
      const done = await client.until(result.taskId, "completed");
      expect(done.result.content[0].text).toBe("Ada of alice 7");
      expect(await rows()).toEqual(["a"]);
      expect(await entries()).toMatchObject([
        { outcome: "interrupted", errorCode: "InputRequired", args: '{"label":"a"}' },
        { outcome: "ok", args: '{"label":"a"}' },
      ]);
    },
  );

  it("an answer starts one task, however often it comes", async () => {
    verifies("retry.once");
    const { again } = await rounds(tasker(app, alice), "greet");
    const answers = await Promise.all([again(), again()]);
    expect(answers.filter(({ result }) => result?.resultType === "task")).toHaveLength(1);
    expect(answers.filter(({ error }) => error?.code === -32602)).toHaveLength(1);
    expect(await tasks()).toHaveLength(1);
  });

  it("a client cannot fill in what it asks for", async () => {
    const { call } = tasker(app, alice);
    const { result } = await call("greet", { label: "a", name: "Eve", size: "1" });
    expect(result).toMatchObject({ isError: true });
    expect(result.content[0].text).toContain("name");
    expect(await tasks()).toEqual([]);
  });

  it("nothing has to be asked", async () => {
    const client = tasker(app, alice);
    const done = await client.until(await client.start("greet", { label: "plain" }), "completed");
    expect(done.result.content[0].text).toBe("nobody 0");
  });

  it.each([
    ["refused", "Not today."],
    ["broken", expect.stringMatching(/^greet failed. The details are in the server's audit log/)],
  ])("it may end the call: %s", async (label, text) => {
    const { result } = await tasker(app, alice).call("greet", { label });
    expect(result).toMatchObject({ isError: true, content: [{ text }] });
    expect(await tasks()).toEqual([]);
    expect(await entries()).toMatchObject([{ outcome: "failed", tool: "greet" }]);
  });

  it("a question is put, whatever the code makes of that, and no task started meanwhile", async () => {
    const client = tasker(app, alice);
    const { first } = await rounds(client, "greet", "swallowed");
    expect(first.result).toMatchObject({ resultType: "input_required" });
    expect(await tasks()).toEqual([]);
    expect(await entries()).toMatchObject([{ outcome: "interrupted" }]);
  });

  it("a client that cannot be asked is told so, and gets no task", async () => {
    const { call } = tasker(app, alice, { extensions: { [EXTENSION]: {} } });
    expect(await call("greet", { label: "a" })).toMatchObject({
      status: 400,
      error: { code: -32021, data: { requiredCapabilities: { elicitation: { form: {} } } } },
    });
    expect(await tasks()).toEqual([]);
  });

  it("nobody is asked who could not have the task", async () => {
    const { call } = tasker(app, alice, { elicitation: {} });
    const { error } = await call("greet_required", { label: "a" });
    expect(error.data.requiredCapabilities).toHaveProperty("extensions");
    expect((await tasker(app, undefined).call("greet_required", { label: "a" })).status).toBe(401);
  });
});

describe("before an action", () => {
  it.each(["greet", "greet_at_once"])("%s: the same in rounds, without a task", async (name) => {
    const { first, again } = await rounds(tasker(app, alice, { elicitation: {} }), name);
    expect(first.result).toMatchObject({ resultType: "input_required" });
    expect((await again()).result.content[0].text).toBe("Ada of alice 7");
    expect(await rows()).toEqual(["a"]);
  });

  it("and in a session, on the stream", async () => {
    const { open, call, answer } = talk(app, alice, "/working/mcp");
    const session = await open();
    let last: any;
    for await (const { message } of eventsOf(
      await call("greet", { label: "a" }, { headers: session }),
    )) {
      last = message;
      if (message?.method === "elicitation/create") await answer(message.id, Ada, session);
    }
    expect(last.result.content[0].text).toBe("Ada of alice 7");
    expect(await entries()).toMatchObject([{ outcome: "ok" }]);
  });

  it("does not run for a session that is none", async () => {
    const { call } = talk(app, alice, "/working/mcp");
    const headers = { "Mcp-Session-Id": crypto.randomUUID() };
    expect((await call("greet", { label: "refused" }, { headers })).status).toBe(404);
    const refused = { outcome: "denied", errorCode: "SessionNotFound" };
    expect(await entries()).toMatchObject([refused]);
  });
});
