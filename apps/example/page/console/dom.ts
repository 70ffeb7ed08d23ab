/** Makes an element. Children that are text become text nodes, so nothing foreign is ever parsed as HTML. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** What went wrong, as a sentence. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const SVG = "http://www.w3.org/2000/svg";

/** Makes an element of a drawing. */
export function drawn(
  tag: "svg" | "g" | "line" | "rect" | "circle" | "polyline" | "text" | "title",
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: readonly (Node | string)[]
): SVGElement {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** A table that scrolls by itself where it is too wide, with a heading to each row. */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): HTMLElement {
  return element(
    "div",
    { class: "console-table", role: "group", "aria-label": caption, tabindex: "0" },
    element(
      "table",
      {},
      element("caption", {}, caption),
      element(
        "thead",
        {},
        element("tr", {}, ...head.map((name) => element("th", { scope: "col" }, name))),
      ),
      element("tbody", {}, ...rows.map(tableRow)),
    ),
  );
}

function tableRow([name = "", ...cells]: readonly string[]): HTMLElement {
  const made = cells.map((cell) => element("td", {}, cell));
  return element("tr", {}, element("th", { scope: "row" }, name), ...made);
}
