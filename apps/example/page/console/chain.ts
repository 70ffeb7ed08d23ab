import { element } from "./dom.ts";
import { makeJob } from "./job.ts";
import { isRecord, type JsonRecord, listOf, numberOf, textOf } from "./json.ts";
import type { AuditSource } from "./source.ts";
import { amount, visible } from "./text.ts";

const MAX_PROBLEMS = 100;

/** Makes what looks through the chain over the log, and says what it found. */
export function showChain(source: AuditSource, signal: AbortSignal): HTMLElement {
  const problems = element("ul", { role: "list", "aria-label": "What is wrong with the chain" });
  const noted = element("input", {
    id: "console-anchor",
    autocomplete: "off",
    spellcheck: "false",
    "aria-describedby": "console-anchor-hint",
  });
  problems.hidden = true;
  const mark = element("p");

  const { button, status } = makeJob(
    "Verify the chain",
    async (stopped, say) => {
      problems.replaceChildren();
      problems.hidden = true;
      mark.replaceChildren();
      status.className = "";
      const anchor = toMark(noted.value);
      const found = { links: 0, entries: 0, unsealable: 0, problems: 0 };
      let last: JsonRecord | undefined;
      for (let done = false; !done;) {
        const args = {
          ...(last === undefined ? {} : { after: last }),
          ...(anchor === undefined ? {} : { anchor }),
        };
        const page = await source("verification", args, stopped);
        const wrong = listOf(page, "problems").filter(isRecord);
        const room = MAX_PROBLEMS - problems.children.length;
        problems.append(...wrong.slice(0, room).map(problemItem));
        problems.hidden = problems.children.length === 0;
        found.problems += wrong.length;
        for (const name of ["links", "entries", "unsealable"] as const) {
          found[name] += numberOf(page, name) ?? 0;
        }
        const reached = isRecord(page) && isRecord(page["last"]) ? page["last"] : undefined;
        // A page that does not get on would be asked for without end.
        const getsOn = numberOf(reached, "sequence") !== numberOf(last, "sequence");
        done = !isRecord(page) || page["done"] !== false || !getsOn;
        last = reached ?? last;
        say(`Looked at ${amount(found.links, "link", "links")}…`);
      }
      status.className = found.problems === 0 ? "good" : "bad";
      if (last !== undefined) {
        mark.append("To note elsewhere: ", element("code", {}, markText(last)));
      }
      return verdict(found);
    },
    signal,
  );
  return element(
    "div",
    { class: "console-part" },
    element("h3", {}, "The chain"),
    element("label", { for: noted.id }, "A link that you noted, if you have one"),
    noted,
    element(
      "p",
      { class: "hint", id: "console-anchor-hint" },
      "Who can write to the database can make the whole chain anew. A link that was noted elsewhere, such as 12:9f3a…, shows it.",
    ),
    element("div", { class: "console-buttons" }, button),
    status,
    mark,
    problems,
  );
}

function verdict(
  found: Readonly<Record<"links" | "entries" | "unsealable" | "problems", number>>,
): string {
  const looked = `${amount(found.links, "link", "links")} over ${amount(found.entries, "entry", "entries")}`;
  const said =
    found.problems === 0
      ? `The chain is whole: ${looked}.`
      : `${amount(found.problems, "problem", "problems")} in ${looked}.`;
  const unsealed =
    found.unsealable === 0
      ? ""
      : ` Of ${amount(found.unsealable, "entry", "entries")} only existence and order are sealed.`;
  return said + unsealed;
}

function markText(mark: JsonRecord): string {
  return `${numberOf(mark, "sequence") ?? 0}:${visible(textOf(mark, "hash") ?? "")}`;
}

/** A noted link, `12:9f3a…`. Throws a sentence for what is none. */
function toMark(text: string): JsonRecord | undefined {
  if (text.trim() === "") return undefined;
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  if (sequence === undefined || hash === undefined) {
    throw new Error("Expected a link as it is shown here: its number, a colon and 64 hex digits.");
  }
  return { sequence: Number(sequence), hash };
}

function problemItem(problem: JsonRecord): HTMLElement {
  const kind = visible(textOf(problem, "kind") ?? "problem");
  const entry = textOf(problem, "entry");
  return element(
    "li",
    {},
    element("strong", {}, kind),
    ` ${visible(textOf(problem, "message") ?? "")}`,
    ...(entry === undefined ? [] : [" Entry ", element("code", {}, visible(entry))]),
  );
}
