import { errorCodes, type Mailbox, type MailboxAnswer } from "@convex-mcp/protocol";
import { misuseOf } from "../calls/record.ts";
import { sessionKey } from "../calls/session.ts";
import type { Config } from "../config.ts";
import type { Principal } from "../identity/principal.ts";
import type { RequestScope } from "../identity/scope.ts";
import { poll, PROMPT } from "./poll.ts";

/** Characters of an answer, as JSON: it has to fit into a document of 1 MiB, at up to 3 bytes each. */
const MAX_ANSWER = 256 * 1024;

/**
 * Letters in the component's table: one mutation to ask, one to answer and one to take the answer; and while somebody
 * waits a query after 0.25, 0.6, 1.2, 2 seconds and then each second.
 *
 * @param outlivesStream - whether an answer is of use to a client that left its stream.
 */
export function createMailbox(
  config: Config,
  outlivesStream: boolean,
): Mailbox<RequestScope, Principal> {
  const { mailbox } = config.component;
  return {
    open: async (caller, letterId, expiresAt) => {
      const session = sessionKey(caller);
      if (session === undefined) return;
      await caller.context.ctx.runMutation(mailbox.open, { session, letterId, expiresAt });
    },
    put: async (caller, letterId, answer) => {
      const session = sessionKey(caller);
      if (session === undefined) return false;
      const letter = { session, letterId, answer: toJson(answer), misuse: misuseOf(config) };
      return caller.context.ctx.runMutation(mailbox.put, letter);
    },
    wait: async (caller, letterId, signal) => {
      const { ctx } = caller.context;
      const session = sessionKey(caller);
      if (session === undefined) return undefined;
      const letter = { session, letterId };
      const arrived = await poll(PROMPT, signal, async () => {
        if (caller.signal.aborted && !outlivesStream) return null;
        // `null` ends the wait: nothing will arrive any more.
        const there = await ctx.runQuery(mailbox.arrived, letter);
        return there === false ? undefined : there;
      });
      if (arrived !== true) return undefined;
      const json = await ctx.runMutation(mailbox.take, letter);
      return json === null ? undefined : (JSON.parse(json) as MailboxAnswer);
    },
  };
}

function toJson(answer: MailboxAnswer): string {
  const json = JSON.stringify(answer);
  if (json.length <= MAX_ANSWER) return json;
  const message = `The answer has ${json.length} characters, and may have ${MAX_ANSWER}.`;
  const tooLong: MailboxAnswer = { kind: "error", error: { code: errorCodes.refused, message } };
  return JSON.stringify(tooLong);
}
