import { MissingCapability } from "../rpc/channel.ts";
import type { Channel, Keyed } from "../rpc/channel.ts";
import { canBeAsked, readClientAnswer, toClientRequest } from "./clientRequest.ts";
import type { Conversation } from "./asker.ts";

/** The part of a channel that asks. */
export function toQuestions(
  conversation: Conversation,
): Pick<Channel, "capabilities" | "elicit" | "sample" | "listRoots"> {
  let asked = 0;

  const asks =
    <T>(verb: Parameters<typeof toClientRequest>[0]) =>
    async (question?: Keyed): Promise<T> => {
      // Counted before anything is awaited, so that questions asked at once keep their numbers.
      asked += 1;
      const key = question?.key ?? `question-${asked}`;
      const { needs, ...request } = toClientRequest(verb, question);
      if (!canBeAsked(await conversation.capabilities(), needs)) throw new MissingCapability(needs);
      const read = (answer: unknown) => readClientAnswer(request, answer) as T | undefined;
      return await conversation.ask({ ...request, key, read });
    };

  return {
    capabilities: conversation.capabilities,
    elicit: asks("elicit"),
    sample: asks("sample"),
    listRoots: asks("listRoots"),
  };
}
