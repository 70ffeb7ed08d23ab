/** One run of the official suite. */
export interface Suite {
  /** As it is printed, and named in the file of expected failures. */
  readonly name: string;
  /** The installed version of `@modelcontextprotocol/conformance`. */
  readonly version: "conformance-0.1" | "conformance-0.2";
  readonly args: readonly string[];
  /** How many scenarios it has: with fewer results a run is no evidence. */
  readonly scenarios: number;
  /** Checks that it skips whatever the server does, as `scenario check`; none other may be skipped. */
  readonly skips?: readonly string[];
}

/** What a server has to pass. 2025-03-26 has a single scenario: the tests of the protocol carry it. */
export const suites: readonly Suite[] = [
  {
    name: "2026-07-28",
    version: "conformance-0.2",
    args: ["--requirements", "2026-07-28"],
    scenarios: 50,
    // The suite has no way yet to hear of a task while it listens.
    skips: ["tasks-status-notifications tasks-status-notifications"],
  },
  {
    name: "2025-11-25",
    version: "conformance-0.2",
    args: ["--requirements", "2025-11-25"],
    scenarios: 33,
  },
  {
    name: "2025-06-18",
    version: "conformance-0.2",
    args: ["--suite", "all", "--spec-version", "2025-06-18"],
    scenarios: 27,
  },
  {
    name: "0.1.16 active",
    version: "conformance-0.1",
    args: ["--suite", "active"],
    scenarios: 30,
  },
];
