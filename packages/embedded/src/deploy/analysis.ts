import type { ConvexGlobal } from "../runtime/bridge.ts";
import { kindOf } from "../runtime/bridge.ts";
import { createProgram } from "../runtime/program.ts";
import type { Realm, RealmFactory } from "../runtime/realm.ts";
import type { PushedDefinition, PushedModule, PushRequest } from "./request.ts";

/** A component mounted by a definition, as `defineApp().use()` exports it. */
export interface ChildComponent {
  readonly name: string;
  readonly path: string;
}

interface Definition {
  readonly path: string;
  readonly definitionType: { readonly type: string; readonly name?: string };
  readonly childComponents: readonly ChildComponent[];
  readonly exports: ExportBranch;
  readonly [field: string]: unknown;
}

interface ExportBranch {
  readonly type: "branch";
  readonly branch: [string, ExportBranch | { readonly type: "leaf"; readonly leaf: string }][];
}

interface AnalyzedFunction {
  readonly name: string;
  readonly pos: null;
  readonly udfType: "Query" | "Mutation" | "Action";
  readonly visibility: { readonly kind: "public" | "internal" };
  readonly args: string;
  readonly returns: string;
}

interface AnalyzedModule {
  readonly functions: readonly AnalyzedFunction[];
  readonly httpRoutes: null;
  readonly cronSpecs: null;
  readonly sourceMapped: null;
}

/** What a deployment answers about one definition (convex `deployApi/componentDefinition.ts`). */
export interface EvaluatedDefinition {
  readonly definition: Definition;
  readonly schema: unknown;
  readonly functions: Readonly<Record<string, AnalyzedModule>>;
  readonly udfConfig: object;
}

/** Every definition of a push, by its path. */
export type Analysis = ReadonlyMap<string, EvaluatedDefinition>;

const UDF_TYPES = { query: "Query", mutation: "Mutation", action: "Action" } as const;

const unreachable = (): never => {
  throw new Error("Convex functions cannot be called while modules are imported");
};
const importTimeConvex: ConvexGlobal = {
  syscall: unreachable,
  asyncSyscall: unreachable,
  jsSyscall: unreachable,
};

/** A realm for looking at modules that run nothing. */
export function createImportRealm(
  realms: RealmFactory,
  modules: readonly PushedModule[],
  env: Readonly<Record<string, string>>,
): Realm {
  return realms.create(createProgram(modules), {
    kind: "transaction",
    env,
    convex: importTimeConvex,
    now: Date.now,
    performanceNow: () => 0,
    log: () => undefined,
  });
}

/** How a definition's bundle imports the components it uses (the CLI's `componentDefinitionImport`). */
function dependencyModule(path: string, name: string): PushedModule {
  const exported = JSON.stringify({ componentDefinitionPath: path, defaultName: name });
  return {
    path: `_componentDeps/${Buffer.from(path).toString("base64url")}`,
    source: `export default ${exported};`,
    environment: "isolate",
  };
}

async function evaluateDefinition(
  realms: RealmFactory,
  pushed: PushedDefinition,
  names: ReadonlyMap<string, string>,
): Promise<Definition> {
  if (pushed.definition === null) {
    const exports: ExportBranch = { type: "branch", branch: [] };
    const definitionType = { type: "app" };
    return { path: pushed.path, definitionType, childComponents: [], httpMounts: {}, exports };
  }
  const dependencies = pushed.dependencies.map((path) =>
    dependencyModule(path, names.get(path) ?? ""),
  );
  const realm = createImportRealm(realms, [pushed.definition, ...dependencies], {});
  const namespace = await realm.load(pushed.definition.path);
  const exported = (namespace.default as { export(): Definition }).export();
  return { ...exported, path: pushed.path };
}

