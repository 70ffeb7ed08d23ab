import type { FunctionReference } from "convex/server";
import { type GenericId, v } from "convex/values";
import { type McpCallArgument, vMcpCall } from "../component/handle.ts";
import { defineMcpResource } from "./define.ts";
import type { FixedResource, TemplateResource } from "./resource.ts";
import type { TemplateVariable } from "./variables.ts";

type Same<A, B> =
  (<T>(x: T) => T extends A ? 1 : 2) extends <T>(x: T) => T extends B ? 1 : 2 ? true : false;
/** Compiles only for a value of exactly this type. */
declare function exactly<Expected>(): <T>(
  value: T & (Same<T, Expected> extends true ? T : never),
) => void;

type InvoiceId = GenericId<"invoices">;
interface Invoice {
  _id: InvoiceId;
  total: bigint;
}

declare const recent: FunctionReference<
  "query",
  "public",
  { status?: "open" | undefined },
  Invoice[]
>;
declare const none: FunctionReference<"query", "internal", {}, string | null>;
declare const untyped: FunctionReference<"query", "public", Record<string, never>, string>;
declare const get: FunctionReference<"query", "internal", { id: InvoiceId }, Invoice | null>;
declare const month: FunctionReference<
  "query",
  "public",
  { year: bigint; month: number; paid?: boolean | undefined; kind?: "a" | "b" | undefined },
  Invoice[]
>;
declare const nested: FunctionReference<"query", "public", { at: { x: number } }, string>;
declare const pay: FunctionReference<"mutation", "public", { id: InvoiceId }, null>;
declare const suggest: FunctionReference<
  "query",
  "public",
  { value: string; context?: Record<string, string> | undefined },
  string[]
>;
declare const valueOnly: FunctionReference<"query", "public", { value: string }, string[]>;
declare const numbers: FunctionReference<
  "query",
  "public",
  { value: string; context?: Record<string, string> },
  number[]
>;

const name = "invoices";
const byId = { id: v.id("invoices") };
const vAt = v.object({ x: v.number() });

export const variables: [
  Same<TemplateVariable<"a://{id}">, "id">,
  Same<
    TemplateVariable<"a://{x}/{+rest}{/year,month}{?q,page}">,
    "x" | "rest" | "year" | "month" | "q" | "page"
  >,
  Same<TemplateVariable<"a://b">, never>,
  Same<TemplateVariable<string>, string>,
] = [true, true, true, true];

// Right definitions.
export const fixed: FixedResource = defineMcpResource({
  uri: "invoices://recent",
  name,
  title: "Recent invoices",
  description: "The newest.",
  mimeType: "application/json",
  size: 12,
  annotations: { audience: ["user"], priority: 0.5 },
  fn: recent,
  metadata: { scopes: ["invoices:read"], team: "billing" },
  content: (invoices) => {
    exactly<Invoice[]>()(invoices);
    return [{ text: "one" }, { uri: "invoices://1", mimeType: "x/y", blob: new ArrayBuffer(1) }];
  },
});
export const withoutArgs: FixedResource[] = [
  defineMcpResource({ uri: "a:b", name, fn: none }),
  defineMcpResource({ uri: "a:b", name, fn: untyped }),
];
export const family: TemplateResource = defineMcpResource({
  uriTemplate: "invoices://{id}",
  name,
  fn: get,
  args: byId,
  complete: { id: suggest },
  content: (invoice) => {
    exactly<Invoice>()(invoice);
    return [{ text: `${invoice.total}` }];
  },
});
export const everyText: TemplateResource = defineMcpResource({
  uriTemplate: "invoices://{year}/{month}{?paid,kind}",
  name,
  fn: month,
  args: {
    year: v.int64(),
    month: v.number(),
    paid: v.optional(v.boolean()),
    kind: v.optional(v.union(v.literal("a"), v.literal("b"))),
  },
});
declare const computed: string;
export const notLiteral: TemplateResource = defineMcpResource({
  uriTemplate: computed,
  name,
  fn: get,
  args: byId,
});

// Wrong functions.
export const wrongFunctions = [
  // @ts-expect-error -- a mutation is no query
  defineMcpResource({ uriTemplate: "a://{id}", name, fn: pay, args: byId }),
  // @ts-expect-error -- a resource of one URI has no arguments to give
  defineMcpResource({ uri: "a:b", name, fn: get }),
  // @ts-expect-error -- no function
  defineMcpResource({ uri: "a:b", name }),
  // @ts-expect-error -- no name
  defineMcpResource({ uri: "a:b", fn: none }),
  // @ts-expect-error -- neither a URI nor a template
  defineMcpResource({ name, fn: none }),
];

