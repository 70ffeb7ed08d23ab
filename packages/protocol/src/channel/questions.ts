import { MissingCapability } from "../rpc/channel.ts";
import type { Channel, Keyed } from "../rpc/channel.ts";
import { isObject } from "../wire/json.ts";
import type { JsonObject } from "../wire/json.ts";
import type {
  ClientCapabilities,
  ElicitResult,
  FormQuestion,
  Root,
  SamplingRequest,
  SamplingResult,
  UrlQuestion,
} from "../wire/questions.ts";
import type { Conversation, Question } from "./asker.ts";
import { readElicitation } from "./form.ts";

/** The part of a channel that asks. */
export function toQuestions(
  conversation: Conversation,
): Pick<Channel, "capabilities" | "elicit" | "sample" | "listRoots"> {
  let asked = 0;

  async function ask<T>(
    { key }: Keyed,
    needs: JsonObject,
    question: Omit<Question<T>, "key">,
  ): Promise<T> {
    // Counted before anything is awaited, so that questions asked at once keep their numbers.
    asked += 1;
    const keyed = { ...question, key: key ?? `question-${asked}` };
    if (!declares(await conversation.capabilities(), needs)) throw new MissingCapability(needs);
    return await conversation.ask(keyed);
  }

  return {
    capabilities: conversation.capabilities,
    elicit: async (question) => {
      const { key, ...params } = question;
      const mode = question.mode === "url" ? "url" : "form";
      return await ask({ key }, { elicitation: { [mode]: {} } }, toElicitation(params));
    },
    sample: async ({ key, ...params }: SamplingRequest & Keyed) =>
      await ask<SamplingResult>(
        { key },
        { sampling: params.tools === undefined ? {} : { tools: {} } },
        { method: "sampling/createMessage", params, read: readSample },
      ),
    listRoots: async (options = {}) =>
      await ask<readonly Root[]>(
        options,
        { roots: {} },
        {
          method: "roots/list",
          params: {},
          read: readRoots,
        },
      ),
  };
}

function toElicitation(question: FormQuestion | UrlQuestion): Omit<Question<ElicitResult>, "key"> {
  const { mode, message } = question;
  // A form is without "mode", which 2025-06-18 does not know.
  const { requestedSchema, ...page } =
    mode === "url"
      ? { mode, url: question.url, requestedSchema: undefined }
      : { requestedSchema: question.requestedSchema };
  return {
    method: "elicitation/create",
    params: { ...page, message, requestedSchema },
    read: (answer) => readElicitation(requestedSchema, answer),
  };
}

/** Whether a client declares all that is needed. `elicitation: {}` means forms. */
function declares(capabilities: ClientCapabilities, needs: JsonObject): boolean {
  return Object.entries(needs).every(([family, details]) => {
    const declared = capabilities[family];
    if (!isObject(declared) || !isObject(details)) return false;
    return Object.keys(details).every(
      (detail) => isObject(declared[detail]) || (detail === "form" && declared.url === undefined),
    );
  });
}

function readSample(answer: unknown): SamplingResult | undefined {
  if (!isObject(answer) || typeof answer.model !== "string") return undefined;
  const { role, content } = answer;
  const speaks = role === "user" || role === "assistant";
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [content];
  const valid = blocks.every((block) => isObject(block) && typeof block.type === "string");
  return speaks && valid ? (answer as unknown as SamplingResult) : undefined;
}

function readRoots(answer: unknown): readonly Root[] | undefined {
  if (!isObject(answer) || !Array.isArray(answer.roots)) return undefined;
  const roots: readonly unknown[] = answer.roots;
  const valid = roots.every((root) => isObject(root) && typeof root.uri === "string");
  return valid ? (roots as readonly Root[]) : undefined;
}
