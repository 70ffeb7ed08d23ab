import { describe, expect, it } from "vitest";
import { createClock } from "./clock.ts";
import { invocations, type Invocation } from "./invocation.ts";

describe("createClock", () => {
  it("fires what is due in order, and nothing else", () => {
    const clock = createClock(() => 0);
    const fired: string[] = [];
    clock.setTimer(() => fired.push("late"), 3_000);
    clock.setTimer(() => fired.push("second"), 2_000);
    clock.setTimer(() => fired.push("first"), 1_000);
    const cancelled = clock.setTimer(() => fired.push("cancelled"), 1_000);
    clock.clearTimer(cancelled);
    clock.skip(2_500);
    expect(clock.now()).toBe(2_500);
    expect(clock.fireDue()).toBe(2);
    expect(fired).toEqual(["first", "second"]);
    expect(clock.fireDue()).toBe(0);
  });

  it("fires in real time too", async () => {
    const clock = createClock();
    await new Promise<void>((resolve) => clock.setTimer(resolve, 5));
  });

  it("runs callbacks outside of the function that set them", () => {
    const clock = createClock(() => 0);
    let seen: unknown = "not run";
    const outer = { name: "outer" } as Invocation;
    invocations.run(outer, () => {
      clock.setTimer(() => {
        seen = invocations.getStore();
      });
      clock.fireDue();
    });
    expect(seen).toBeUndefined();
  });
});
