/// <reference types="vite/client" />
import type { ComponentApi } from "@convex-mcp/convex-adapter";
import { convexTest } from "convex-test";
import {
  anyApi,
  componentsGeneric,
  type FunctionReference,
  httpRouter,
  internalActionGeneric,
  internalMutationGeneric,
  internalQueryGeneric,
} from "convex/server";
import { ConvexError, v } from "convex/values";
import {
  defineMcpAction,
  defineMcpMutation,
  defineMcpPrompt,
  defineMcpQuery,
  defineMcpResource,
  deny,
  type DispatchReference,
  type McpCallArgument,
  McpGateway,
  type McpGatewayOptions,
  mcpPrompts,
  mcpResources,
  mcpStreaming,
  mcpTasks,
  needScopes,
  resolveTokens,
  type RunTaskReference,
  vMcpCall,
} from "../../src/index.ts";
import { register } from "../../src/test.ts";
import schema from "../app/schema.ts";

/** What nobody outside may see. */
export const SECRET = "sEcReT-hunter2";

const generated = import.meta.glob("../app/_generated/*.js");
const component = componentsGeneric()["mcpGateway"] as unknown as ComponentApi;

type Fn<Kind extends "query" | "mutation" | "action"> = FunctionReference<
  Kind,
  "internal",
  { how: string },
  string
>;
const functions = anyApi["careless"] as unknown as {
  look: Fn<"query">;
  work: Fn<"mutation">;
  act: FunctionReference<
    "action",
    "internal",
    { how: string; mcp?: McpCallArgument | undefined },
    string
  >;
  end: FunctionReference<
    "action",
    "internal",
    { how: string; more: string; mcp?: McpCallArgument | undefined },
    string
  >;
  suggest: FunctionReference<"query", "internal", { value: string }, string[]>;
  refuse: FunctionReference<"mutation", "internal">;
  dispatch: DispatchReference;
  unrecorded: DispatchReference;
  runTask: RunTaskReference;
};

/** Throws as `how` says, with the secret wherever an error has room for one. */
function fail(how: string): string {
  switch (how) {
    case "throw": {
      const error = new TypeError(`it is ${SECRET}`, { cause: new Error(SECRET) });
      throw Object.assign(error, { token: SECRET, code: SECRET });
    }
    case "text":
      // oxlint-disable-next-line typescript/only-throw-error -- as careless code does
      throw SECRET;
    case "speak":
      throw new ConvexError("Out of paper.");
    case "say":
      throw new ConvexError({ message: "Out of paper.", token: SECRET, stack: SECRET });
    case "data":
      throw new ConvexError({ token: SECRET });
    default:
      return how;
  }
}

const how = { how: v.string() };
const mcp = v.optional(vMcpCall);

const look = internalQueryGeneric({ args: how, handler: async (_ctx, args) => fail(args.how) });
const work = internalMutationGeneric({
  args: how,
  handler: async (ctx, args) => {
    await ctx.db.insert("rows", { label: args.how });
    return fail(args.how);
  },
});
const act = internalActionGeneric({
  args: { ...how, mcp },
  handler: async (_ctx, args) => fail(args.how),
});
const end = internalActionGeneric({
  args: { ...how, more: v.string(), mcp },
  handler: async (_ctx, args) => args.more,
});
const suggest = internalQueryGeneric({
  args: { value: v.string(), context: v.any() },
  handler: async (_ctx, { value }) => [fail(value)],
});
const refuse = internalMutationGeneric({ args: v.any(), handler: async () => fail("throw") });

