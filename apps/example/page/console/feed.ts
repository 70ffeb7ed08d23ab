import { sentence } from "./dom.ts";
import { nameOf, outcomeOf } from "./entry.ts";
import type { Filter } from "./filters.ts";
import { isRecord, type JsonRecord, listOf, numberOf, textOf } from "./json.ts";
import type { Rows } from "./rows.ts";
import { type AuditSource, NotAllowedError } from "./source.ts";
import { amount } from "./text.ts";

const PAGE = 50;
/** As many as `listAuditEntries` gives at most. */
const NEWS = 200;
/** Pages without an entry that are read before somebody is asked whether to go on. */
const MAX_EMPTY_PAGES = 5;

/** Where entries come from, and where they go. */
export interface FeedParts {
  readonly source: AuditSource;
  readonly signal: AbortSignal;
  readonly rows: Rows;
  readonly filter: () => Filter;
  readonly say: (text: string) => void;
  /** The app refuses. */
  readonly onEnd: (reason: string) => void;
}

/** The same, and how far it is. */
export interface Feed extends FeedParts {
  /** Where older entries are, if there are any. */
  cursor: string | undefined;
  /** The time of the newest entry that is known of. */
  newest: number | undefined;
  state: "new" | "asking" | "shown";
  /** Counts what began anew: an answer for an earlier filter is dropped. */
  turn: number;
}

/** One that has asked for nothing yet. */
export function newFeed(parts: FeedParts): Feed {
  return { ...parts, cursor: undefined, newest: undefined, state: "new", turn: 0 };
}

interface Page {
  readonly entries: readonly JsonRecord[];
  readonly cursor: string | undefined;
}

/** Shows the newest entries, and nothing of before. */
export async function begin(feed: Feed): Promise<void> {
  const { rows, say } = feed;
  // What could not be asked says so, and is asked again without a word.
  if (feed.state === "shown" || feed.turn === 0) say("Asking for the log…");
  feed.turn += 1;
  feed.state = "asking";
  feed.cursor = undefined;
  feed.newest = undefined;
  rows.clear();
  const done = await attempt(feed, async (isCurrent) => {
    // Where little matches, the newest of all says since when to look for what comes.
    const isFiltered = Object.keys(feed.filter()).length > 0;
    const all = isFiltered ? await ask(feed, { limit: 1 }, {}) : undefined;
    const page = await ask(feed, { limit: PAGE });
    if (!isCurrent()) return;
    rows.put(page.entries);
    feed.newest = newestOf([...(all?.entries ?? []), ...page.entries]);
    feed.cursor = page.cursor;
    feed.state = "shown";
    const none =
      page.cursor === undefined ? "There is no such entry yet." : "Nothing found so far.";
    say(rows.size() === 0 ? none : `${amount(rows.size(), "entry", "entries")} shown.`);
  });
  if (!done && feed.state === "asking") feed.state = "new";
}

/** Shows what has come or changed. True if there was something new. */
export async function lookForNews(feed: Feed): Promise<boolean> {
  const { rows, say } = feed;
  if (feed.state === "new") await begin(feed);
  else if (feed.state === "shown") {
    let found = false;
    await attempt(feed, async (isCurrent) => {
      const from = rereadFrom(feed);
      const page = await ask(feed, { from, limit: NEWS });
      if (!isCurrent()) return;
      const oldest = Math.min(...page.entries.map(atOf));
      const isWhole = page.cursor === undefined;
      // More came than fits in a page: what lies between is not known.
      if (!isWhole && !(oldest <= (feed.newest ?? 0))) {
        await begin(feed);
        return;
      }
      const [latest, ...others] = rows.put(page.entries);
      // Of the time at which a page ends there may be more.
      rows.keepOnly((at) => (isWhole ? at >= from : at > oldest), page.entries);
      feed.newest = newestOf([...page.entries, { at: feed.newest }]);
      if (latest === undefined) return;
      found = true;
      const many = amount(others.length + 1, "new entry", "new entries");
      say(`${many}; the latest is ${nameOf(latest)}, ${outcomeOf(latest)}.`);
    });
    return found;
  }
  return false;
}

/** Shows a page more of what was before. */
export async function readOlder(feed: Feed): Promise<void> {
  const { rows, say } = feed;
  await attempt(feed, async (isCurrent) => {
    let found: readonly JsonRecord[] = [];
    for (let pages = 0; pages < MAX_EMPTY_PAGES && found.length === 0; pages++) {
      if (feed.cursor === undefined) break;
      const page = await ask(feed, { cursor: feed.cursor, limit: PAGE });
      if (!isCurrent()) return;
      found = rows.put(page.entries);
      feed.cursor = page.cursor;
    }
    const [first] = found;
    const shown = `${amount(rows.size(), "entry", "entries")} shown`;
    const more = feed.cursor === undefined ? ", and there is no more." : ".";
    say(first === undefined ? `Nothing found so far; ${shown}${more}` : `${shown}${more}`);
    if (first !== undefined) rows.focus(first);
  });
}

/** Runs what asks, and says what went wrong. True if nothing did. */
async function attempt(
  feed: Feed,
  work: (isCurrent: () => boolean) => Promise<void>,
): Promise<boolean> {
  const { turn } = feed;
  const isCurrent = () => turn === feed.turn && !feed.signal.aborted;
  try {
    await work(isCurrent);
    return true;
  } catch (error) {
    if (feed.signal.aborted) return false;
    if (error instanceof NotAllowedError) feed.onEnd(error.message);
    else if (isCurrent()) feed.say(sentence(error));
    return false;
  }
}

async function ask(feed: Feed, args: JsonRecord, filter = feed.filter()): Promise<Page> {
  const answer = await feed.source("list", { ...filter, ...args }, feed.signal);
  return { entries: listOf(answer, "entries").filter(isRecord), cursor: textOf(answer, "cursor") };
}

/** From when on entries may have come or changed, of what is shown: what is older than the list is for its next page. */
function rereadFrom({ newest, rows, cursor, filter }: Feed): number {
  const since = newest === undefined ? 0 : rows.unsettledSince(newest);
  const shown = cursor === undefined ? 0 : (rows.oldest() ?? 0);
  return Math.max(since, shown, numberOf(filter(), "from") ?? 0);
}

function atOf(entry: JsonRecord): number {
  return numberOf(entry, "at") ?? 0;
}

function newestOf(entries: readonly JsonRecord[]): number | undefined {
  const times = entries.flatMap((entry) => numberOf(entry, "at") ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}
