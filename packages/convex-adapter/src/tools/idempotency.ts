import type { GenericDataModel, GenericMutationCtx } from "convex/server";
import { convexToJson, type PropertyValidators, v, type Value } from "convex/values";
import { toErrorResult } from "../calls/failure.ts";
import type { ComponentApi } from "../component/_generated/component.js";
import type { End } from "../component/shared.ts";
import { ownerOf, type Principal } from "../identity/principal.ts";
import { decode, type Decoded } from "../values/decode.ts";
import type { Issue } from "../values/issue.ts";
import type { JsonSchema } from "../values/jsonschema.ts";
import { own } from "../values/own.ts";
import type { Addition } from "./addition.ts";

const DAY = 24 * 60 * 60_000;
/** Letters of a key, and of an answer that is kept: a document holds 1 MiB, and a letter has up to 3 bytes. */
const MAX_KEY = 255;
const MAX_ANSWER = 64 * 1024;

/** Options of {@link mcpIdempotency}. */
export interface IdempotencyOptions {
  /**
   * The argument that holds the key. Default `"idempotencyKey"`. The function never sees it, unless it is one of the
   * tool's `args`; it is a string there.
   */
  readonly argument?: string;
  /** Whether a call needs a key. Default true; strangers, for whom no key is kept, can then not call the tool. */
  readonly required?: boolean;
  /** How long the answer is kept, and the key with it. Default 1 day. */
  readonly ttlMs?: number;
}

/** A call that came with a key. */
export interface Claim {
  /** Whose key it is. */
  owner: string;
  key: string;
  /** A digest of the arguments. */
  call: string;
}

/** What was answered, and how it is recorded. */
export interface Answer {
  readonly json: string;
  readonly end: End;
}

/** What is left of arguments once the key is taken, and the claim that it makes. */
export type Claimed =
  | { readonly ok: true; readonly value: Value; readonly claim?: Claim }
  | Extract<Decoded, { ok: false }>;

/** Keeps the calls of a tool from happening twice; made by {@link mcpIdempotency}. */
export interface Idempotency extends Addition {
  /** Whether every call has a key. */
  readonly required: boolean;
  /** Decodes arguments, and takes the key. Strangers have none: what one of them was answered is not for the others. */
  readonly decode: (
    args: PropertyValidators,
    given: Readonly<Record<string, unknown>>,
    principal: Principal,
  ) => Promise<Claimed>;
  /** Runs a call unless it has happened, inside the transaction that it is part of. */
  readonly once: (
    component: Pick<ComponentApi, "answers">,
    ctx: GenericMutationCtx<GenericDataModel>,
    tool: string,
    claim: Claim,
    run: () => Promise<Answer>,
  ) => Promise<Answer>;
}

/**
 * Keeps a mutation's calls from happening twice: its clients send a key of their choice, and a call that comes again
 * with the same key and the same arguments gets the answer of the first, which is read and written in the same
 * transaction as the mutation. Other arguments under the same key are refused. A call that failed is not kept: it may
 * be repeated.
 *
 * Keys are a user's own, one set for each name of a tool; `authorize` is asked for a repeated call too. Of an answer
 * beyond 65,536 characters the repeated call is told that it happened. What is kept is what the client was sent, with
 * no redaction.
 *
 * @example
 * defineMcpMutation({
 *   name: "invoice_pay",
 *   description: "Pay an invoice.",
 *   fn: api.invoices.pay,
 *   args: { id: v.id("invoices") },
 *   idempotency: mcpIdempotency(),
 * });
 */
