import type { FunctionReference, RegisteredQuery } from "convex/server";
import { type GenericId, type Infer, v } from "convex/values";
import { text } from "../calls/content.ts";
import { defineMcpAction, defineMcpMutation, defineMcpQuery } from "./define.ts";
import { mcpHeaders } from "./headers.ts";
import { mcpIdempotency } from "./idempotency.ts";
import { vMcpCall } from "../component/handle.ts";
import type { ActionTool, MutationTool, QueryTool } from "./tool.ts";

type Same<A, B> =
  (<T>(x: T) => T extends A ? 1 : 2) extends <T>(x: T) => T extends B ? 1 : 2 ? true : false;
type IsAny<T> = 0 extends 1 & T ? true : false;
/** Compiles only for a value of exactly this type. */
declare function exactly<Expected>(): <T>(
  value: T & (Same<T, Expected> extends true ? T : never),
) => void;

type InvoiceId = GenericId<"invoices">;
interface Invoice {
  _id: InvoiceId;
  total: bigint;
  note?: string;
}
const vInvoice = v.object({
  _id: v.id("invoices"),
  total: v.int64(),
  note: v.optional(v.string()),
});

declare const list: FunctionReference<
  "query",
  "public",
  { status?: "open" | "paid" | undefined; limit: number },
  Invoice[]
>;
declare const get: FunctionReference<"query", "internal", { id: InvoiceId }, Invoice | null>;
declare const pay: FunctionReference<"mutation", "public", { id: InvoiceId }, null>;
declare const send: FunctionReference<"action", "internal", { to: string }, { sent: boolean }>;
declare const whoami: FunctionReference<"query", "public", {}, string>;
declare const registered: RegisteredQuery<"public", { limit: number }, Promise<string>>;

const about = { name: "tool", description: "A tool." };
const vStatus = v.optional(v.union(v.literal("open"), v.literal("paid")));

// Right definitions.
export const listed: QueryTool = defineMcpQuery({
  ...about,
  fn: list,
  args: { status: vStatus, limit: v.number() },
  returns: v.array(vInvoice),
  describe: { status: "Which ones.", limit: "How many." },
  metadata: { scopes: ["invoices:read"], team: "billing" },
  audit: { args: { redact: ["limit"] }, result: "drop" },
  consistency: "query",
  content: (invoices) => {
    exactly<Invoice[]>()(invoices);
    return invoices.map(({ total }) => text(`${total}`));
  },
});
defineMcpMutation({
  ...about,
  fn: pay,
  args: { id: v.id("invoices") },
  // @ts-expect-error -- a path that the arguments cannot have.
  audit: { args: { redact: ["di"] } },
});
export const got: QueryTool = defineMcpQuery({
  ...about,
  fn: get,
  args: { id: v.id("invoices") },
  returns: v.union(vInvoice, v.null()),
});
export const paid: MutationTool = defineMcpMutation({
  ...about,
  fn: pay,
  args: { id: v.id("invoices") },
  returns: v.null(),
});
export const sent: ActionTool = defineMcpAction({
  ...about,
  fn: send,
  args: { to: v.string() },
  returns: v.object({ sent: v.boolean() }),
  deadlineMs: 60_000,
  content: ({ sent }) => {
    exactly<boolean>()(sent);
    return [text(sent ? "Sent." : "Not sent.")];
  },
});
export const inline: ActionTool = defineMcpAction({
  ...about,
  args: { to: v.string(), id: v.optional(v.id("invoices")) },
  returns: v.object({ sent: v.boolean() }),
  handler: async (ctx, args) => {
    exactly<string>()(args.to);
    exactly<InvoiceId | undefined>()(args.id);
    const identity = await ctx.auth.getUserIdentity();
    return { sent: identity !== null };
  },
});
export const withoutReturns: ActionTool = defineMcpAction({
  ...about,
  args: {},
  handler: () => "done",
});
export const noArguments: QueryTool = defineMcpQuery({ ...about, fn: whoami, args: {} });
export const narrower: QueryTool = defineMcpQuery({
  ...about,
  fn: list,
  args: { limit: v.union(v.literal(10), v.literal(20)) },
});
export const widerReturns: QueryTool = defineMcpQuery({
  ...about,
  fn: whoami,
  args: {},
  returns: v.union(v.string(), v.null()),
});

// What a definition gives is a tool, and nothing of it is `any`.
export const kinds: Same<
  [typeof listed.kind, typeof paid.kind, typeof sent.kind],
  ["query", "mutation", "action"]
> = true;
export const noAny: [
  IsAny<ReturnType<typeof defineMcpQuery>>,
  IsAny<QueryTool["fn"]>,
  IsAny<QueryTool["args"]>,
  IsAny<Infer<typeof vInvoice>>,
] = [false, false, false, false];

