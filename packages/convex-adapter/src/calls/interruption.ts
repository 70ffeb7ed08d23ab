import {
  type Channel,
  InputRequired,
  isInterruption,
  MissingCapability,
} from "@convex-mcp/protocol";

/** How a question ends a run, and is no failure. */
export type Interruption = InputRequired | MissingCapability;

/** A channel whose questions are watched. */
export interface WatchedChannel {
  readonly channel: Channel;
  /**
   * What interrupted the run, if anything did: what it threw, or a question that the client is put all the same,
   * whatever the run then made of it.
   */
  readonly interruptionOf: (thrown: unknown) => Interruption | undefined;
}

/** Watches how the questions of a run go. */
export function watchInterruptions(channel: Channel): WatchedChannel {
  let asked: InputRequired | undefined;
  const watched =
    <Question, Result>(put: (question: Question) => Promise<Result>) =>
    async (question: Question): Promise<Result> => {
      try {
        return await put(question);
      } catch (error) {
        if (error instanceof InputRequired) asked ??= error;
        throw error;
      }
    };
  const questions = {
    elicit: watched(channel.elicit),
    sample: watched(channel.sample),
    listRoots: watched(channel.listRoots),
  };
  return {
    // By delegation: a channel makes its signal when it is looked at.
    channel: Object.assign(Object.create(channel) as Channel, questions),
    interruptionOf: (thrown) => asked ?? (isInterruption(thrown) ? thrown : undefined),
  };
}
