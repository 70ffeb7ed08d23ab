import vm from "node:vm";
import type { PushedModule } from "../deploy/request.ts";

/** The exports of an evaluated module. */
export type Namespace = Readonly<Record<string, unknown>>;

/** One context's instances of a program's modules. */
export interface Instance {
  /** Evaluates the module (and what it imports) once in this context. */
  readonly load: (path: string) => Promise<Namespace>;
}

/** Bundled modules that are compiled once and instantiated in any number of contexts. */
export interface Program {
  readonly paths: readonly string[];
  has(path: string): boolean;
  instantiate(context: vm.Context): Instance;
}

/** Node has this since 13.7; its types do not. */
type Cacheable = vm.SourceTextModule & { createCachedData(): Buffer };

function resolvePath(specifier: string, referrer: string): string {
  return new URL(specifier, `file:///${referrer}`).pathname.slice(1);
}

function sourcesOf(modules: readonly PushedModule[]): ReadonlyMap<string, string> {
  return new Map(
    modules.flatMap(({ path, source, environment }) =>
      environment === "isolate" ? [[path, source] as const] : [],
    ),
  );
}

/**
 * Prepares modules for contexts made by `vm.createContext`.
 *
 * V8's code cache is kept per module, so that a context made for one request parses nothing.
 * Needs `--experimental-vm-modules`.
 */
export function createProgram(modules: readonly PushedModule[]): Program {
  const sources = sourcesOf(modules);
  const cachedData = new Map<string, Buffer>();

  function compile(
    path: string,
    context: vm.Context,
    load: Instance["load"],
    get: (path: string) => vm.SourceTextModule,
  ): vm.SourceTextModule {
    const source = sources.get(path);
    if (source === undefined) throw new Error(`Could not find module "${path}" in the push`);
    const cached = cachedData.get(path);
    const module = new vm.SourceTextModule(source, {
      context,
      identifier: path,
      ...(cached === undefined ? {} : { cachedData: cached }),
      // Node accepts a namespace here too, which its types do not say.
      importModuleDynamically: async (specifier) => {
        const target = resolvePath(specifier, path);
        await load(target);
        return get(target);
      },
    });
    if (cached === undefined) cachedData.set(path, (module as Cacheable).createCachedData());
    return module;
  }

  function instantiate(context: vm.Context): Instance {
    const instances = new Map<string, vm.SourceTextModule>();
    const loads = new Map<string, Promise<Namespace>>();
    const get = (path: string): vm.SourceTextModule => {
      const existing = instances.get(path);
      if (existing !== undefined) return existing;
      const module = compile(path, context, load, get);
      instances.set(path, module);
      return module;
    };
    // Leaves first: Node 20 lets go of a linked module's imports only when `link` was called on itself,
    // and would otherwise keep the whole context alive.
    const linkLeavesFirst = async (path: string, visited: Set<string>): Promise<void> => {
      if (visited.has(path)) return;
      visited.add(path);
      const module = get(path);
      for (const specifier of module.dependencySpecifiers) {
        await linkLeavesFirst(resolvePath(specifier, path), visited);
      }
      if (module.status !== "unlinked") return;
      await module.link((specifier, referrer) => get(resolvePath(specifier, referrer.identifier)));
    };
    // Node does not wait for a dependency that another root is still linking, so roots queue up.
    let linked: Promise<void> = Promise.resolve();
    const link = (path: string): Promise<void> => {
      const next = linked.then(() => linkLeavesFirst(path, new Set()));
      linked = next.catch(() => undefined);
      return next;
    };
    const evaluate = async (path: string): Promise<Namespace> => {
      await link(path);
      const module = get(path);
      await module.evaluate();
      return module.namespace as Namespace;
    };
    const load = (path: string): Promise<Namespace> => {
      const pending = loads.get(path) ?? evaluate(path);
      loads.set(path, pending);
      return pending;
    };
    return { load };
  }

  return { paths: [...sources.keys()], has: (path) => sources.has(path), instantiate };
}