function analyzeModule(namespace: Readonly<Record<string, unknown>>): AnalyzedModule {
  const functions = Object.entries(namespace).flatMap(([name, exported]) => {
    const kind = kindOf(exported);
    if (kind === null) return [];
    const registered = exported as {
      isPublic?: true;
      exportArgs(): string;
      exportReturns(): string;
    };
    return [
      {
        name,
        pos: null,
        udfType: UDF_TYPES[kind],
        visibility: { kind: registered.isPublic === true ? "public" : "internal" } as const,
        args: registered.exportArgs(),
        returns: registered.exportReturns(),
      },
    ];
  });
  return { functions, httpRoutes: null, cronSpecs: null, sourceMapped: null };
}

async function analyzeFunctions(
  realms: RealmFactory,
  modules: readonly PushedModule[],
  env: Readonly<Record<string, string>>,
): Promise<Record<string, AnalyzedModule>> {
  const realm = createImportRealm(realms, modules, env);
  const analyzed: Record<string, AnalyzedModule> = {};
  for (const { path, environment } of modules) {
    if (path.startsWith("_deps/") || environment !== "isolate" || path === "auth.config.js")
      continue;
    analyzed[path] = analyzeModule(await realm.load(path));
  }
  return analyzed;
}

async function evaluateSchema(realms: RealmFactory, schema: PushedModule | null): Promise<unknown> {
  if (schema === null) return null;
  const namespace = await createImportRealm(realms, [schema], {}).load(schema.path);
  return JSON.parse((namespace.default as { export(): string }).export()) as unknown;
}

/** Public functions only, by file (convex-backend `file_based_routing.rs`). */
function exportsOf(functions: Readonly<Record<string, AnalyzedModule>>): ExportBranch {
  const root: ExportBranch = { type: "branch", branch: [] };
  for (const [file, analyzed] of Object.entries(functions)) {
    const module = file.replace(/\.js$/, "");
    for (const { name, visibility } of analyzed.functions) {
      if (visibility.kind !== "public") continue;
      let branch = root;
      for (const part of module.split("/")) branch = childBranch(branch, part);
      branch.branch.push([name, { type: "leaf", leaf: `_reference/function/${module}:${name}` }]);
    }
  }
  return root;
}

function childBranch(parent: ExportBranch, name: string): ExportBranch {
  for (const [existing, child] of parent.branch) {
    if (existing === name && child.type === "branch") return child;
  }
  const created: ExportBranch = { type: "branch", branch: [] };
  parent.branch.push([name, created]);
  return created;
}

/** Evaluates a push as a deployment does: definitions, schemas, and what each module exports. */
export async function analyzePush(
  realms: RealmFactory,
  request: PushRequest,
  env: Readonly<Record<string, string>>,
): Promise<Analysis> {
  const analysis = new Map<string, EvaluatedDefinition>();

  async function evaluate(pushed: PushedDefinition): Promise<EvaluatedDefinition> {
    const known = analysis.get(pushed.path);
    if (known !== undefined) return known;
    const names = new Map<string, string>();
    for (const path of pushed.dependencies) {
      const dependency = request.components.get(path);
      if (dependency === undefined) throw new Error(`Component "${path}" is missing in the push`);
      const { definition } = await evaluate(dependency);
      names.set(path, definition.definitionType.name ?? "");
    }
    const isApp = pushed.path === "";
    const functions = await analyzeFunctions(realms, pushed.modules, isApp ? env : {});
    const definition = await evaluateDefinition(realms, pushed, names);
    const exports: ExportBranch = isApp ? { type: "branch", branch: [] } : exportsOf(functions);
    const evaluated: EvaluatedDefinition = {
      definition: { ...definition, exports },
      schema: await evaluateSchema(realms, pushed.schema),
      functions,
      udfConfig: { serverVersion: "0", importPhaseRngSeed: null, importPhaseUnixTimestamp: null },
    };
    analysis.set(pushed.path, evaluated);
    return evaluated;
  }

  await evaluate(request.app);
  return analysis;
}
