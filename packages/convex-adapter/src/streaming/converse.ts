import { modernVersions } from "@convex-mcp/protocol";
import { type Conversation, type Converse, runCode } from "../calls/conversation.ts";
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
  const way = {
    ctx: context.ctx,
    component: config.component,
    key: { handle, owner: platformOwnerOf(principal) },
    channel,
    inRounds: modernVersions.some((version) => version === protocolVersion),
  };
  return { handle, run: () => relay(way, runCode(watched, tool, handle)), interruptionOf };
};
