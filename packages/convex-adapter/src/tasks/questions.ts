import type { ClientCapabilities, DetailedTask } from "@convex-mcp/protocol";
import type { Reports } from "../streaming/reports.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** A question as the owner of a task is put it, and what a client has to declare to be asked so. */
export interface TaskRequest {
  readonly method: string;
  readonly params: JsonObject;
  readonly needs: JsonObject;
}

/** What `inputRequests` says of a question. */
export function toRequest({ method, params }: Reports["question"]): TaskRequest {
  const given = { ...params } as JsonObject;
  switch (method) {
    case "elicit":
      return elicitation(given);
    case "sample": {
      const needs = { sampling: given["tools"] === undefined ? {} : { tools: {} } };
      return { method: "sampling/createMessage", params: given, needs };
    }
    case "listRoots":
      return { method: "roots/list", params: {}, needs: { roots: {} } };
  }
}

function elicitation({ mode, message, url, requestedSchema }: JsonObject): TaskRequest {
  const method = "elicitation/create";
  return mode === "url"
    ? { method, params: { mode, message, url }, needs: { elicitation: { url: {} } } }
    : { method, params: { message, requestedSchema }, needs: { elicitation: { form: {} } } };
}

/** Whether a client declares all that is needed. `elicitation: {}` means forms (client/elicitation). */
export function declares(capabilities: ClientCapabilities, needs: JsonObject): boolean {
  return Object.entries(needs).every(([family, details]) => {
    const declared = capabilities[family];
    if (!isObject(declared) || !isObject(details)) return false;
    return Object.keys(details).every(
      (detail) =>
        isObject(declared[detail]) || (detail === "form" && declared["url"] === undefined),
    );
  });
}

/** One question that waits, as the component keeps it. */
export interface WaitingQuestion {
  readonly key: string;
  readonly method: string;
  /** JSON. */
  readonly params: string;
}

/** Questions that wait, as `inputRequests`. */
export function toInputRequests(
  waiting: readonly WaitingQuestion[],
): NonNullable<DetailedTask["inputRequests"]> {
  return Object.fromEntries(
    waiting.map(({ key, method, params }) => [
      key,
      { method, params: JSON.parse(params) as JsonObject },
    ]),
  );
}

/** The owner's answer to a question, if it is one: `undefined` leaves it waiting. */
export function readAnswer({ method, params }: WaitingQuestion, answer: unknown): unknown {
  if (!isObject(answer)) return undefined;
  switch (method) {
    case "elicitation/create":
      return readElicitation((JSON.parse(params) as JsonObject)["requestedSchema"], answer);
    case "sampling/createMessage":
      return isSample(answer) ? answer : undefined;
    default: {
      const { roots } = answer;
      return isListOf(roots, ({ uri }) => typeof uri === "string") ? roots : undefined;
    }
  }
}

/** As the protocol reads the answers to requests: what the schema does not name is dropped (client/elicitation). */
function readElicitation(schema: unknown, { action, content }: JsonObject): unknown {
  if (action === "decline" || action === "cancel") return { action };
  if (action !== "accept") return undefined;
  if (!isObject(schema)) return { action };
  const { properties, required } = schema;
  const names: readonly unknown[] = Array.isArray(required) ? required : [];
  if (!isObject(content) || !names.every((name) => Object.hasOwn(content, String(name)))) {
    return undefined;
  }
  const known = Object.entries(isObject(properties) ? properties : {}).filter(([name]) =>
    Object.hasOwn(content, name),
  );
  return known.every(([name, field]) => isObject(field) && fits(field, content[name]))
    ? { action, content: Object.fromEntries(known.map(([name]) => [name, content[name]])) }
    : undefined;
}

function fits(field: JsonObject, value: unknown): boolean {
  switch (field["type"]) {
    case "string":
      return typeof value === "string" && isChoice(field, value);
    case "array": {
      const items = isObject(field["items"]) ? field["items"] : {};
      return (
        Array.isArray(value) &&
        value.every((item) => typeof item === "string" && isChoice(items, item))
      );
    }
    case "integer":
      return Number.isInteger(value);
    case "number":
    case "boolean":
      return typeof value === field["type"];
    default:
      return false;
  }
}

/** Whether a string is among the choices of a field; any is where it has none. */
function isChoice(field: JsonObject, value: string): boolean {
  const { enum: plain, oneOf, anyOf } = field;
  if (Array.isArray(plain)) return plain.includes(value);
  const titled = oneOf ?? anyOf;
  return (
    !Array.isArray(titled) || titled.some((choice) => isObject(choice) && choice["const"] === value)
  );
}

function isSample({ role, content, model }: JsonObject): boolean {
  const blocks: unknown = Array.isArray(content) ? content : [content];
  return (
    (role === "user" || role === "assistant") &&
    typeof model === "string" &&
    isListOf(blocks, ({ type }) => typeof type === "string")
  );
}

function isListOf(list: unknown, holds: (item: JsonObject) => boolean): boolean {
  return Array.isArray(list) && list.every((item) => isObject(item) && holds(item));
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