const about = { description: "Careless.", args: how };
const options: McpGatewayOptions = {
  serverInfo: { name: "careless", version: "1.0.0" },
  tools: [
    defineMcpQuery({ ...about, name: "look", fn: functions.look }),
    defineMcpQuery({ ...about, name: "look_now", fn: functions.look, consistency: "query" }),
    defineMcpMutation({ ...about, name: "work", fn: functions.work }),
    defineMcpMutation({
      ...about,
      name: "misdeclared",
      fn: functions.work,
      returns: v.literal("declared") as never,
    }),
    defineMcpQuery({
      ...about,
      name: "unshowable",
      fn: functions.look,
      content: () => [{ type: "text", text: fail("throw") }],
    }),
    defineMcpQuery({
      ...about,
      name: "hashed",
      fn: functions.look,
      audit: { args: { hash: ["how"] } },
    }),
    defineMcpAction({
      ...about,
      name: "act",
      fn: functions.act,
      args: { ...how, mcp },
      task: "optional",
    }),
    defineMcpAction({
      ...about,
      name: "talk",
      handler: (_ctx, args, channel) => {
        channel.progress(1, 2);
        return fail(args.how);
      },
    }),
    defineMcpAction({
      ...about,
      name: "prepared",
      fn: functions.end,
      args: { ...how, mcp },
      before: (_ctx, args) => ({ more: fail(args.how) }),
    }),
  ],
  features: [
    mcpResources([
      defineMcpResource({
        uriTemplate: "looks://{how}",
        name: "looks",
        fn: functions.look,
        args: how,
      }),
      defineMcpResource({
        uriTemplate: "shown://{how}",
        name: "shown",
        fn: functions.look,
        args: how,
        content: () => fail("throw") as never,
      }),
    ]),
    mcpPrompts([
      defineMcpPrompt({
        ...about,
        name: "ask",
        fn: functions.look,
        complete: { how: functions.suggest as never },
      }),
      defineMcpPrompt({ ...about, name: "inline", messages: (args) => fail(args.how) }),
    ]),
    mcpStreaming(),
    mcpTasks({ pollIntervalMs: 10 }),
  ],
  authorize: (_ctx, { arguments: args }) => {
    if (args?.["how"] === "blind") fail("throw");
    if (args?.["how"] === "scopes") return needScopes("careful");
    return args?.["how"] === "deny" ? deny(SECRET) : true;
  },
  anonymous: true,
  audit: { hash: () => fail("throw"), reads: true },
};

const gateway = new McpGateway(component, options);
const { dispatch, runTask } = gateway.functions();

/** The component, but for one of its functions, which throws. */
function broken(whole: ComponentApi, module: keyof ComponentApi, name: string): ComponentApi {
  const functionsOf = new Proxy<object>(whole[module], {
    get: (target, key) => (key === name ? functions.refuse : Reflect.get(target, key)),
  });
  return new Proxy(whole, {
    get: (target, key) => (key === module ? functionsOf : Reflect.get(target, key)),
  });
}

const unwritten = new McpGateway(
  broken(broken(component, "audit", "record"), "audit", "begin"),
  options,
);
const { dispatch: unrecorded } = unwritten.functions();

/** Gateways of which a part fails, by their paths. */
const mounts: Readonly<Record<string, McpGateway>> = {
  "/mcp": gateway,
  "/closed": new McpGateway(component, {
    ...options,
    anonymous: false,
    resolveIdentity: resolveTokens(component, ({ token }) => {
      if (token === "throw") fail("throw");
      if (token === "down") {
        return { ok: false, error: "temporarily_unavailable", cause: new Error(SECRET) };
      }
      return undefined;
    }),
  }),
  "/unloaded": new McpGateway(component, { ...options, loadContext: () => fail("throw") }),
  "/unrecorded": unwritten,
  "/sessionless": new McpGateway(broken(component, "sessions", "create"), options),
};

/** An app all of whose parts fail on demand. */
export function startCareless() {
  const http = httpRouter();
  for (const [path, mounted] of Object.entries(mounts)) {
    mounted.registerRoutes(http, {
      path,
      dispatch: mounted === unwritten ? functions.unrecorded : functions.dispatch,
      runTask: functions.runTask,
    });
  }
  const module = { look, work, act, end, suggest, refuse, dispatch, unrecorded, runTask };
  const t = convexTest(schema, {
    ...generated,
    "../app/careless.ts": async () => module,
    "../app/http.ts": async () => ({ default: http }),
  });
  register(t);
  const entries = async () => (await t.run((ctx) => gateway.listAuditEntries(ctx, {}))).entries;
  return { t, entries };
}