export function mcpIdempotency(options: IdempotencyOptions = {}): Idempotency {
  const { argument = "idempotencyKey", required = true, ttlMs = DAY } = options;
  return {
    required,
    mistake: (args) => mistakeOf(argument, ttlMs, args),
    describe: (schema) => withKey(schema, argument, required),
    decode: (args, given, principal) => {
      const owner = principal.kind === "user" ? ownerOf(principal) : undefined;
      return claim(args, given, owner, { argument, required });
    },
    once: async ({ answers }, ctx, tool, { call, ...key }, run) => {
      const kept = await ctx.runQuery(answers.find, { ...key, tool });
      if (kept !== null) return repeat(tool, argument, kept, call);
      const answer = await run();
      if (answer.end.outcome === "ok") {
        const { json } = answer;
        const fits = json.length <= MAX_ANSWER;
        await ctx.runMutation(answers.keep, {
          ...key,
          tool,
          call,
          ttlMs,
          ...(fits ? { json } : {}),
        });
      }
      return answer;
    },
  };
}

function mistakeOf(argument: string, ttlMs: number, args: PropertyValidators): string | undefined {
  if (!(ttlMs > 0 && Number.isFinite(ttlMs))) {
    return `has the \`idempotency.ttlMs\` ${String(ttlMs)}: expected a positive number`;
  }
  if (typeof argument !== "string" || argument === "" || argument === "__proto__") {
    return `has a wrong \`idempotency.argument\`: expected a name, got ${JSON.stringify(argument)}`;
  }
  const declared = own(args, argument);
  return declared === undefined || declared.kind === "string"
    ? undefined
    : `has an argument ${JSON.stringify(argument)} that is no v.string(), which its \`idempotency\` needs`;
}

function withKey(schema: JsonSchema, argument: string, required: boolean): JsonSchema {
  const properties = (schema["properties"] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const names = (schema["required"] ?? []) as readonly string[];
  const key = {
    description:
      "A new value of your choice for each call, such as a UUID. The same call with the same value happens once.",
    ...properties[argument],
    type: "string",
    minLength: 1,
    maxLength: MAX_KEY,
  };
  return {
    ...schema,
    properties: { ...properties, [argument]: key },
    ...(required ? { required: [...new Set([...names, argument])] } : {}),
  };
}

async function claim(
  args: PropertyValidators,
  given: Readonly<Record<string, unknown>>,
  owner: string | undefined,
  { argument, required }: { argument: string; required: boolean },
): Promise<Claimed> {
  const { [argument]: sent, ...others } = given;
  const key = Object.hasOwn(given, argument) ? sent : undefined;
  const wrong = wrongKey(key, required, owner);
  const decoded = decode(v.object(args), Object.hasOwn(args, argument) ? given : others);
  if (wrong !== undefined) {
    const others = decoded.ok ? [] : decoded.issues.filter(({ path }) => path !== argument);
    return { ok: false, issues: [{ path: argument, ...wrong }, ...others] };
  }
  if (!decoded.ok || typeof key !== "string" || owner === undefined) return decoded;
  return { ...decoded, claim: { owner, key, call: await digest(decoded.value) } };
}

function wrongKey(
  key: unknown,
  required: boolean,
  owner: string | undefined,
): Omit<Issue, "path"> | undefined {
  if (key === undefined && !required) return undefined;
  if (owner === undefined) {
    return { expected: "the key of a signed-in user", received: "a caller who is not signed in" };
  }
  const fits =
    typeof key === "string" && key !== "" && key.length <= MAX_KEY && !/\p{Cs}/u.test(key);
  return fits
    ? undefined
    : {
        expected: `a string of 1 to ${MAX_KEY} characters, new for each call`,
        received: key === undefined ? "nothing" : "something else",
      };
}

/** Objects with the same members are the same, in whatever order a client writes them. */
async function digest(value: Value): Promise<string> {
  const text = JSON.stringify(convexToJson(value), (_key, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function repeat(
  tool: string,
  argument: string,
  kept: { readonly call: string; readonly json?: string },
  call: string,
): Answer {
  if (kept.call !== call) {
    const text = `${tool} was not called: this ${argument} belongs to a call with other arguments. Repeat that call as it was, or choose a new ${argument}.`;
    return { json: toErrorResult(text), end: { outcome: "invalid", error: text } };
  }
  const done = `${tool} was carried out already, under this ${argument}, and not again now. Its result was too big to keep: read what it changed.`;
  return { json: kept.json ?? toErrorResult(done), end: { outcome: "replayed" } };
}
