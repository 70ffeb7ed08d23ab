/** One bundled file of a push. */
export interface PushedModule {
  readonly path: string;
  readonly source: string;
  readonly environment: "isolate" | "node";
}

/** The root app, or one component definition, as the CLI bundled it. */
export interface PushedDefinition {
  /** "" for the app, else the path of the component's folder relative to the app's. */
  readonly path: string;
  readonly definition: PushedModule | null;
  /** Definition paths of the components that it mounts. */
  readonly dependencies: readonly string[];
  readonly schema: PushedModule | null;
  readonly modules: readonly PushedModule[];
}

/** What `POST /api/deploy2/start_push` carries, as far as an engine needs it. */
export interface PushRequest {
  readonly app: PushedDefinition;
  readonly components: ReadonlyMap<string, PushedDefinition>;
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fieldsOf(value: unknown, what: string): Fields {
  if (!isFields(value)) throw new TypeError(`Expected ${what} to be an object in the push request`);
  return value;
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value))
    throw new TypeError(`Expected ${what} to be a list in the push request`);
  return value;
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== "string") {
    throw new TypeError(`Expected ${what} to be a string in the push request`);
  }
  return value;
}

function parseModule(value: unknown): PushedModule {
  const { path, source, environment } = fieldsOf(value, "a module");
  return {
    path: textOf(path, "a module's path"),
    source: textOf(source, "a module's source"),
    environment: environment === "node" ? "node" : "isolate",
  };
}

function parseDefinition(value: unknown, path: string, modulesField: string): PushedDefinition {
  const fields = fieldsOf(value, "a definition");
  return {
    path,
    definition: fields.definition === null ? null : parseModule(fields.definition),
    dependencies: listOf(fields.dependencies, "dependencies").map((entry) =>
      textOf(entry, "a dependency"),
    ),
    schema: fields.schema === null ? null : parseModule(fields.schema),
    modules: listOf(fields[modulesField], modulesField).map(parseModule),
  };
}

/**
 * Reads the body of `start_push` (field names: convex `deployApi/definitionConfig.ts`).
 * Throws a `TypeError` that names the field when the CLI sends something else.
 */
export function parsePushRequest(body: unknown): PushRequest {
  const fields = fieldsOf(body, "the body");
  const components = new Map<string, PushedDefinition>();
  for (const entry of listOf(fields.componentDefinitions, "componentDefinitions")) {
    const path = textOf(fieldsOf(entry, "a component").definitionPath, "definitionPath");
    components.set(path, parseDefinition(entry, path, "functions"));
  }
  return { app: parseDefinition(fields.appDefinition, "", "changedModules"), components };
}
