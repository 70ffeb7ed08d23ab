/** Levels that are checked; below them any path is accepted. */
type Less = [never, 0, 1, 2, 3, 4];
type Levels = 4;

/**
 * The redaction paths that a value of type `T` can have, so that a misspelt one does not compile. Anything goes below
 * five levels, in what is `unknown`, `any` or a record, and after `*.` and `**.`: a union of what may follow
 * there would be too long for the compiler.
 *
 * @example
 * type Order = { customer: { email: string }; items: { sku: string }[] };
 * const path: PathOf<Order> = "items.sku"; // also "items[0].sku", "items.*.sku", "customer.email", "**.email"
 */
export type PathOf<T> = `**.${string}` | Below<T, "", Levels>;

type Leaf =
  | string
  | number
  | boolean
  | bigint
  | symbol
  | null
  | undefined
  | ArrayBuffer
  | ArrayBufferView
  | ((...args: never) => unknown);

/** The paths to all that is within a value of type `T`, whose own path is `P`. */
type Below<T, P extends string, D extends number> = unknown extends T
  ? `${Dotted<P>}${string}`
  : [D] extends [never]
    ? `${Dotted<P>}${string}`
    : T extends Leaf
      ? never
      : T extends { toJSON: (...args: never) => infer J }
        ? Below<J, P, Less[D]>
        : T extends readonly (infer I)[]
          ? Each<P> | At<I, `${P}[${"*" | number}]`, Less[D]> | Below<I, P, Less[D]>
          : T extends object
            ? Each<P> | Fields<T, P, D>
            : never;

type Fields<T, P extends string, D extends number> = {
  [K in keyof T & (string | number)]: At<T[K], Field<P, `${K}`>, Less[D]>;
}[keyof T & (string | number)];

type At<T, P extends string, D extends number> = P | Below<T, P, D>;

type Each<P extends string> = `${Dotted<P>}*` | `${Dotted<P>}*.${string}`;

type Dotted<P extends string> = P extends "" ? "" : `${P}.`;

/** A name with a mark of the grammar in it stands in quotes. */
type Field<
  P extends string,
  K extends string,
> = K extends `${string}${"." | "[" | "]" | "*" | '"' | "'" | " "}${string}`
  ? `${P}["${K}"]`
  : `${Dotted<P>}${K}`;
