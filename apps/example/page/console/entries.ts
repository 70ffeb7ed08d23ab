import { element } from "./dom.ts";
import { begin, type Feed, lookForNews, newFeed, readOlder } from "./feed.ts";
import { type FilterField, makeFilters } from "./filters.ts";
import { follow } from "./live.ts";
import { makeRows } from "./rows.ts";
import type { AuditSource } from "./source.ts";

/** From this many on the list no longer grows by itself. */
const MAX_FOLLOWED = 500;

/** What an entry calls the field of a filter, where it is another name. */
const NAME_OF: ReadonlyMap<FilterField, string> = new Map([
  ["client", "clientName"],
  ["session", "sessionId"],
]);

/** The list with its filters. */
export interface EntriesView {
  readonly root: HTMLElement;
  /** Looks for new entries now, unless it is paused. */
  readonly refresh: () => void;
}

/** Shows the log, and what comes. `onEnd` is told when the app refuses. */
export function showEntries(
  source: AuditSource,
  signal: AbortSignal,
  onEnd: (reason: string) => void,
): EntriesView {
  const status = element("p", { role: "status" });
  const pause = element("button", { type: "button", "aria-pressed": "false" }, "Pause");
  const older = element("button", { type: "button", hidden: "" }, "Show older entries");
  const rows = makeRows((field, value) => filters.narrow(field, value));
  const filters = makeFilters(
    () => void run(begin),
    (field) => rows.values(NAME_OF.get(field) ?? field),
  );
  const say = (text: string) => {
    // An unchanged text is left alone: a screen reader would read it again.
    if (status.textContent !== text) status.textContent = text;
  };
  const feed = newFeed({ source, signal, rows, filter: filters.current, say, onEnd });
  const run = <T>(work: (feed: Feed) => Promise<T>): Promise<T> => {
    const offerOlder = () => {
      older.hidden = feed.cursor === undefined;
    };
    const working = work(feed);
    // What begins anew has forgotten where it was already.
    offerOlder();
    return working.finally(offerOlder);
  };

  const following = follow(async () => {
    const found = await run(lookForNews);
    if (found && rows.size() >= MAX_FOLLOWED) {
      setPaused(true, `Paused: ${rows.size()} entries are shown, and new ones wait.`);
    }
    return found;
  }, signal);
  const setPaused = (paused: boolean, reason: string) => {
    pause.ariaPressed = String(paused);
    say(reason);
    if (paused) following.pause();
    else {
      if (rows.size() >= MAX_FOLLOWED) feed.state = "new";
      following.soon();
    }
  };
  pause.addEventListener("click", () => {
    const paused = pause.ariaPressed !== "true";
    setPaused(paused, paused ? "Paused: new entries wait." : "New entries appear by themselves.");
  });
  older.addEventListener("click", () => void run(readOlder));

  following.soon();
  return {
    root: element(
      "div",
      { class: "console-part" },
      element("div", { class: "heading" }, element("h3", {}, "Entries"), pause),
      filters.root,
      status,
      rows.list,
      older,
    ),
    refresh() {
      if (pause.ariaPressed !== "true") following.soon();
    },
  };
}
