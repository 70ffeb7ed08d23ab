import { type GenericValidator, v, type Value } from "convex/values";
import fc from "fast-check";

/** Any code unit near the surrogates, so that pairs and halves both come up. */
const surrogates = fc.string({
  unit: fc.integer({ min: 0xd7f8, max: 0xe008 }).map((unit) => String.fromCharCode(unit)),
  maxLength: 4,
});
const hostileText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 8 }),
  surrogates,
  fc.constantFrom("", "5", "-0", "00", "AP8=", "NaN", "a", "x", "9223372036854775808"),
);
const hostileKeys = fc.oneof(
  fc.constantFrom(
    "__proto__",
    "constructor",
    "toString",
    "$integer",
    "$ref",
    "é",
    "",
    "type",
    "f0",
  ),
  hostileText,
);

/** JSON as a hostile client would send it: odd keys, half surrogates, numbers out of every range, deep nesting. */
export function hostileJson(): fc.Arbitrary<unknown> {
  const leaf = fc.oneof(
    hostileText,
    fc.double({ noNaN: true }),
    fc.integer(),
    fc.constantFrom(null, true, false, 0, -0, 5, 2 ** 53, Infinity),
  );
  const tree = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      fc.array(tie("node"), { maxLength: 4 }),
      fc
        .array(fc.tuple(hostileKeys, tie("node")), { maxLength: 4 })
        .map((entries): unknown => Object.fromEntries(entries)),
    ),
  })).node;
  const nested = fc
    .tuple(tree, fc.integer({ min: 55, max: 200 }), fc.boolean())
    .map(([inner, levels, inArrays]) => {
      let value = inner;
      for (let level = 0; level < levels; level++) value = inArrays ? [value] : { a: value };
      return value;
    });
  return fc.oneof({ weight: 9, arbitrary: tree }, { weight: 1, arbitrary: nested });
}

const literals = fc.oneof(
  fc.string({ maxLength: 3 }).map((text) => v.literal(text)),
  fc.integer().map((number) => v.literal(number)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((int) => v.literal(int)),
  fc.boolean().map((flag) => v.literal(flag)),
);
const fieldNames = fc.stringMatching(/^[a-z]{1,3}$/);

/**
 * Random validators, but for `any`, whose values lose their types on the way. The members of their unions can be told
 * apart on the wire: an int64 and a string, or two objects without a tag, cannot.
 */
export function validators(): fc.Arbitrary<GenericValidator> {
  const plain = fc.constantFrom<GenericValidator>(
    v.string(),
    v.id("users"),
    v.float64(),
    v.int64(),
    v.boolean(),
    v.null(),
    v.bytes(),
  );
  return fc.letrec<{ node: GenericValidator; objects: GenericValidator; union: GenericValidator }>(
    (tie) => ({
      node: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        plain,
        literals,
        tie("node").map((element): GenericValidator => v.array(element as never)),
        tie("node").map((value): GenericValidator => v.record(v.string(), value as never)),
        tie("objects"),
        tie("union"),
      ),
      objects: fc
        .dictionary(fieldNames, fc.tuple(tie("node"), fc.boolean()), { maxKeys: 4 })
        .map((fields): GenericValidator => v.object(toFields(fields))),
      union: unions(tie("node"), tie("objects")),
    }),
  ).node;
}

function toFields(fields: Record<string, [GenericValidator, boolean]>) {
  return Object.fromEntries(
    Object.entries(fields).map(([key, [field, optional]]) => [
      key,
      (optional ? v.optional(field as never) : field) as never,
    ]),
  );
}

