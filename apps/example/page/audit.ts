import { byId, element, sentence } from "./dom.ts";
import { ask, isRecord, type JsonRecord, listOf, parseJson, textOf } from "./json.ts";
import type { Session } from "./oauth.ts";

const POLL_MS = 2000;
const ROWS_KEPT = 200;
const EMPTY = "The log is empty. Call a tool and it appears here.";
const FOR_WHOM = "Only Carol, who is an admin, may see the log.";

/** What one look at the log came to. */
type Look =
  | { readonly kind: "entries"; readonly entries: readonly JsonRecord[] }
  | { readonly kind: "stop" | "retry"; readonly reason: string };

/** Follows the log for as long as `signal` lets it, and shows what came or why nothing does. */
export function followAudit(session: Session | undefined, signal: AbortSignal): void {
  const list = byId("audit", HTMLElement);
  const status = byId("audit-status", HTMLElement);
  list.replaceChildren();
  if (session === undefined) {
    status.textContent = `${FOR_WHOM} You are not signed in.`;
    return;
  }
  status.textContent = "Asking for the log…";
  const shown: Shown = new Map();

  const poll = async (): Promise<void> => {
    const look = document.hidden ? undefined : await lookAtLog(session, signal);
    if (signal.aborted) return;
    if (look?.kind === "entries") {
      // An unchanged text is left alone: a screen reader would read it again every time.
      const news = showEntries(list, shown, look.entries) ?? (shown.size === 0 ? EMPTY : undefined);
      if (news !== undefined && status.textContent !== news) status.textContent = news;
    } else if (look !== undefined) {
      status.textContent = look.reason;
      if (look.kind === "stop") return;
    }
    setTimeout(() => void poll(), POLL_MS);
  };
  void poll();
}

async function lookAtLog(session: Session, signal: AbortSignal): Promise<Look> {
  try {
    const response = await ask(`${location.origin}/audit`, {
      headers: { authorization: `Bearer ${session.token}` },
      signal,
    });
    if (response.status === 403) {
      return { kind: "stop", reason: `${FOR_WHOM} You are signed in as ${session.name}.` };
    }
    if (response.status === 401) {
      return { kind: "stop", reason: "Your sign-in is no longer valid. Sign in again." };
    }
    if (!response.ok) {
      return { kind: "retry", reason: `The log answered HTTP ${response.status}. Trying again…` };
    }
    const body = parseJson(await response.text());
    return { kind: "entries", entries: listOf(body, "entries").filter(isRecord) };
  } catch (error) {
    return { kind: "retry", reason: `${sentence(error)} Trying again…` };
  }
}

/** The rows on the page by the call they tell of, each with the entry as it was when it was made. */
type Shown = Map<string, { readonly row: HTMLElement; readonly text: string }>;

/** Adds what is new of `entries` (newest first) on top, and redraws calls that have ended meanwhile. */
function showEntries(
  list: HTMLElement,
  shown: Shown,
  entries: readonly JsonRecord[],
): string | undefined {
  let latest: JsonRecord | undefined;
  for (const entry of entries.toReversed()) {
    const text = JSON.stringify(entry);
    const key = textOf(entry, "id") ?? text;
    const before = shown.get(key);
    if (before?.text === text) continue;
    const row = entryRow(entry);
    if (before === undefined) list.prepend(row);
    else before.row.replaceWith(row);
    shown.set(key, { row, text });
    latest = entry;
  }
  while (list.children.length > ROWS_KEPT) list.lastElementChild?.remove();
  return latest && summary(latest, shown.size);
}

function summary(latest: JsonRecord, total: number): string {
  const tool = nameOf(latest);
  const outcome = textOf(latest, "outcome") ?? "unknown";
  return `${total === 1 ? "One entry" : `${total} entries`}; the latest is ${tool}, ${outcome}.`;
}

/** The tool, or what else it is about: "session start". */
function nameOf(entry: JsonRecord): string {
  const other = `${textOf(entry, "kind") ?? ""} ${textOf(entry, "name") ?? ""}`.trim();
  return textOf(entry, "tool") ?? (other === "" ? "something" : other);
}

function entryRow(entry: JsonRecord): HTMLElement {
  const outcome = textOf(entry, "outcome") ?? "unknown";
  const who = textOf(entry, "subject") ?? "a stranger";
  const through = textOf(entry, "clientName");
  const took =
    typeof entry["durationMs"] === "number" ? `, ${Math.round(entry["durationMs"])} ms` : "";
  return element(
    "li",
    { class: "fresh" },
    element(
      "details",
      {},
      element(
        "summary",
        {},
        timeOf(entry["at"]),
        element("code", {}, nameOf(entry)),
        element("span", { class: OUTCOME_CLASS.get(outcome) ?? "bad" }, outcome),
        element("small", {}, `${who}${through === undefined ? "" : ` through ${through}`}${took}`),
      ),
      element("pre", { tabindex: "0" }, JSON.stringify(unfold(entry), null, 2)),
    ),
  );
}

const OUTCOME_CLASS: ReadonlyMap<string, string> = new Map([
  ["ok", "good"],
  ["running", "pending"],
]);

function timeOf(at: unknown): HTMLElement {
  const date = new Date(typeof at === "number" || typeof at === "string" ? at : NaN);
  if (Number.isNaN(date.getTime())) return element("time", {}, "--:--:--");
  const shown = date.toLocaleTimeString([], { hour12: false });
  return element("time", { datetime: date.toISOString() }, shown);
}

/** Payloads are kept as JSON text: shown as what they hold. */
function unfold(entry: JsonRecord): JsonRecord {
  const members = Object.entries(entry).map(([name, value]) => {
    const parsed = typeof value === "string" && /^[[{]/.test(value) ? parseJson(value) : undefined;
    return [name, parsed ?? value];
  });
  return Object.fromEntries(members);
}
