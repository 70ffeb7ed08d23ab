import { startApp, type Answer, type User } from "./mcp.ts";

/** May read what needs a scope. */
export const carol: User = { subject: "carol", scope: "papers:read" };

/** The mount of the fixture app that has resources and prompts, as a client of one user sees it. */
export function startShelf(path = "/shelf/mcp") {
  const { t, as } = startApp();
  const asReader = (user?: User) => {
    const { rpc, initialize } = as(user, path);
    /** The members of a list by one of their fields. */
    const list = async (method: string, member: string, field: string) => {
      const { body } = await rpc(method, {});
      const items = (body?.result?.[member] ?? []) as Record<string, string>[];
      return items.map((item) => item[field]);
    };
    return {
      rpc,
      initialize,
      resources: () => list("resources/list", "resources", "uri"),
      templates: () => list("resources/templates/list", "resourceTemplates", "uriTemplate"),
      prompts: () => list("prompts/list", "prompts", "name"),
      read: (uri: string, headers?: Record<string, string>) =>
        rpc("resources/read", { uri }, headers),
      prompt: (name: string, args?: object, headers?: Record<string, string>) =>
        rpc("prompts/get", { name, arguments: args }, headers),
      complete: (ref: Ref, name: string, value: string, context?: object) =>
        rpc("completion/complete", {
          ref: "name" in ref ? { type: "ref/prompt", ...ref } : { type: "ref/resource", ...ref },
          argument: { name, value },
          ...(context === undefined ? {} : { context: { arguments: context } }),
        }),
    };
  };
  return { t, as: asReader };
}

type Ref = { readonly name: string } | { readonly uri: string };

/** A part of an answer that the tests of resources and prompts look at. */
export const contentsOf = ({ body }: Answer) => body?.result?.["contents"];
export const messagesOf = ({ body }: Answer) => body?.result?.["messages"];
export const completionOf = ({ body }: Answer) => body?.result?.["completion"];
