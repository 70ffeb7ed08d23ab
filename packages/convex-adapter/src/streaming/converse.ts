import { modernVersions } from "@convex-mcp/protocol";
import type { ReadyCall } from "../calls/call.ts";
import { type Conversation, runCode } from "../calls/conversation.ts";
import { besideArgs } from "../calls/entry.ts";
import { recordingOf } from "../calls/record.ts";
import type { Recording } from "../component/shared.ts";
import type { Converse, Config } from "../config.ts";
import { platformOwnerOf } from "../identity/principal.ts";
import { watchInterruptions } from "./interruption.ts";
import { relay } from "./relay.ts";

/**
 * Lets an action talk to its caller: inline code through its channel, another through a handle. A handle is made, and
 * looked at, only for an action that takes one and a client that can be told something.
 */
export const converse: Converse = (config, call, tool): Conversation => {
  const { channel, interruptionOf } = watchInterruptions(call.channel);
  const watched = { ...call, channel };
  const { run } = tool;
  if ("handler" in run || !run.takesHandle || !channel.listens) {
    return { run: () => runCode(watched, tool), interruptionOf };
  }
  // No id of the client's: those of a batch, or of two sessions, may be the same.
  const handle = { id: crypto.randomUUID(), token: crypto.randomUUID() };
  const { principal, context, protocolVersion } = call.caller;
  const inRounds = modernVersions.some((version) => version === protocolVersion);
  const way = {
    ctx: context.ctx,
    component: config.component,
    key: { handle, owner: platformOwnerOf(principal) },
    channel,
    inRounds,
    recording: inRounds ? wishOf(config, call) : undefined,
  };
  return { handle, run: () => relay(way, runCode(watched, tool, handle)), interruptionOf };
};

/** That the caller of a request without a session goes away, which is a wish; in a session that is a message of its own. */
function wishOf(config: Config, { caller, entry }: ReadyCall): Recording | undefined {
  if (caller.principal.kind === "anonymous") return undefined;
  return recordingOf(config, { ...besideArgs(entry), kind: "cancellation", outcome: "ok" });
}
