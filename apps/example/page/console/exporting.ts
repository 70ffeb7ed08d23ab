import { element } from "./dom.ts";
import { makeJob } from "./job.ts";
import { isRecord, numberOf, textOf } from "./json.ts";
import type { AuditSource } from "./source.ts";
import { amount } from "./text.ts";

/** Some 100,000 entries: the file is made in the memory of the page. What is left is for the next file. */
const MAX_PAGES = 500;
const NOTE =
  "One entry a line, oldest first. Entries get into it some minutes after they have settled.";

/** Makes what downloads the log as JSON Lines. */
export function showExport(source: AuditSource, signal: AbortSignal): HTMLElement {
  let cursor: string | undefined;
  const { button, status } = makeJob(
    "Download JSON Lines",
    async (stopped, say) => {
      const parts: string[] = [];
      let [entries, pages, next] = [0, 0, cursor];
      let done = false;
      while (!done && pages < MAX_PAGES) {
        const page = await source("lines", next === undefined ? {} : { cursor: next }, stopped);
        parts.push(textOf(page, "body") ?? "");
        next = textOf(page, "cursor") ?? next;
        done = !isRecord(page) || page["done"] !== false;
        entries += numberOf(page, "entries") ?? 0;
        pages += 1;
        say(`${amount(entries, "entry", "entries")} so far…`);
      }
      cursor = done ? undefined : next;
      if (entries === 0) return "Nothing is sealed yet.";
      save(parts);
      const saved = `Saved ${amount(entries, "entry", "entries")}.`;
      return done ? saved : `${saved} There is more: press again for the next file.`;
    },
    signal,
  );
  return element(
    "div",
    { class: "console-part" },
    element("h3", {}, "Export"),
    element("p", { class: "hint" }, NOTE),
    element("div", { class: "console-buttons" }, button),
    status,
  );
}

function save(parts: readonly string[]): void {
  const url = URL.createObjectURL(new Blob([...parts], { type: "application/x-ndjson" }));
  const time = new Date().toISOString().replaceAll(":", "-").slice(0, 19);
  element("a", { href: url, download: `audit-${time}.jsonl` }).click();
  // The browser takes the file after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
