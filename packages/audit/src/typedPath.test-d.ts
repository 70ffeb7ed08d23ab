import { describe, expectTypeOf, it } from "vitest";
import type { PathOf } from "./typedPath.ts";

interface Order {
  readonly id: number;
  readonly customer: { readonly email: string; readonly "x.y": string };
  readonly items: readonly { readonly sku: string; readonly tags?: string[] }[];
  readonly meta: Record<string, { deep: string }>;
  readonly anything: unknown;
  readonly payment: { card: string } | { iban: string } | null;
}

interface Tree {
  readonly name: string;
  readonly children: readonly Tree[];
}

describe("PathOf", () => {
  it("has fields, items, wildcards and names at any depth", () => {
    expectTypeOf<"customer">().toExtend<PathOf<Order>>();
    expectTypeOf<"customer.email">().toExtend<PathOf<Order>>();
    expectTypeOf<'customer["x.y"]'>().toExtend<PathOf<Order>>();
    expectTypeOf<"items.sku">().toExtend<PathOf<Order>>();
    expectTypeOf<"items[0].sku">().toExtend<PathOf<Order>>();
    expectTypeOf<"items[*].tags[1]">().toExtend<PathOf<Order>>();
    expectTypeOf<"items.*.sku">().toExtend<PathOf<Order>>();
    expectTypeOf<"*.email">().toExtend<PathOf<Order>>();
    expectTypeOf<"payment.card">().toExtend<PathOf<Order>>();
    expectTypeOf<"payment.iban">().toExtend<PathOf<Order>>();
    expectTypeOf<"**.email">().toExtend<PathOf<Order>>();
  });

  it("lets through what it cannot know", () => {
    expectTypeOf<"meta.any.deep">().toExtend<PathOf<Order>>();
    expectTypeOf<"anything.at[3].all">().toExtend<PathOf<Order>>();
    expectTypeOf<"whatever">().toExtend<PathOf<unknown>>();
    expectTypeOf<"children.children.name">().toExtend<PathOf<Tree>>();
    expectTypeOf<"children.children.children.children.children.far.name">().toExtend<
      PathOf<Tree>
    >();
  });

  it("refuses what the value cannot have", () => {
    expectTypeOf<"customer.mail">().not.toExtend<PathOf<Order>>();
    expectTypeOf<"items.sku.x">().not.toExtend<PathOf<Order>>();
    expectTypeOf<"payment.cart">().not.toExtend<PathOf<Order>>();
    expectTypeOf<"customer.x-z">().not.toExtend<PathOf<Order>>();
    expectTypeOf<"id.x">().not.toExtend<PathOf<Order>>();
    expectTypeOf<"children.nam">().not.toExtend<PathOf<Tree>>();
  });
});
