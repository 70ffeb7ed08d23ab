import {
  type ClientCapabilities,
  canBeAsked,
  MissingCapability,
  toClientRequest,
} from "@convex-mcp/protocol";
import type { UserIdentity } from "convex/server";
import type { ComponentApi } from "../component/_generated/component.js";
import type { Handle } from "../component/handle.ts";
import { platformIdentity } from "../identity/caller.ts";
import { toCrossing } from "../streaming/interruption.ts";
import type { Line, McpCallCtx } from "../streaming/line.ts";
import { type Pace, poll } from "../streaming/poll.ts";
import type { Reply, Reports } from "../streaming/reports.ts";

/** People take their time, and each look is a function call. */
const PATIENT: Pace = { firstMs: 500, mostMs: 5_000 };

/** The line of a task's run. It writes to the task, where the owner finds it. */
export function taskLine(
  ctx: McpCallCtx,
  { taskCalls }: Pick<ComponentApi, "taskCalls">,
  handle: Handle,
): Line {
  const cancelled = new AbortController();
  let known: Promise<Caller | null> | undefined;
  let last = Number.NEGATIVE_INFINITY;

  /** A run has no identity. Code that has one runs for somebody else, unless it is the owner's. */
  async function key() {
    const identity = await platformIdentity(ctx.auth);
    return { handle, ...(identity === null ? {} : { owner: identity.tokenIdentifier }) };
  }

  function caller(): Promise<Caller | null> {
    known ??= key()
      .then((by) => ctx.runQuery(taskCalls.caller, by))
      .then((found) => found && read(found));
    return known;
  }

  /** Whether there is somebody to whom it was told. */
  function heard(told: { cancelled: boolean } | null): boolean {
    if (told?.cancelled === true) cancelled.abort();
    return told?.cancelled === false;
  }

  return {
    connected: true,
    signal: cancelled.signal,
    identity: async () => (await caller())?.identity ?? null,
    progress: async (report) => {
      if (!(report.value > last)) return;
      last = report.value;
      const message = toMessage(report);
      heard(await ctx.runMutation(taskCalls.tell, { ...(await key()), message }));
    },
    log: async () => undefined,
    ask: async (question) => {
      const by = await key();
      const { capabilities = {} } = (await caller()) ?? {};
      const { method, params, needs } = toClientRequest(question.method, question.params);
      if (!canBeAsked(capabilities, needs)) throw missing(needs);
      const asked = { ...by, key: question.key, method, params: JSON.stringify(params) };
      if (!heard(await ctx.runMutation(taskCalls.ask, asked))) return undefined;
      // `null` ends the wait: nobody replies any more.
      const json = await poll(PATIENT, cancelled.signal, async () => {
        const found = await ctx.runQuery(taskCalls.replyTo, { ...by, key: question.key });
        if (found?.cancelled === true) cancelled.abort();
        return found === null ? null : found.reply;
      });
      return typeof json === "string" ? (JSON.parse(json) as Reply) : undefined;
    },
  };
}

interface Caller {
  readonly identity: UserIdentity;
  readonly capabilities: ClientCapabilities;
}

/** Written by the gateway, in the same deployment. */
function read({ identity, capabilities }: { identity: string; capabilities: string }): Caller {
  return {
    identity: JSON.parse(identity) as UserIdentity,
    capabilities: JSON.parse(capabilities) as ClientCapabilities,
  };
}

function toMessage({ value, total, message }: Reports["progress"]): string {
  const far = total === undefined ? String(value) : `${value} of ${total}`;
  return message === undefined ? far : `${message} (${far})`;
}

function missing(needs: MissingCapability["required"]): Error {
  const { name, message, required } = new MissingCapability(needs);
  return toCrossing({ name, message, required: JSON.stringify(required) });
}
