import { MissingCapability } from "../rpc/channel.ts";
import type { Channel, Keyed } from "../rpc/channel.ts";
import { declares, readAnswer, toRequest } from "./clientRequest.ts";
import type { Conversation } from "./asker.ts";

/** The part of a channel that asks. */
export function toQuestions(
  conversation: Conversation,
): Pick<Channel, "capabilities" | "elicit" | "sample" | "listRoots"> {
  let asked = 0;

  const asks =
    <Asked extends Keyed, T>(verb: Parameters<typeof toRequest>[0]) =>
    async (question?: Asked): Promise<T> => {
      // Counted before anything is awaited, so that questions asked at once keep their numbers.
      asked += 1;
      const key = question?.key ?? `question-${asked}`;
      const { needs, ...request } = toRequest(verb, question);
      if (!declares(await conversation.capabilities(), needs)) throw new MissingCapability(needs);
      const read = (answer: unknown) => readAnswer(request, answer) as T | undefined;
      return await conversation.ask({ ...request, key, read });
    };

  return {
    capabilities: conversation.capabilities,
    elicit: asks("elicit"),
    sample: asks("sample"),
    listRoots: asks("listRoots"),
  };
}
