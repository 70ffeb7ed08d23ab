import { type Channel, InputRequired } from "@convex-mcp/protocol";

/** A channel whose questions are watched. */
export interface WatchedChannel {
  readonly channel: Channel;
  /** The first question that ended the round: the client is put it, whatever the code that asked makes of that. */
  readonly asked: () => InputRequired | undefined;
}

/** Watches how the questions of a run go. */
export function watchQuestions(channel: Channel): WatchedChannel {
  let asked: InputRequired | undefined;
  const watched = <Question, Result>(put: (question: Question) => Promise<Result>) => ({
    value: (question: Question) =>
      put(question).catch((error: unknown) => {
        if (error instanceof InputRequired) asked ??= error;
        throw error;
      }),
  });
  // By delegation: a channel makes its signal when it is looked at, and one that nobody listens to is frozen.
  const delegate = Object.create(channel, {
    elicit: watched(channel.elicit),
    sample: watched(channel.sample),
    listRoots: watched(channel.listRoots),
  }) as Channel;
  return { channel: delegate, asked: () => asked };
}
