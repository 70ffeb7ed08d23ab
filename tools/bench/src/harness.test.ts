import { describe, expect, it } from "vitest";
import { compete, measure, orderOf } from "./harness.ts";

describe("compete", () => {
  it("runs each once a round, in the order of the round", async () => {
    const order: number[] = [];
    const contestants = [0, 1, 2].map((index) => ({
      name: String(index),
      round: async () => order.push(index),
    }));
    await compete(contestants, 4);
    expect(order).toEqual([0, 1, 2, 3].flatMap((round) => orderOf(3, round)));
  });

  it("pairs the costs of one round", async () => {
    const weather = [1, 100, 1, 1];
    const contestant = (name: string, factor: number) => {
      let round = 0;
      return { name, round: async () => factor * (weather[round++] ?? 0) };
    };
    const standings = await compete([contestant("slow", 3), contestant("base", 1)], 4);
    expect(standings.costs("slow")).toEqual([3, 300, 3, 3]);
    expect(standings.ratio("slow", "base")).toEqual({ median: 3, p10: 3, p90: 3, minMin: 3 });
    expect(() => standings.ratio("slow", "none")).toThrow(/"none"/);
  });
});

describe("orderOf", () => {
  it.each([2, 3, 4, 7, 8, 12])("lets %d follow each other equally often", (count) => {
    const rounds = count % 2 === 0 ? count : 2 * count;
    const starts = new Map<number, number>();
    const pairs = new Map<string, number>();
    for (let round = 0; round < rounds; round += 1) {
      const order = orderOf(count, round);
      expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      starts.set(order[0] ?? -1, (starts.get(order[0] ?? -1) ?? 0) + 1);
      for (let at = 1; at < count; at += 1) {
        const pair = `${order[at - 1]} ${order[at]}`;
        pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
      }
    }
    expect(starts.size).toBe(count);
    expect(new Set(starts.values()).size).toBe(1);
    expect(pairs.size).toBe(count * (count - 1));
    expect(new Set(pairs.values()).size).toBe(1);
  });
});

describe("measure", () => {
  it("gives each call the next turn, and tells cheap from dear", async () => {
    const turns: number[] = [];
    const work = (amount: number) => {
      let sum = 0;
      for (let i = 0; i < amount; i += 1) sum += Math.sqrt(i);
      return sum;
    };
    const standings = await measure(
      [
        { name: "dear", run: () => work(200_000) },
        { name: "base", run: async () => work(2000) },
        { name: "counted", run: (turn) => turns.push(turn) },
      ],
      { rounds: 3, sliceMs: 1 },
    );
    expect(standings.ratio("dear", "base").median).toBeGreaterThan(10);
    expect(turns.slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
    expect(new Set(turns).size).toBe(turns.length);
  });
});
