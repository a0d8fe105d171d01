import type { Question } from "practice-client";
import { describe, expect, test } from "vitest";

import { type Answer, type Draft, answerOf, answerTexts } from "./answers";

const CHOICES = [
  { id: "a", text: "one" },
  { id: "b", text: "two" },
];
const question = (kind: Question["kind"]): Question => ({
  question_id: "q",
  kind,
  prompt: "?",
  hints_left: 0,
  ...(kind.startsWith("multi") ? { choices: CHOICES } : {}),
});

describe("a draft becomes", () => {
  test.each<[Question["kind"], Draft, Answer]>([
    ["multiple_choice", ["b"], "b"],
    ["multi_select", ["b", "a"], ["b", "a"]],
    ["numeric", [" 1 1/2 "], "1 1/2"],
    ["short_answer", [" C sharp"], " C sharp"],
    ["free_response", ["Because.\n"], "Because.\n"],
    ["self_rated", ["good"], "good"],
  ])("the answer of %s", (kind, draft, answer) => {
    expect(answerOf(question(kind), draft, "en")).toEqual(answer);
  });

  test.each<[Question["kind"], string]>([
    ["multiple_choice", "chooseOne"],
    ["multi_select", "chooseSome"],
    ["numeric", "empty"],
    ["short_answer", "empty"],
    ["free_response", "empty"],
    ["self_rated", "rate"],
  ])("no answer of %s while it is empty", (kind, slip) => {
    expect(answerOf(question(kind), [], "en")).toEqual({ kind: slip });
    expect(answerOf(question(kind), [""], "en")).toEqual(kind === "multi_select" ? [""] : { kind: slip });
  });
});

describe("a number", () => {
  test.each([
    ["3,5", "3.5"],
    ["-0,25 m", "-0.25 m"],
    ["1,234", "1.234"],
    ["1.234,5", "1.234,5"],
    ["0.125", "0.125"],
    ["3/4", "3/4"],
  ])("%j in German is %j", (text, expected) => {
    expect(answerOf(question("numeric"), [text], "de")).toBe(expected);
  });

  test("of a question with a decimal mark is sent as it was typed", () => {
    const marked: Question = { ...question("numeric"), decimal_mark: "," };
    expect(answerOf(marked, [" 1.234 "], "en")).toBe("1.234");
    expect(answerOf(marked, ["3,5"], "de")).toBe("3,5");
  });

  test("that has two meanings is asked about", () => {
    const short = "1234";
    expect(answerOf(question("numeric"), ["1.234"], "de")).toEqual({
      kind: "ambiguous",
      short,
      long: "1,234",
    });
    expect(answerOf(question("numeric"), ["1,234"], "en")).toEqual({
      kind: "ambiguous",
      short,
      long: "1.234",
    });
    expect(answerOf(question("numeric"), ["1.234"], "en")).toBe("1.234");
    expect(answerOf(question("numeric"), ["1,234,567"], "en")).toBe("1,234,567");
  });
});

test("answers are named by the words of their choices", () => {
  expect(answerTexts(["b", "a"], question("multi_select"))).toEqual(["two", "one"]);
  expect(answerTexts(12, undefined)).toEqual(["12"]);
});
