import type { LoggedItem } from "practice-client";
import { expect, it } from "vitest";

import { missedOf } from "./missed";

const item = (fields: Partial<LoggedItem>) =>
  ({
    node_id: "q",
    prompt: null,
    choices: null,
    correct_answer: null,
    answer: null,
    correct: true,
    ...fields,
  }) as LoggedItem;
const choices = [
  { id: "a", text: "C and F" },
  { id: "b", text: "C and F sharp" },
];

it("counts answers by question, the most missed first", () => {
  const { answers, questions, neverMissed } = missedOf([
    item({ prompt: "2 + 2?", correct: true }),
    item({ prompt: "2 + 2?", correct: false, answer: 5, correct_answer: 4 }),
    item({ node_id: "t", prompt: "Tritone?", choices, correct: false, answer: "a", correct_answer: "b" }),
    item({ node_id: "t", prompt: "Tritone?", choices, correct: false, answer: "a", correct_answer: "b" }),
    item({ node_id: "easy", prompt: "Easy?" }),
  ]);
  expect([answers, neverMissed]).toEqual([5, 1]);
  expect(
    questions.map(({ text, asked, right, wrong, rightAnswer, wrongAnswers }) => [
      text,
      asked,
      right,
      wrong,
      rightAnswer,
      wrongAnswers,
    ]),
  ).toEqual([
    ["Tritone?", 2, 0, 2, "C and F sharp", [{ text: "C and F", count: 2 }]],
    ["2 + 2?", 2, 1, 1, "4", [{ text: "5", count: 1 }]],
  ]);
});

it("leaves out what was not graded", () => {
  expect(missedOf([item({ correct: null })])).toEqual({ answers: 0, questions: [], neverMissed: 0 });
});

it("tells questions with one id apart, and adds answers without their text", () => {
  const { questions } = missedOf([
    item({ prompt: "One?", correct: false }),
    item({ prompt: "Two?", correct: false }),
    item({ prompt: null, correct: false }),
    item({ node_id: "Chromatic scales", correct: false }),
  ]);
  expect(questions.map(({ text, wrong }) => [text, wrong])).toEqual([
    ["Two?", 2],
    ["One?", 1],
    ["Chromatic scales", 1],
  ]);
});

it("has the most frequent wrong answers, several choices as one", () => {
  const wrong = (answer: string | string[]) => item({ correct: false, answer, choices });
  const answers = [
    wrong("w"),
    wrong("x"),
    wrong("y"),
    wrong(["b", "a"]),
    wrong(["b", "a"]),
    wrong("x"),
    wrong("x"),
  ];
  expect(missedOf(answers).questions[0]?.wrongAnswers).toEqual([
    { text: "x", count: 3 },
    { text: "C and F sharp, C and F", count: 2 },
    { text: "w", count: 1 },
  ]);
});
