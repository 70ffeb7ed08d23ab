import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";

/** The revisions that our servers speak, oldest first. */
export const revisions = ["2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"] as const;

/** A revision of the protocol. */
export type Revision = (typeof revisions)[number];

/** A revision's schema, or that of the tasks extension. */
export type SchemaName = Revision | "tasks";

/** A definition of a schema, as far as it is looked into. */
export interface Definition {
  readonly anyOf?: readonly { readonly $ref?: string }[];
  readonly properties?: Readonly<Record<string, Definition>>;
  readonly allOf?: readonly Definition[];
  readonly const?: unknown;
}

interface Schema {
  readonly name: SchemaName;
  /** Where the definitions are: the key moved with the draft. */
  readonly key: "definitions" | "$defs";
  readonly definitions: Readonly<Record<string, Definition>>;
  readonly ajv: Ajv;
}

const loaded = new Map<SchemaName, Schema>();

/** The official schema of this name, read when it is first needed. */
export function schemaOf(name: SchemaName): Schema {
  const known = loaded.get(name);
  if (known) return known;
  const file = new URL(`../schemas/${name}.json`, import.meta.url);
  const json = JSON.parse(readFileSync(file, "utf8"));
  const key = "$defs" in json ? "$defs" : "definitions";
  const options = { strict: false, allowUnionTypes: true, allErrors: false };
  const ajv = key === "$defs" ? new Ajv2020(options) : new Ajv(options);
  formats.default(ajv);
  ajv.addSchema(json, name);
  const schema: Schema = { name, key, definitions: json[key], ajv };
  loaded.set(name, schema);
  return schema;
}

/**
 * What a definition has against a value: `undefined` when nothing.
 *
 * @throws Error when the schema has no definition of this name.
 */
export function faultOf(schema: Schema, definition: string, value: unknown): string | undefined {
  const validate: ValidateFunction | undefined = schema.ajv.getSchema(
    `${schema.name}#/${schema.key}/${definition}`,
  );
  if (!validate) throw new Error(`The schema ${schema.name} defines no ${definition}.`);
  if (validate(value)) return undefined;
  const faults = (validate.errors ?? []).map(({ instancePath, message, params }) => {
    return `${instancePath || "it"} ${message} ${JSON.stringify(params)}`;
  });
  return `${definition}: ${faults.join("; ")}`;
}

/** The definitions that a union names, by the method that each is for. */
export function byMethod({ definitions }: Schema, union: string): ReadonlyMap<string, string> {
  const names = (definitions[union]?.anyOf ?? []).map(({ $ref }) => $ref?.split("/").at(-1) ?? "");
  return new Map(
    names.flatMap((name) => {
      const method = definitions[name]?.properties?.["method"]?.const;
      return typeof method === "string" ? [[method, name] as const] : [];
    }),
  );
}
