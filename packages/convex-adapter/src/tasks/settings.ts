/** Settings of tasks. */
export interface TaskSettings {
  /** How long a task is kept, from its creation on. */
  readonly ttlMs: number;
  /** How long clients should wait between two looks. */
  readonly pollIntervalMs: number;
  /** Tasks of one owner that go on at the same time; a further one is refused. */
  readonly maxOpen: number;
  /** Tasks of one owner in all; a further one replaces the oldest that has ended. */
  readonly maxKept: number;
}
