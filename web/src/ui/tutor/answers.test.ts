import type { Question } from "practice-client";
import { describe, expect, test } from "vitest";

import { type Answer, type Draft, answerOf, answerTexts, promptOf, separatorOf } from "./answers";

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

describe("a draft in parts becomes", () => {
  const ordering = question("ordering");
  const arranged: Question = { ...ordering, choices: CHOICES };
  const matching: Question = { ...question("matching"), choices: CHOICES, items: [{ id: "1", text: "un" }] };
  const cloze: Question = {
    ...question("cloze"),
    prompt: "{{x}} and {{y_1}} and {{x}}",
    blanks: [
      { id: "x", kind: "numeric" },
      { id: "y_1", kind: "multiple_choice", choices: ["one", "two"] },
    ],
  };

  test("an order, which begins as it is shown", () => {
    expect(answerOf(arranged, [], "en")).toEqual(["a", "b"]);
    expect(answerOf(arranged, ["b", "a"], "en")).toEqual(["b", "a"]);
  });

  test("a choice for each item", () => {
    expect(answerOf(matching, [""], "en")).toEqual({ kind: "matchAll" });
    expect(answerOf(matching, ["b"], "en")).toEqual(["b"]);
    expect(answerTexts(["b"], matching)).toEqual(["un → two"]);
  });

  test("a text for each blank", () => {
    expect(answerOf(cloze, ["1", " "], "en")).toEqual({ kind: "fillAll" });
    expect(answerOf(cloze, ["3,5", "two"], "de")).toEqual(["3.5", "two"]);
    expect(answerOf(cloze, ["1,234", "b"], "en")).toMatchObject({ kind: "ambiguous" });
  });

  test("mathematics as it was typed", () => {
    const blanks: Question["blanks"] = [{ id: "x", kind: "expression" }];
    expect(answerOf({ ...cloze, blanks }, [" 1,234x "], "de")).toEqual(["1,234x"]);
    expect(answerOf({ ...cloze, blanks }, [""], "en")).toEqual({ kind: "fillAll" });
  });

  test("blanks are shown with their numbers", () => {
    expect(promptOf(cloze)).toBe("……\u2060(1) and ……\u2060(2) and ……\u2060(3)");
    expect(promptOf({ ...cloze, kind: "numeric" })).toBe(cloze.prompt);
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

test("entries with commas of their own have semicolons between them", () => {
  expect(separatorOf(["x = 1", "2"])).toBe(", ");
  expect(separatorOf(["1, -1", "2"])).toBe("; ");
});

test("answers are named by the words of their choices", () => {
  expect(answerTexts(["b", "a"], question("multi_select"))).toEqual(["two", "one"]);
  expect(answerTexts(12, undefined)).toEqual(["12"]);
});