function unions(
  node: fc.Arbitrary<GenericValidator>,
  objects: fc.Arbitrary<GenericValidator>,
): fc.Arbitrary<GenericValidator> {
  const scalars = fc.constantFrom<readonly GenericValidator[]>(
    [v.int64()],
    [v.float64(), v.string()],
    [v.float64(), v.bytes()],
    [v.id("users")],
    [v.literal("a"), v.literal("b"), v.literal(7)],
    [v.literal(7n), v.literal(8n)],
    [],
  );
  const tagged = fc.array(objects, { minLength: 1, maxLength: 3 }).map((members) =>
    members.map((member, index): GenericValidator => {
      const fields = member.kind === "object" ? member.fields : {};
      return v.object({ ...fields, type: v.literal(`t${index}`) });
    }),
  );
  return fc
    .tuple(
      scalars,
      fc.option(tagged, { nil: [] }),
      fc.option(node, { nil: undefined }),
      fc.subarray<GenericValidator>([v.null(), v.boolean()], { minLength: 1 }),
    )
    .chain(([some, shapes, element, rest]) => {
      const arrays: readonly GenericValidator[] =
        element === undefined ? [] : [v.array(element as never)];
      const members = [...some, ...shapes, ...arrays, ...rest];
      return fc.shuffledSubarray(members, { minLength: members.length });
    })
    .map((members): GenericValidator => v.union(...(members as never[])));
}

/** Random values of a validator, as Convex can store them. */
export function valuesOf(validator: GenericValidator): fc.Arbitrary<Value> {
  switch (validator.kind) {
    case "string":
    case "id":
      return fc.string({ unit: "binary", maxLength: 6 });
    case "float64":
      // JSON has no minus zero to give back.
      return fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0);
    case "int64":
    case "commitTs":
      return fc.oneof(
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.constantFrom(0n, -1n, 2n ** 53n, -(2n ** 63n), 2n ** 63n - 1n),
      );
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "bytes":
      return fc.uint8Array({ maxLength: 5 }).map((bytes) => Uint8Array.from(bytes).buffer);
    case "literal":
      return fc.constant(validator.value);
    case "any":
      return fc.constantFrom<Value>(null, 1, "x", [true]);
    case "array":
      return fc.array(valuesOf(validator.element), { maxLength: 3 });
    case "record":
      return fc
        .array(fc.tuple(fc.stringMatching(/^[ -#%-~][ -~]{0,4}$/), valuesOf(validator.value)), {
          maxLength: 3,
        })
        .map((entries) => Object.fromEntries(entries));
    case "object":
      return objectsOf(validator.fields);
    case "union":
      return fc.oneof(...validator.members.map((member: GenericValidator) => valuesOf(member)));
  }
}

function objectsOf(fields: Readonly<Record<string, GenericValidator>>): fc.Arbitrary<Value> {
  const entries = Object.entries(fields).map(([key, field]) => {
    const entry = valuesOf(field).map((value): [string, Value][] => [[key, value]]);
    return field.isOptional === "optional" ? fc.option(entry, { nil: [] }) : entry;
  });
  return fc.tuple(...entries).map((lists) => Object.fromEntries(lists.flat()));
}

/** A validator with a value of it. */
export function validated(): fc.Arbitrary<{ validator: GenericValidator; value: Value }> {
  return validators().chain((validator) =>
    valuesOf(validator).map((value) => ({ validator, value })),
  );
}

/** A validator with JSON that it accepts: int64 as numbers where they are exact. */
export function spellingsOf({
  validator,
  value,
}: {
  validator: GenericValidator;
  value: Value;
}): fc.Arbitrary<{ validator: GenericValidator; json: unknown }> {
  return fc.infiniteStream(fc.boolean()).map((choices) => ({
    validator,
    json: respell(value, () => choices.next().value === true),
  }));
}

function respell(value: Value, asNumber: () => boolean): unknown {
  if (typeof value === "bigint") {
    const number = Number(value);
    return asNumber() && Number.isSafeInteger(number) ? number : value.toString();
  }
  if (Array.isArray(value)) return value.map((item: Value) => respell(item, asNumber));
  if (value instanceof ArrayBuffer) return Buffer.from(value).toString("base64");
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, respell(field as Value, asNumber)]),
  );
}
