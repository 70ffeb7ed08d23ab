import {
  type Channel,
  InputRequired,
  isInterruption as isOfProtocol,
  MissingCapability,
} from "@convex-mcp/protocol";
import { ConvexError } from "convex/values";
import type { Conversation, Interruption } from "../calls/conversation.ts";
import { interrupted } from "../calls/end.ts";
import { watchQuestions } from "../calls/questions.ts";

/** What an interruption is where it has to cross from an action to the HTTP action: of errors only this one does whole. */
type Crossing = ConvexError<{ reason: string; name: string; message: string; required: string }>;

const REASON = "convex-mcp-gateway: interrupted";

/**
 * Whether an error is how a question ends a run, and no failure: of `channel.elicit` or of `mcpCall(...).elicit`. Let it
 * pass; where it is caught, a client of 2026-07-28 is asked all the same.
 */
export function isInterruption(error: unknown): boolean {
  return isOfProtocol(error) || isCrossing(error);
}

/** An interruption as an action throws it. */
export function toCrossing(error: Omit<Crossing["data"], "reason">): Crossing {
  return new ConvexError({ reason: REASON, ...error });
}

function isCrossing(error: unknown): error is Crossing {
  if (!(error instanceof ConvexError)) return false;
  const data: unknown = error.data;
  return typeof data === "object" && data !== null && "reason" in data && data.reason === REASON;
}

/** What interrupted a run, of what that threw, if anything did. */
export function toOriginal(error: unknown): Interruption["error"] | undefined {
  if (isOfProtocol(error)) return error;
  if (!isCrossing(error)) return undefined;
  const { name, message, required } = error.data;
  return name === "MissingCapability"
    ? new MissingCapability(JSON.parse(required) as MissingCapability["required"])
    : new InputRequired(message);
}

/** A channel whose questions are watched. */
export interface WatchedChannel {
  readonly channel: Channel;
  /**
   * What interrupted the run, if anything did: what it threw, or a question that the client is put all the same,
   * whatever the run then made of it.
   */
  readonly interruptionOf: Conversation["interruptionOf"];
}

/** Watches how the questions of a run go. */
export function watchInterruptions(whole: Channel): WatchedChannel {
  const { channel, asked } = watchQuestions(whole);
  return {
    channel,
    interruptionOf: (thrown, { durationMs = 0 }) => {
      const error = asked() ?? toOriginal(thrown);
      return error && { error, end: interrupted(error, durationMs) };
    },
  };
}