// Wrong arguments.
export const wrongArgs = [
  // @ts-expect-error -- `id` is another variable
  defineMcpResource({ uriTemplate: "a://{key}", name, fn: get, args: byId }),
  // @ts-expect-error -- `page` has no argument
  defineMcpResource({ uriTemplate: "a://{id}{?page}", name, fn: get, args: byId }),
  // @ts-expect-error -- `id` has no variable
  defineMcpResource({ uriTemplate: "a://b", name, fn: get, args: byId }),
  // @ts-expect-error -- no arguments
  defineMcpResource({ uriTemplate: "a://{id}", name, fn: get }),
  // @ts-expect-error -- any string is no id
  defineMcpResource({ uriTemplate: "a://{id}", name, fn: get, args: { id: v.string() } }),
  // @ts-expect-error -- the function has no such argument
  defineMcpResource({ uriTemplate: "a://{id}", name, fn: none, args: byId }),
  // @ts-expect-error -- a text tells no object
  defineMcpResource({ uriTemplate: "a://{at}", name, fn: nested, args: { at: vAt } }),
];

const template = { uriTemplate: "a://{id}", name, fn: get, args: byId } as const;

// Wrong suggestions and contents.
export const wrongOptions = [
  // @ts-expect-error -- no such variable
  defineMcpResource({ ...template, complete: { key: suggest } }),
  // @ts-expect-error -- it takes no context
  defineMcpResource({ ...template, complete: { id: valueOnly } }),
  // @ts-expect-error -- it gives numbers
  defineMcpResource({ ...template, complete: { id: numbers } }),
  // @ts-expect-error -- it takes something else
  defineMcpResource({ ...template, complete: { id: get } }),
  // @ts-expect-error -- a mutation is no query
  defineMcpResource({ ...template, complete: { id: pay } }),
  // @ts-expect-error -- content is a list of parts
  defineMcpResource({ ...template, content: () => "text" }),
  // @ts-expect-error -- bytes are an ArrayBuffer
  defineMcpResource({ ...template, content: () => [{ blob: "AAEC" }] }),
  // @ts-expect-error -- scopes are a list
  defineMcpResource({ ...template, metadata: { scopes: "read" } }),
];

declare const whoIs: FunctionReference<
  "query",
  "internal",
  { id: InvoiceId; mcp?: McpCallArgument | undefined },
  string
>;
declare const suggestTo: FunctionReference<
  "query",
  "internal",
  {
    value: string;
    context?: Record<string, string> | undefined;
    mcp?: McpCallArgument | undefined;
  },
  string[]
>;
declare const whoAmI: FunctionReference<
  "query",
  "internal",
  { mcp?: McpCallArgument | undefined },
  string
>;
const handed = { id: v.id("invoices"), mcp: v.optional(vMcpCall) };

// Queries that are told who asks.
export const told = [
  defineMcpResource({ uri: "a://me", name, fn: whoAmI, args: { mcp: v.optional(vMcpCall) } }),
  defineMcpResource({ uri: "a://me", name, fn: whoAmI }),
  defineMcpResource({
    uriTemplate: "a://{id}",
    name,
    fn: whoIs,
    args: handed,
    complete: { id: suggestTo },
  }),
];

export const wronglyTold = [
  // @ts-expect-error -- nothing else is filled in
  defineMcpResource({ uri: "a://me", name, fn: whoAmI, args: { mcp: v.string() } }),
  // @ts-expect-error -- a query of one URI has no variables
  defineMcpResource({ uri: "a://me", name, fn: whoIs, args: handed }),
  // @ts-expect-error -- it is no variable
  defineMcpResource({ uriTemplate: "a://{id}/{mcp}", name, fn: whoIs, args: handed }),
  defineMcpResource({
    uriTemplate: "a://{id}",
    name,
    fn: whoIs,
    args: handed,
    // @ts-expect-error -- it would be handed what it does not take
    complete: { id: suggest },
  }),
  defineMcpResource({
    uriTemplate: "a://{id}",
    name,
    fn: whoIs,
    args: handed,
    // @ts-expect-error -- nobody types it
    complete: { mcp: suggestTo },
  }),
];
