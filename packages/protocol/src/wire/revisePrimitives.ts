import { isObject } from "./json.ts";
import { isRawJson, rawText } from "./raw.ts";
import type { RawJson } from "./raw.ts";
import { reviseBlock } from "./revise.ts";
import type {
  GetPromptResult,
  Prompt,
  ReadResourceResult,
  Resource,
  ResourceTemplate,
} from "./types.ts";
import type { Revision } from "./versions.ts";

/** A resource or template without the fields that a revision does not know. */
export function reviseNamed(
  item: Resource | ResourceTemplate | Prompt,
  revision: Revision,
): object {
  if (revision.icons) return item;
  const { icons: _icons, ...since2025June } = item;
  if (revision.structured) return since2025June;
  const { title: _title, _meta, ...since2025March } = since2025June;
  return since2025March;
}

/** A prompt without the fields that a revision does not know. */
export function revisePrompt(prompt: Prompt, revision: Revision): object {
  if (revision.structured || prompt.arguments === undefined) return reviseNamed(prompt, revision);
  const args = prompt.arguments.map(({ title: _title, ...known }) => known);
  return reviseNamed({ ...prompt, arguments: args }, revision);
}

/** A prompt's messages in the terms of an older revision, as `reviseResult` has a tool's content. */
export function reviseMessages(
  result: GetPromptResult | RawJson,
  revision: Revision,
): GetPromptResult | RawJson {
  if (revision.icons) return result;
  const { messages, ...rest } = parsed<GetPromptResult>(result);
  const revised = messages.map((message) => {
    const content: unknown = message.content;
    return isObject(content) ? { ...message, content: reviseBlock(content, revision) } : message;
  });
  return { ...rest, messages: revised as GetPromptResult["messages"] };
}

/** A resource's contents without the fields that a revision does not know. */
export function reviseContents(
  result: ReadResourceResult | RawJson,
  revision: Revision,
): ReadResourceResult | RawJson {
  if (revision.structured) return result;
  const { contents, ...rest } = parsed<ReadResourceResult>(result);
  return { ...rest, contents: contents.map(({ _meta, ...known }) => known) };
}

function parsed<T extends object>(result: T | RawJson): T {
  return isRawJson(result) ? (JSON.parse(rawText(result)) as T) : result;
}
