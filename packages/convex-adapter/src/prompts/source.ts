import {
  type CacheHint,
  type Channel,
  type GetPromptRequest,
  type PromptCatalog as PromptSource,
  type PromptOutcome,
} from "@convex-mcp/protocol";
import { v, type Value } from "convex/values";
import { cacheFor } from "../cache.ts";
import type { Subject } from "../calls/decision.ts";
import { decline, visible } from "../calls/guard.ts";
import {
  INVALID,
  readArgs,
  readBesideSession,
  readInSession,
  recordedList,
} from "../calls/reading.ts";
import { watchQuestions } from "../calls/questions.ts";
import { NOT_FOUND } from "../calls/record.ts";
import type { Config } from "../config.ts";
import { handedArgs } from "../identity/caller.ts";
import type { Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";
import type { Who } from "../identity/who.ts";
import { decode } from "../values/decode.ts";
import { formatIssues } from "../values/issue.ts";
import { describePrompt, type PromptCatalog } from "./catalog.ts";
import { toMessages } from "./messages.ts";
import type { McpPrompt, McpPromptResult } from "./prompt.ts";

/** The declared prompts as the protocol core asks for them: listed and filled in as `authorize` says. */
export function createPromptSource(
  config: Config,
  prompts: PromptCatalog,
  cache?: CacheHint,
): PromptSource<RequestScope, Principal> {
  return {
    cache: (caller) => cacheFor(cache, caller),
    list: (caller, request) =>
      recordedList(config, caller, "prompts/list", request, async () =>
        (await visible(config, caller, [...prompts.values()], subjectOf)).map(describePrompt),
      ),
    get: (caller, request) => get(config, caller, prompts.get(request.name), request),
  };
}

/** What `authorize` is told of a prompt. */
export function subjectOf({ name, metadata }: McpPrompt): Subject {
  return { tool: name, kind: "prompt", toolMetadata: metadata };
}

async function get(
  config: Config,
  caller: Who,
  prompt: McpPrompt | undefined,
  request: GetPromptRequest,
): Promise<PromptOutcome> {
  const { id, meta } = request;
  const entry = {
    kind: "prompt" as const,
    id,
    meta,
    ...(prompt === undefined ? { errorCode: NOT_FOUND } : { name: prompt.name }),
    ...(prompt === undefined ? {} : readArgs(config, request.arguments)),
  };
  const subject = prompt && subjectOf(prompt);
  const decided = await decline(config, caller, subject, request.arguments, entry);
  if (decided.kind !== "allowed") return decided;
  if (prompt === undefined) return { kind: "notFound" };
  const decoded = decode(v.object(prompt.args), request.arguments);
  const what = `Prompt "${prompt.name}"`;
  const fill = async () =>
    decoded.ok ? toMessages(await run(caller, prompt, decoded.value as Args, request.channel)) : [];
  const { decision } = decided;
  const told = { ...entry, decision, ...(decoded.ok ? {} : INVALID) };
  // What inline code says to the client begins the response, which could be no 404 any more.
  const reading = await ("fn" in prompt.run
    ? readBesideSession(config, caller, what, fill, told)
    : readInSession(config, caller, what, fill, told));
  if (reading.kind !== "value") return reading;
  if (!decoded.ok) {
    return { kind: "invalid", message: formatIssues(prompt.name, decoded.issues) };
  }
  const { description } = prompt.definition;
  return { kind: "result", result: { description, messages: reading.value } };
}

type Args = Record<string, Value>;

async function run(
  { context, principal }: Who,
  { run: own }: McpPrompt,
  args: Args,
  channel: Channel,
): Promise<Value | McpPromptResult> {
  if (!("fn" in own)) {
    const watched = watchQuestions(channel);
    const messages = await own.messages(args, watched.channel);
    const asked = watched.asked();
    if (asked !== undefined) throw asked;
    return messages;
  }
  const given = await handedArgs(own, args, principal);
  return (await context.ctx.runQuery(own.fn, given)) as Value;
}
