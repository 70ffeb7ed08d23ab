import { element } from "./dom.ts";
import { visible } from "./text.ts";

/** What entries can be filtered by, as `audit.list` names it. */
export type FilterField =
  | "kind"
  | "subject"
  | "tool"
  | "client"
  | "outcome"
  | "session"
  | "from"
  | "to";

/** The arguments for `audit.list`. */
export type Filter = Readonly<Partial<Record<FilterField, string | number>>>;

/** Fields of which there are few values. */
const CHOICES: ReadonlyMap<FilterField, readonly string[]> = new Map([
  [
    "kind",
    [
      "tool",
      "list",
      "resource",
      "prompt",
      "completion",
      "task",
      "cancellation",
      "session",
      "auth",
      "registration",
      "consent",
    ],
  ],
  [
    "outcome",
    [
      "ok",
      "failed",
      "denied",
      "invalid",
      "running",
      "lost",
      "interrupted",
      "replayed",
      "cancelled",
      "aborted",
      "unknown",
    ],
  ],
]);
const FIELDS: readonly (readonly [FilterField, label: string])[] = [
  ["kind", "Kind"],
  ["tool", "Tool"],
  ["outcome", "Outcome"],
  ["subject", "Person"],
  ["client", "Client"],
  ["session", "Session"],
  ["from", "From"],
  ["to", "Before"],
];

/** The form that says which entries to show. */
export interface Filters {
  readonly root: HTMLElement;
  readonly current: () => Filter;
  /** Shows only entries that have this value, beside what is chosen already. */
  readonly narrow: (field: FilterField, value: string) => void;
}

/** Makes the form. `suggest` gives values that there are, to choose from. */
export function makeFilters(
  changed: () => void,
  suggest: (field: FilterField) => readonly string[],
): Filters {
  const inputs = new Map(FIELDS.map(([field]) => [field, inputFor(field)]));
  const summary = element("summary", {});
  const clear = element("button", { type: "reset" }, "Clear");
  const form = element(
    "form",
    { class: "console-filters", "aria-label": "Filters" },
    ...FIELDS.map(([field, label]) => {
      const input = inputs.get(field) ?? "";
      return element("label", {}, label, input, ...suggestions(field, inputs.get(field), suggest));
    }),
    element(
      "div",
      { class: "console-buttons" },
      element("button", { type: "submit", class: "primary" }, "Apply"),
      clear,
    ),
    element("p", { class: "hint" }, "Each must be the whole value; times are of your time zone."),
  );
  const root = element("details", { class: "console-box" }, summary, form);

  let filter: Filter = {};
  const apply = () => {
    filter = Object.fromEntries(
      [...inputs].flatMap(([field, input]) => {
        const value = valueOf(field, input.value);
        return value === undefined ? [] : [[field, value]];
      }),
    );
    summary.textContent = titleOf(inputs);
    changed();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    apply();
  });
  // The fields are emptied after this event.
  form.addEventListener("reset", () => setTimeout(apply));
  summary.textContent = titleOf(inputs);
  return {
    root,
    current: () => filter,
    narrow(field, value) {
      const input = inputs.get(field);
      if (input !== undefined) input.value = value;
      apply();
      summary.focus();
    },
  };
}

type Input = HTMLInputElement | HTMLSelectElement;

function inputFor(field: FilterField): Input {
  const choices = CHOICES.get(field);
  if (choices !== undefined) {
    const any = element("option", { value: "" }, "any");
    return element(
      "select",
      { name: field },
      any,
      ...choices.map((it) => element("option", {}, it)),
    );
  }
  const isTime = field === "from" || field === "to";
  return element("input", {
    name: field,
    autocomplete: "off",
    spellcheck: "false",
    ...(isTime ? { type: "datetime-local" } : { type: "text", maxlength: "1024" }),
  });
}

/** A list of values to choose from, made when somebody comes to the field. */
function suggestions(
  field: FilterField,
  input: Input | undefined,
  suggest: (field: FilterField) => readonly string[],
): HTMLElement[] {
  if (!(input instanceof HTMLInputElement) || input.type !== "text") return [];
  const list = element("datalist", { id: `console-${field}-values` });
  input.setAttribute("list", list.id);
  input.addEventListener("focus", () => {
    list.replaceChildren(...suggest(field).map((value) => element("option", { value })));
  });
  return [list];
}

function valueOf(field: FilterField, text: string): string | number | undefined {
  if (field !== "from" && field !== "to") return text === "" ? undefined : text;
  const time = new Date(text).getTime();
  return Number.isNaN(time) ? undefined : time;
}

function titleOf(inputs: ReadonlyMap<FilterField, Input>): string {
  const parts = FIELDS.flatMap(([field, label]) => {
    const value = inputs.get(field)?.value ?? "";
    return value === "" ? [] : [`${label.toLowerCase()} ${visible(value)}`];
  });
  return parts.length === 0 ? "Filters: none" : `Filters: ${parts.join(", ")}`;
}
