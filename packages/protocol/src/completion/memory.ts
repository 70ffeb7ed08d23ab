import { decline } from "../memory/guard.ts";
import type { Authorize } from "../memory/guard.ts";
import type { Caller } from "../rpc/caller.ts";
import type { SessionStore } from "../sessions/store.ts";
import type { CompletionReference } from "../wire/types.ts";
import type { CompletionRequest, CompletionSource } from "./source.ts";

/** Suggests values for what the user has typed, best first. */
export type Completer<C, P> = (
  value: string,
  details: { readonly caller: Caller<C, P>; readonly request: CompletionRequest },
) => readonly string[] | Promise<readonly string[]>;

/** Completers by the name of their argument or variable. */
export type Completers<C, P> = Readonly<Record<string, Completer<C, P>>>;

/** Options of {@link memoryCompletion}. */
export interface MemoryCompletionOptions<C, P> {
  /** By the name of the prompt. */
  readonly prompts?: Readonly<Record<string, Completers<C, P>>>;
  /** By the URI template, as it is listed. */
  readonly templates?: Readonly<Record<string, Completers<C, P>>>;
  /** Where a request's session is checked; the same store as the handler's. */
  readonly sessions?: SessionStore<C, P>;
  /** Suggestions tell what there is: allow them where the prompt or template is. Default: to everyone. */
  readonly authorize?: Authorize<C, P, CompletionReference>;
}

/** Suggestions that this process makes. */
export function memoryCompletion<C, P>(
  options: MemoryCompletionOptions<C, P>,
): CompletionSource<C, P> {
  const { prompts = {}, templates = {}, sessions, authorize } = options;

  function find({ ref, argument }: CompletionRequest): Completer<C, P> | undefined {
    const completers = ref.type === "ref/prompt" ? own(prompts, ref.name) : own(templates, ref.uri);
    return completers && own(completers, argument.name);
  }

  return {
    async complete(caller, request) {
      const completer = find(request);
      const declined = await decline(authorize, sessions, caller, completer && request.ref);
      if (declined && declined.kind !== "unknown") return declined;
      if (declined || completer === undefined) return { kind: "notFound" };
      const values = await completer(request.argument.value, { caller, request });
      return { kind: "result", completion: { values, total: values.length } };
    },
  };
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
