import type { LoggedItem } from "practice-client";
import { describe, expect, test } from "vitest";

import { analyse, correlation, median } from "./analysis";

const entry = (index: number, node_id: string, correct: boolean | null, more: Partial<LoggedItem> = {}) =>
  ({
    index,
    node_id,
    correct,
    hinted: false,
    duration_ms: 1_000 * (index + 1),
    answer: "x",
    ...more,
  }) as LoggedItem;
const texts = ({ node_id, answer }: LoggedItem) => ({ prompt: `${node_id}?`, answer: String(answer) });

describe("the analysis of questions", () => {
  const work = [
    [entry(0, "a", true), entry(1, "b", true), entry(2, "c", true)],
    [entry(0, "a", true), entry(1, "b", false, { answer: "5" }), entry(2, "b", true), entry(3, "c", false)],
    [entry(0, "a", false, { answer: "7" }), entry(1, "b", false, { answer: "5" }), entry(2, "c", false)],
    [entry(0, "a", true, { hinted: true, answer: "2" }), entry(1, "done", null)],
  ];
  const [a, b] = analyse(work, texts);

  test("counts first tries alone, and a hint is no first try that was right", () => {
    expect(a).toMatchObject({ nodeId: "a", prompt: "a?", students: 4, rightShare: 0.5 });
    expect(b).toMatchObject({ nodeId: "b", students: 3, rightShare: 1 / 3 });
  });

  test("names the commonest wrong answers", () => {
    expect(b?.wrong).toEqual([{ text: "5", count: 2 }]);
  });

  test("tells those who know the rest from those who do not", () => {
    // Shares of the others: 1, 0 of 2 (b, c), 0 of 2; the fourth answered no other.
    expect(a?.discrimination).toBeCloseTo(0.5);
    expect(analyse(work.slice(0, 2), texts)[0]?.discrimination).toBeNull();
  });

  test("has the median of times", () => {
    expect(a?.medianSeconds).toBe(1);
    expect(median([])).toBeNull();
    expect(median([4, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  test("leaves out what is no answer", () => {
    expect(analyse(work, texts).map(({ nodeId }) => nodeId)).toEqual(["a", "b", "c"]);
  });
});

test("a correlation is null where nothing varies", () => {
  expect(
    correlation([
      [1, 0.2],
      [1, 0.4],
      [1, 0.9],
    ]),
  ).toBeNull();
  expect(
    correlation([
      [0, 0],
      [1, 1],
      [0, 0],
    ]),
  ).toBeCloseTo(1);
});
