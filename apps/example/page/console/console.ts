import { showChain } from "./chain.ts";
import { element } from "./dom.ts";
import { showEntries } from "./entries.ts";
import { showExport } from "./exporting.ts";
import type { AuditSource } from "./source.ts";
import { showStatistics } from "./statistics.ts";

/** A console that is shown. */
export interface AuditConsole {
  /** Looks for new entries now, unless it is paused. */
  readonly refresh: () => void;
}

/**
 * Shows the audit log in `root`: entries as they come, filters, charts, the state of the chain, an export. It asks `source` until
 * `signal` is aborted, or until the app refuses; then it shows why, and nothing else.
 */
export function showConsole(
  root: HTMLElement,
  source: AuditSource,
  signal: AbortSignal,
): AuditConsole {
  const refused = new AbortController();
  const going = AbortSignal.any([signal, refused.signal]);
  const entries = showEntries(source, going, (reason) => {
    refused.abort();
    root.replaceChildren(element("p", { role: "status" }, reason));
  });
  root.classList.add("console");
  root.replaceChildren(
    showStatistics(source, going),
    element(
      "details",
      { class: "console-box" },
      element("summary", {}, "Verify and export"),
      element(
        "div",
        { class: "console-charts" },
        showChain(source, going),
        showExport(source, going),
      ),
    ),
    entries.root,
  );
  return { refresh: entries.refresh };
}
