import type { Cell, LoggedItem, Session } from "practice-client";
import { describe, expect, it } from "vitest";

import { answerExport } from "@/i18n/answer_export";

import { answerHead, answerRows, gradeRow } from "./answer_rows";

const words = answerExport.en;
const localTime = (instant: string) => instant.slice(0, 16).replace("T", " ");
const session = {
  session_data: {},
  mastery: [{ skill_id: "sums", name: "Small sums", before: 0.1, after: 0.3 }],
} as unknown as Session;
const item = (index: number, more: Partial<LoggedItem> = {}) =>
  ({
    index,
    node_id: "one",
    prompt: "1 + 1?",
    exercise_type: "numeric",
    skill_id: "sums",
    answer: 2,
    correct: true,
    score: 1,
    hinted: false,
    duration_ms: 2_340,
    verified: true,
    completed_at: "2026-03-02T17:05:09Z",
    choices: null,
    ...more,
  }) as LoggedItem;
const rows = (log: LoggedItem[], voided?: string[]): Record<string, unknown>[] => {
  const head = answerHead(words).map(String);
  const lines = answerRows({ session, log, localTime, ...(voided ? { voided } : {}) }, words);
  return lines.map((cells) => Object.fromEntries(head.map((name, index) => [name, cells[index]])));
};

describe("the lines of answers", () => {
  it("have the question, the answer and all that is known of it", () => {
    expect(rows([item(0, { hinted: true })])).toEqual([
      {
        Question: "1 + 1?",
        "Identifier of the question": "one",
        Skill: "Small sums",
        Answer: "2",
        Result: "right",
        "Score in percent": 100,
        Try: 1,
        "With a hint": "yes",
        Seconds: 2.3,
        "Graded by": "rules",
        When: "2026-03-02 17:05",
        Counts: "yes",
      },
    ]);
  });

  it("count the tries at each question, in the order of the log", () => {
    const log = [item(2), item(0, { correct: false, score: 0 }), item(1, { node_id: "two" })];
    expect(rows(log).map((row) => [row["Identifier of the question"], row["Try"], row["Result"]])).toEqual([
      ["one", 1, "wrong"],
      ["two", 1, "right"],
      ["one", 2, "right"],
    ]);
  });

  it("say who graded", () => {
    const kinds = [{ exercise_type: "free_response" }, { exercise_type: "self_rated" }, { verified: false }];
    const log = kinds.map((more, index) => item(index, more));
    expect(rows(log).map((row) => row["Graded by"])).toEqual(["model", "student", "student"]);
  });

  it("say what could not be graded, by nobody", () => {
    const [row] = rows([item(0, { exercise_type: "free_response", correct: null, score: null })]);
    expect([row?.["Answer"], row?.["Result"], row?.["Graded by"]]).toEqual(["2", "not graded", null]);
  });

  it("say which questions a teacher took out", () => {
    expect(rows([item(0), item(1, { node_id: "two" })], ["two"]).map((row) => row["Counts"])).toEqual([
      "yes",
      "no",
    ]);
  });

  it("leave empty what older entries and exercises lack", () => {
    const bare = {
      skill_id: null,
      answer: null,
      correct: null,
      score: null,
      duration_ms: null,
      verified: false,
    };
    const [row] = rows([item(0, bare)]);
    expect([
      row?.["Skill"],
      row?.["Answer"],
      row?.["Result"],
      row?.["Score in percent"],
      row?.["Seconds"],
    ]).toEqual([null, null, null, null, null]);
    expect(rows([item(0, { skill_id: "gone" })])[0]?.["Skill"]).toBe("gone");
  });
});

describe("the line of a teacher's grade", () => {
  const graded = (grade: number | "exempt") =>
    gradeRow({ override: { grade, by: "tom", at: "2026-03-02T18:00:00Z" } } as Cell, localTime, {
      ...words,
      exempt: "Exempt",
    });

  it("has the grade, the teacher and the time, and is as wide as the others", () => {
    const line = graded(75);
    expect(line?.length).toBe(answerHead(words).length);
    expect(line?.filter((cell) => cell !== null)).toEqual([75, "teacher", "2026-03-02 18:00", "yes"]);
    expect(graded("exempt")?.filter((cell) => cell !== null)[0]).toBe("Exempt");
  });

  it("is not there where no teacher graded", () => {
    expect(gradeRow(undefined, localTime, { ...words, exempt: "Exempt" })).toBeNull();
    expect(gradeRow({ override: null } as Cell, localTime, { ...words, exempt: "Exempt" })).toBeNull();
  });
});
