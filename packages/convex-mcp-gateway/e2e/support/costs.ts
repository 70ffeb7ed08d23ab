import type { App, SendOptions } from "./app.ts";

/** What one request cost, and the answers to what it asked: calls by name, polls apart, whose number is a matter of time. */
export interface Costs {
  /** Made by the HTTP actions of this path. */
  readonly http: readonly string[];
  /** Made by the action that is the tool. */
  readonly action: readonly string[];
  /** By name. */
  readonly polls: Readonly<Record<string, number>>;
}

const POLLS: ReadonlySet<string> = new Set([
  "reports:list",
  "reports:replyTo",
  "mailbox:arrived",
  "cancellations:wished",
  "streams:replay",
]);

/** Sends one message, answers what its stream asks, and says what that took. */
export async function costsOf(
  app: App,
  message: unknown,
  options: SendOptions,
  answer: object = { action: "accept", content: { name: "Ada" } },
): Promise<Costs> {
  app.embedded.resetCalls();
  const response = await app.send(message, options);
  let text = "";
  const decoder = new TextDecoder();
  const answered = new Set<string>();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    for (const [, id = ""] of text.matchAll(/"id":"([^"]+)","method":"elicitation/g)) {
      if (answered.has(id)) continue;
      answered.add(id);
      await app.send({ jsonrpc: "2.0", id, result: answer }, options);
    }
  }
  const calls = app.embedded.calls();
  const polls: Record<string, number> = {};
  for (const { name } of calls) if (POLLS.has(name)) polls[name] = (polls[name] ?? 0) + 1;
  const others = calls.filter(({ name }) => !POLLS.has(name));
  const ofHttp = (caller: string) => caller.startsWith("POST ") || caller.startsWith("GET ");
  return {
    http: others
      .filter(({ caller }) => ofHttp(caller))
      .map(({ name }) => name)
      .toSorted(),
    action: others
      .filter(({ caller }) => !ofHttp(caller))
      .map(({ name }) => name)
      .toSorted(),
    polls,
  };
}
