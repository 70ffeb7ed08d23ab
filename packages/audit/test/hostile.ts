/** Makers of values that break naive walkers, by what they make. */
export const HOSTILE: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  symbol: () => Symbol("s"),
  function: () => () => 1,
  bigint: () => 2n ** 80n,
  NaN: () => Number.NaN,
  "lone surrogates": () => ({ "\ud800": "\udc00".repeat(5000) }),
  "a getter that throws": thrower,
  "a toJSON that throws": () => ({ toJSON: fail, token: 1 }),
  "a toJSON that returns itself anew": regrowing,
  "a proxy that throws": () => new Proxy({}, throwingTraps()),
  "a proxy of an array that throws": () => ({ list: new Proxy([], throwingTraps()) }),
  "a revoked proxy": () => revoked({}),
  "a revoked proxy of an array": () => [revoked([])],
  "a cycle": cycle,
  "a cycle of arrays": arrayCycle,
  "a cycle with two ways": twoWays,
  "shared parts, 2^60 as a tree": () => nested(60, (value) => ({ a: value, b: value })),
  "shared arrays, 2^60 as a tree": () => nested(60, (value) => [value, value]),
  "arrays 100,000 deep": () => nested(100_000, (value) => [value]),
  "objects 100,000 deep": () => nested(100_000, (value) => ({ a: value })),
  "a sparse array": () => sparse(4_000_000_000),
  "a class instance": () => new Account(),
  "no prototype": () => Object.assign(Object.create(null) as object, { token: 1, a: { b: 2 } }),
  "a field named __proto__": () => JSON.parse('{"__proto__":{"token":1},"a":{"__proto__":2}}'),
  "an invalid date": () => ({ at: new Date(Number.NaN) }),
  "a map, a set, a regexp, an error": () => [new Map([[1, 2]]), new Set([1]), /x/, new Error("x")],
  "typed arrays": () => [
    new Uint8Array(1e6),
    new Float64Array(3),
    new DataView(new ArrayBuffer(9)),
  ],
  "a buffer": () => ({ data: new ArrayBuffer(1e6) }),
  "a forged buffer": () => ({ [Symbol.toStringTag]: "ArrayBuffer", length: 1e9 }),
  "a shadowed typed array": () =>
    Object.defineProperty(new Uint8Array(4), "byteLength", { value: 1e15 }),
  "an array with a species": species,
  "a long name": () => ({ ["k".repeat(1e6)]: 1 }),
  "names that look alike when cut": alike,
  "many names": () => Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, i])),
  "many undefined": () =>
    Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, undefined])),
  "many undefined, met again and again": () =>
    Array.from<unknown>({ length: 2000 }).fill(
      Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, undefined])),
    ),
};

class Account {
  readonly token = "t";
  readonly #hidden = 1;
  get hidden(): number {
    return this.#hidden;
  }
}

function fail(): never {
  throw new Error("hostile");
}

function thrower(): object {
  return Object.defineProperty({ a: { b: 1 }, token: "t" }, "boom", {
    get: fail,
    enumerable: true,
  });
}

function throwingTraps(): ProxyHandler<object> {
  return {
    get: fail,
    has: fail,
    ownKeys: fail,
    getPrototypeOf: fail,
    getOwnPropertyDescriptor: fail,
  };
}

function regrowing(): object {
  return { toJSON: () => ({ a: regrowing(), b: regrowing() }) };
}

function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function cycle(): object {
  const value: Record<string, unknown> = { a: { token: 1 } };
  (value["a"] as Record<string, unknown>)["up"] = value;
  return value;
}

function arrayCycle(): unknown[] {
  const value: unknown[] = [1];
  value.push(value, value);
  return value;
}

function twoWays(): object {
  const value: Record<string, unknown> = { token: 1 };
  return Object.assign(value, { left: value, right: { back: value, items: [value, value] } });
}

function nested(depth: number, around: (value: unknown) => unknown): unknown {
  let value: unknown = { token: "t" };
  for (let i = 0; i < depth; i++) value = around(value);
  return value;
}

function sparse(length: number): unknown[] {
  const value: unknown[] = [];
  value.length = length;
  return [value];
}

function species(): unknown[] {
  const value: unknown[] = [{ token: 1 }];
  const own = {
    [Symbol.species]: function Same() {
      return value;
    },
  };
  return Object.assign(value, { constructor: own, slice: () => value, map: () => value });
}

function alike(): object {
  const same = "n".repeat(300);
  return Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`${same}${1000 + i}`, i]));
}