// Wrong functions.
export const wrongKind = [
  // @ts-expect-error -- a mutation is no query
  defineMcpQuery({ ...about, fn: pay, args: { id: v.id("invoices") } }),
  // @ts-expect-error -- a query is no mutation
  defineMcpMutation({ ...about, fn: whoami, args: {} }),
  // @ts-expect-error -- an action is no mutation
  defineMcpMutation({ ...about, fn: send, args: { to: v.string() } }),
  // @ts-expect-error -- a query is no action
  defineMcpAction({ ...about, fn: whoami, args: {} }),
  // @ts-expect-error -- the registered function itself is no reference to it
  defineMcpQuery({ ...about, fn: registered, args: { limit: v.number() } }),
  // @ts-expect-error -- a query has no inline code
  defineMcpQuery({ ...about, args: {}, handler: () => null }),
];

// Wrong arguments.
export const wrongArgs = [
  // @ts-expect-error -- `limit` is missing
  defineMcpQuery({ ...about, fn: list, args: { status: vStatus } }),
  // @ts-expect-error -- `limit` may be absent, which the function does not take
  defineMcpQuery({ ...about, fn: list, args: { limit: v.optional(v.number()) } }),
  // @ts-expect-error -- `page` is not an argument of the function
  defineMcpQuery({ ...about, fn: list, args: { limit: v.number(), page: v.number() } }),
  // @ts-expect-error -- `status` is wider than the function's
  defineMcpQuery({ ...about, fn: list, args: { limit: v.number(), status: v.string() } }),
  // @ts-expect-error -- an int64 is no number
  defineMcpQuery({ ...about, fn: list, args: { limit: v.int64() } }),
  // @ts-expect-error -- any string is no id
  defineMcpQuery({ ...about, fn: get, args: { id: v.string() } }),
  // @ts-expect-error -- an id of another table
  defineMcpQuery({ ...about, fn: get, args: { id: v.id("users") } }),
  // @ts-expect-error -- the function takes nothing
  defineMcpQuery({ ...about, fn: whoami, args: { limit: v.number() } }),
  // @ts-expect-error -- `args` is left out
  defineMcpQuery({ ...about, fn: whoami }),
  // @ts-expect-error -- no validator
  defineMcpQuery({ ...about, fn: list, args: { limit: "number" } }),
  // @ts-expect-error -- an action's argument of another type
  defineMcpAction({ ...about, fn: send, args: { to: v.number() } }),
];

const vNote = v.object({ _id: v.id("invoices"), total: v.int64(), note: v.string() });
const vNotes = v.array(vNote);
const byId = { id: v.id("invoices") };
const limit = v.number();

// Wrong results.
export const wrongReturns = [
  // @ts-expect-error -- a string is no number
  defineMcpQuery({ ...about, fn: whoami, args: {}, returns: v.number() }),
  // @ts-expect-error -- the function may also give null
  defineMcpQuery({ ...about, fn: get, args: byId, returns: vInvoice }),
  // @ts-expect-error -- `note` may be absent
  defineMcpQuery({ ...about, fn: list, args: { limit }, returns: vNotes }),
  // @ts-expect-error -- null is no boolean
  defineMcpMutation({ ...about, fn: pay, args: byId, returns: v.boolean() }),
  // @ts-expect-error -- the handler gives a number
  defineMcpAction({ ...about, args: {}, returns: v.string(), handler: () => 1 }),
];

const numberContent = (result: number) => [text(`${result}`)];

// Wrong texts, hints and callbacks.
export const wrongOptions = [
  // @ts-expect-error -- a sentence on an argument that there is not
  defineMcpQuery({ ...about, fn: whoami, args: {}, describe: { limit: "How many." } }),
  // @ts-expect-error -- a sentence on an argument that there is not, beside one that there is
  defineMcpQuery({ ...about, fn: list, args: { limit }, describe: { limit: "x", page: "y" } }),
  // @ts-expect-error -- scopes are a list
  defineMcpQuery({ ...about, fn: whoami, args: {}, metadata: { scopes: "read" } }),
  // @ts-expect-error -- no such redaction
  defineMcpQuery({ ...about, fn: whoami, args: {}, audit: { args: "hide" } }),
  // @ts-expect-error -- the result is a string
  defineMcpQuery({ ...about, fn: whoami, args: {}, content: numberContent }),
  // @ts-expect-error -- content is a list of blocks
  defineMcpQuery({ ...about, fn: whoami, args: {}, content: (result) => result }),
  // @ts-expect-error -- no description
  defineMcpQuery({ name: "tool", fn: whoami, args: {} }),
  // @ts-expect-error -- a mutation is always consistent
  defineMcpMutation({ ...about, fn: pay, args: byId, consistency: "query" }),
  // @ts-expect-error -- an argument that the handler is not given
  defineMcpAction({ ...about, args: { to: v.string() }, handler: (_ctx, { from }) => from }),
];

