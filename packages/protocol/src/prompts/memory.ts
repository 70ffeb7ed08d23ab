import { decline, uniquely, visible } from "../memory/guard.ts";
import type { Authorize } from "../memory/guard.ts";
import type { Caller } from "../rpc/caller.ts";
import type { SessionStore } from "../sessions/store.ts";
import { fixedList } from "../wire/listing.ts";
import type { CacheHint, GetPromptResult, Prompt } from "../wire/types.ts";
import type { GetPromptRequest, PromptCatalog } from "./catalog.ts";

/** A prompt that this process fills in. */
export interface InProcessPrompt<C, P> {
  readonly definition: Prompt;
  /** The required arguments are there; those that the definition does not name are not. */
  readonly get: (
    args: Readonly<Record<string, string>>,
    invocation: { readonly caller: Caller<C, P>; readonly request: GetPromptRequest },
  ) => GetPromptResult | Promise<GetPromptResult>;
}

/** Options of {@link memoryPrompts}. */
export interface MemoryPromptsOptions<C, P> {
  /** In the order in which they are listed. */
  readonly prompts: readonly InProcessPrompt<C, P>[];
  /** Where a request's session is checked; the same store as the handler's. */
  readonly sessions?: SessionStore<C, P>;
  /** How long clients may keep the list, and for whom. */
  readonly cache?: CacheHint;
  /** Default: everyone may use every prompt. */
  readonly authorize?: Authorize<C, P, Prompt>;
}

/** A catalog of prompts that this process fills in. @throws TypeError when two have the same name. */
export function memoryPrompts<C, P>(options: MemoryPromptsOptions<C, P>): PromptCatalog<C, P> {
  const { sessions, cache, authorize } = options;
  const prompts = uniquely("prompts", options.prompts, ({ definition }) => definition.name);
  const listed = fixedList(options.prompts.map(({ definition }) => definition));
  return {
    cache,
    list: (caller) => visible(authorize, caller, listed),
    async get(caller, request) {
      const prompt = prompts.get(request.name);
      const declined = await decline(authorize, sessions, caller, prompt?.definition);
      if (declined && declined.kind !== "unknown") return declined;
      if (declined || prompt === undefined) return { kind: "notFound" };
      const { arguments: known = [] } = prompt.definition;
      const missing = known.find(
        ({ name, required }) => required && !Object.hasOwn(request.arguments, name),
      );
      if (missing) {
        const message = `The prompt ${request.name} needs the argument ${missing.name}.`;
        return { kind: "invalid", message };
      }
      const args = Object.fromEntries(
        known.flatMap(({ name }) => {
          const value = Object.hasOwn(request.arguments, name)
            ? request.arguments[name]
            : undefined;
          return value === undefined ? [] : [[name, value]];
        }),
      );
      return { kind: "result", result: await prompt.get(args, { caller, request }) };
    },
  };
}
