import { isObject } from "../wire/json.ts";
import type { JsonObject } from "../wire/json.ts";
import type { ClientCapabilities } from "../wire/questions.ts";
import { readElicitation } from "./form.ts";

/** A question as a client is put it. */
export interface ClientRequest {
  readonly method: "elicitation/create" | "sampling/createMessage" | "roots/list";
  readonly params: JsonObject;
}

/** The same, and what a client has to declare to be asked so. */
export interface NeedyRequest extends ClientRequest {
  readonly needs: JsonObject;
}

/** What a channel's method puts to the client. Its parameters were typed where they were given. */
export function toClientRequest(
  verb: "elicit" | "sample" | "listRoots",
  question: object = {},
): NeedyRequest {
  const given = question as JsonObject;
  switch (verb) {
    case "elicit":
      return elicitation(given);
    case "sample": {
      const { key: _, ...params } = given;
      const needs = { sampling: params.tools === undefined ? {} : { tools: {} } };
      return { method: "sampling/createMessage", params, needs };
    }
    default:
      return { method: "roots/list", params: {}, needs: { roots: {} } };
  }
}

function elicitation({ mode, message, url, requestedSchema }: JsonObject): NeedyRequest {
  const method = "elicitation/create";
  // A form is without "mode", which 2025-06-18 does not know.
  return mode === "url"
    ? { method, params: { mode, message, url }, needs: { elicitation: { url: {} } } }
    : { method, params: { message, requestedSchema }, needs: { elicitation: { form: {} } } };
}

/** Whether a client declares all that is needed. `elicitation: {}` means forms (client/elicitation). */
export function canBeAsked(capabilities: ClientCapabilities, needs: JsonObject): boolean {
  return Object.entries(needs).every(([family, details]) => {
    const declared = capabilities[family];
    if (!isObject(declared) || !isObject(details)) return false;
    return Object.keys(details).every(
      (detail) => isObject(declared[detail]) || (detail === "form" && declared.url === undefined),
    );
  });
}

/** What a client's answer says: what the channel's method gives. `undefined`: it is no answer to this. */
export function readClientAnswer({ method, params }: ClientRequest, answer: unknown): unknown {
  if (!isObject(answer)) return undefined;
  switch (method) {
    case "elicitation/create":
      return readElicitation(params.requestedSchema, answer);
    case "sampling/createMessage":
      return isSample(answer) ? answer : undefined;
    default:
      return isListOf(answer.roots, "uri") ? answer.roots : undefined;
  }
}

function isSample({ role, content, model }: JsonObject): boolean {
  const blocks = Array.isArray(content) ? content : [content];
  const speaks = role === "user" || role === "assistant";
  return speaks && typeof model === "string" && isListOf(blocks, "type");
}

/** Whether a value is a list of objects that have a text of this name. */
function isListOf(list: unknown, name: string): boolean {
  return (
    Array.isArray(list) && list.every((item) => isObject(item) && typeof item[name] === "string")
  );
}
