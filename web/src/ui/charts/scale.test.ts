import { describe, expect, it } from "vitest";

import { isLabelled, ticks } from "./scale";

describe("ticks", () => {
  it.each([
    [0, [0, 1]],
    [1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [37, [0, 10, 20, 30, 40]],
    [40, [0, 10, 20, 30, 40]],
    [41, [0, 10, 20, 30, 40, 50]],
    [260, [0, 100, 200, 300]],
    [405, [0, 100, 200, 300, 400, 500]],
  ])("reach %s", (highest, expected) => {
    expect(ticks(highest)).toEqual(expected);
  });

  it("are few and reach the highest value", () => {
    for (let highest = 1; highest < 5_000; highest += 7) {
      const found = ticks(highest);
      expect(found.at(-1)).toBeGreaterThanOrEqual(highest);
      expect(found.length).toBeLessThanOrEqual(7);
    }
  });
});

describe("labels", () => {
  it("fit their room, and the last is shown", () => {
    for (const count of [1, 2, 7, 26, 100])
      for (const room of [1, 3, 6, 40]) {
        const shown = Array.from({ length: count }, (_, index) => isLabelled(index, count, room));
        expect(shown.filter(Boolean).length).toBeLessThanOrEqual(room);
        expect(shown.at(-1)).toBe(true);
      }
  });
});
