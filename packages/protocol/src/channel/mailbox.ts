import type { Caller } from "../rpc/caller.ts";

/** What a client answered to a question: a result, or an error. JSON, foreign. */
export type MailboxAnswer =
  | { readonly kind: "result"; readonly result: unknown }
  | { readonly kind: "error"; readonly error: unknown };

/**
 * Where the answers to a server's questions arrive: by another POST, perhaps in another process.
 * Letters belong to the session that was asked, and expire.
 */
export interface Mailbox<C, P> {
  /** Expects an answer of the caller's session until a time (milliseconds since 1970). */
  open(caller: Caller<C, P>, id: string, expiresAt: number): Promise<void>;
  /** Leaves an answer. `false`: none is expected, or not any more, or not of this session. */
  put(caller: Caller<C, P>, id: string, answer: MailboxAnswer): Promise<boolean>;
  /** Waits for the answer and takes it; `undefined` when `signal` aborts or the time is over. */
  wait(caller: Caller<C, P>, id: string, signal: AbortSignal): Promise<MailboxAnswer | undefined>;
}

interface Letter {
  readonly sessionId: string | undefined;
  readonly expiresAt: number;
  readonly answered: Promise<MailboxAnswer>;
  readonly answer: (answer: MailboxAnswer) => void;
}

/** A mailbox in this process' memory. The sessions it is used with are their owner's: they were checked. */
export function memoryMailbox<C, P>(options: { readonly now?: () => number } = {}): Mailbox<C, P> {
  const { now = Date.now } = options;
  const letters = new Map<string, Letter>();

  function find({ sessionId }: Caller<C, P>, id: string): Letter | undefined {
    const letter = letters.get(id);
    const isTheirs = letter !== undefined && letter.sessionId === sessionId;
    return isTheirs && letter.expiresAt > now() ? letter : undefined;
  }

  return {
    async open({ sessionId }, id, expiresAt) {
      let answer: Letter["answer"] = () => undefined;
      const answered = new Promise<MailboxAnswer>((resolve) => {
        answer = resolve;
      });
      letters.set(id, { sessionId, expiresAt, answered, answer });
    },
    async put(caller, id, answer) {
      const letter = find(caller, id);
      letter?.answer(answer);
      return letter !== undefined;
    },
    async wait(caller, id, signal) {
      const letter = find(caller, id);
      if (!letter) return undefined;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const given = new Promise<undefined>((resolve) => {
        if (signal.aborted) resolve(undefined);
        signal.addEventListener("abort", () => resolve(undefined), { once: true });
        timer = setTimeout(() => resolve(undefined), letter.expiresAt - now());
      });
      try {
        return await Promise.race([letter.answered, given]);
      } finally {
        clearTimeout(timer);
        letters.delete(id);
      }
    },
  };
}