declare const store: FunctionReference<"mutation", "public", { key: string; n: number }, null>;
const vStore = { key: v.string(), n: v.number() };

// What an app imports for a tool.
export const once: MutationTool[] = [
  defineMcpMutation({ ...about, fn: pay, args: byId, idempotency: mcpIdempotency() }),
  defineMcpMutation({
    ...about,
    fn: store,
    args: vStore,
    headers: mcpHeaders({ key: "Key" }),
    idempotency: mcpIdempotency({ argument: "key", required: false, ttlMs: 1 }),
  }),
];
const keyAndPage = mcpHeaders({ key: "Key", page: "Page" });
export const wrongAdditions = [
  // @ts-expect-error -- a query has nothing to happen twice
  defineMcpQuery({ ...about, fn: whoami, args: {}, idempotency: mcpIdempotency() }),
  // @ts-expect-error -- nothing of an action is undone with its record
  defineMcpAction({ ...about, args: {}, handler: () => null, idempotency: mcpIdempotency() }),
  // @ts-expect-error -- a header of an argument that there is not
  defineMcpMutation({ ...about, fn: pay, args: byId, headers: mcpHeaders({ page: "Page" }) }),
  // @ts-expect-error -- the same beside one that there is
  defineMcpMutation({ ...about, fn: store, args: vStore, headers: keyAndPage }),
  // @ts-expect-error -- no arguments at all
  defineMcpQuery({ ...about, fn: whoami, args: {}, headers: mcpHeaders({ page: "Page" }) }),
];

declare const talk: FunctionReference<
  "action",
  "public",
  { label: string; mcp?: { id: string; token: string } | undefined },
  string
>;

const talkArgs = { label: v.string(), mcp: v.optional(vMcpCall) };

// Actions and handlers that talk to their caller.
export const talking: ActionTool[] = [
  defineMcpAction({ ...about, fn: talk, args: { label: v.string(), mcp: v.optional(vMcpCall) } }),
  defineMcpAction({ ...about, fn: talk, args: talkArgs, task: "required" }),
  defineMcpAction({
    ...about,
    args: {},
    handler: async (_ctx, _args, channel) => {
      exactly<"accept" | "decline" | "cancel">()(
        (await channel.elicit({ mode: "url", message: "Pay", url: "https://example.com" })).action,
      );
    },
  }),
];

declare const greet: FunctionReference<
  "action",
  "internal",
  { label: string; name: string; mcp?: { id: string; token: string } | undefined },
  string
>;

// Code that runs before an action.
export const prepared: ActionTool[] = [
  defineMcpAction({
    ...about,
    fn: greet,
    args: talkArgs,
    before: async (ctx, args, channel) => {
      exactly<{ label: string }>()(args);
      const identity = await ctx.auth.getUserIdentity();
      const { action } = await channel.elicit({ mode: "url", message: args.label, url: "a:b" });
      return { name: `${identity?.name} ${action}` };
    },
    task: "optional",
  }),
  defineMcpAction({ ...about, fn: talk, args: talkArgs, before: () => undefined }),
  defineMcpAction({ ...about, fn: talk, args: talkArgs, before: () => ({ label: "instead" }) }),
];

const ann = { name: "Ann", label: "a" };
export const wrongPrepared = [
  // @ts-expect-error -- nothing gives `name`
  defineMcpAction({ ...about, fn: greet, args: talkArgs, before: () => undefined }),
  // @ts-expect-error -- a name is a string
  defineMcpAction({ ...about, fn: greet, args: talkArgs, before: () => ({ name: 1 }) }),
  // @ts-expect-error -- the function has no such argument
  defineMcpAction({ ...about, fn: talk, args: talkArgs, before: () => ({ nam: "a" }) }),
  // @ts-expect-error -- an argument of another type
  defineMcpAction({ ...about, fn: greet, args: { label: v.number() }, before: () => ann }),
  // @ts-expect-error -- an argument that the function has not
  defineMcpAction({ ...about, fn: greet, args: vStore, before: () => ann }),
  // @ts-expect-error -- inline code asks by itself
  defineMcpAction({ ...about, args: {}, handler: () => null, before: () => undefined }),
];

export const wrongTalk = [
  // @ts-expect-error -- a handle is made of texts
  defineMcpAction({ ...about, fn: talk, args: { label: v.string(), mcp: v.number() } }),
  // @ts-expect-error -- a task is optional or required
  defineMcpAction({ ...about, fn: talk, args: talkArgs, task: true }),
  // @ts-expect-error -- inline code runs inside its request
  defineMcpAction({ ...about, args: {}, handler: () => null, task: "optional" }),
  // @ts-expect-error -- a mutation is over at once
  defineMcpMutation({ ...about, fn: pay, args: byId, task: "optional" }),
];
