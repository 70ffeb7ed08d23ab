import type { Channel } from "@convex-mcp/protocol";
import type { FunctionReference } from "convex/server";
import { v } from "convex/values";
import { image, text } from "../calls/content.ts";
import { defineMcpPrompt } from "./define.ts";
import type { McpPrompt, McpPromptMessage } from "./prompt.ts";

type Same<A, B> =
  (<T>(x: T) => T extends A ? 1 : 2) extends <T>(x: T) => T extends B ? 1 : 2 ? true : false;
/** Compiles only for a value of exactly this type. */
declare function exactly<Expected>(): <T>(
  value: T & (Same<T, Expected> extends true ? T : never),
) => void;

declare const letter: FunctionReference<
  "query",
  "public",
  { customer: string; tone?: "kind" | "firm" | undefined },
  string
>;
declare const messages: FunctionReference<"query", "internal", {}, McpPromptMessage[]>;
declare const plain: FunctionReference<
  "query",
  "internal",
  {},
  { role: "user"; content: { type: "text"; text: string } }[]
>;
declare const total: FunctionReference<"query", "public", {}, number>;
declare const counted: FunctionReference<"query", "public", { count: number }, string>;
declare const write: FunctionReference<"mutation", "public", {}, string>;
declare const suggest: FunctionReference<
  "query",
  "public",
  { value: string; context?: Record<string, string> | undefined },
  string[]
>;

const about = { name: "letter", description: "A letter." };
const customer = v.string();

// Right definitions.
export const prompts: McpPrompt[] = [
  defineMcpPrompt({
    ...about,
    title: "Letter",
    fn: letter,
    args: { customer, tone: v.optional(v.union(v.literal("kind"), v.literal("firm"))) },
    describe: { customer: "Who." },
    complete: { customer: suggest, tone: suggest },
    metadata: { scopes: ["invoices:read"] },
  }),
  defineMcpPrompt({ ...about, fn: letter, args: { customer } }),
  defineMcpPrompt({ ...about, fn: messages, args: {} }),
  defineMcpPrompt({ ...about, fn: plain, args: {} }),
  defineMcpPrompt({
    ...about,
    args: { customer, note: v.optional(v.string()) },
    complete: { customer: suggest },
    messages: (args) => {
      exactly<string>()(args.customer);
      exactly<string | undefined>()(args.note);
      return [
        { role: "user", content: args.customer },
        { role: "assistant", content: text("Yes?") },
        { role: "user", content: image(new ArrayBuffer(1), "image/png") },
      ];
    },
  }),
  defineMcpPrompt({ ...about, args: {}, messages: () => "Hello." }),
  defineMcpPrompt({
    ...about,
    args: {},
    messages: async (_args, channel) => {
      exactly<Channel>()(channel);
      return (await channel.elicit({ mode: "url", message: "Look.", url: "https://x.y" })).action;
    },
  }),
];

// Wrong functions.
export const wrongFunctions = [
  // @ts-expect-error -- a mutation is no query
  defineMcpPrompt({ ...about, fn: write, args: {} }),
  // @ts-expect-error -- a number is no prompt
  defineMcpPrompt({ ...about, fn: total, args: {} }),
  // @ts-expect-error -- neither a function nor messages
  defineMcpPrompt({ ...about, args: {} }),
  // @ts-expect-error -- a number is no prompt
  defineMcpPrompt({ ...about, args: {}, messages: () => 1 }),
  // @ts-expect-error -- nor is the promise of one
  defineMcpPrompt({ ...about, args: {}, messages: async () => 1 }),
  // @ts-expect-error -- nobody is of this role
  defineMcpPrompt({ ...about, args: {}, messages: () => [{ role: "system", content: "x" }] }),
  // @ts-expect-error -- no description
  defineMcpPrompt({ name: "letter", fn: messages, args: {} }),
];

// Wrong arguments.
export const wrongArgs = [
  // @ts-expect-error -- `customer` is missing
  defineMcpPrompt({ ...about, fn: letter, args: {} }),
  // @ts-expect-error -- `page` is not an argument of the function
  defineMcpPrompt({ ...about, fn: letter, args: { customer, page: v.string() } }),
  // @ts-expect-error -- `args` is left out
  defineMcpPrompt({ ...about, fn: messages }),
  // @ts-expect-error -- arguments are strings
  defineMcpPrompt({ ...about, fn: counted, args: { count: v.number() } }),
  // @ts-expect-error -- arguments are strings
  defineMcpPrompt({ ...about, args: { count: v.number() }, messages: () => "x" }),
  // @ts-expect-error -- suggestions for an argument that there is not
  defineMcpPrompt({ ...about, fn: letter, args: { customer }, complete: { page: suggest } }),
  // @ts-expect-error -- it suggests nothing
  defineMcpPrompt({ ...about, fn: letter, args: { customer }, complete: { customer: total } }),
  // @ts-expect-error -- a sentence on an argument that there is not
  defineMcpPrompt({ ...about, fn: messages, args: {}, describe: { page: "x" } }),
];
