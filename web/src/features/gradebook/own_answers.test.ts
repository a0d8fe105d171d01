import type { Assignment, Cell, LoggedItem, Session } from "practice-client";
import { expect, it } from "vitest";

import { answerExport } from "@/i18n/answer_export";

import { hasLog, ownRows } from "./own_answers";

const words = {
  ...answerExport.en,
  exempt: "Exempt",
  origins: { assigned: "Assigned", self_practice: "Self-practice" },
  statuses: { active: "Active", completed: "Completed", abandoned: "Ended early" },
};
const session = (session_id: string, more: Partial<Session> = {}) =>
  ({
    session_id,
    name: session_id,
    origin: "self_practice",
    status: "completed",
    score_percent: 50,
    timezone: "Europe/Berlin",
    session_data: {},
    mastery: [],
    items_completed: 1,
    total_questions: 1,
    ...more,
  }) as unknown as Session;
const item = (node_id: string) =>
  ({
    index: 0,
    node_id,
    prompt: "1 + 1?",
    exercise_type: "numeric",
    answer: 2,
    correct: true,
    score: 1,
    hinted: false,
    duration_ms: null,
    verified: true,
    completed_at: "2026-03-02T23:30:00Z",
    choices: null,
  }) as unknown as LoggedItem;
const assignment = { assignment_id: "a", voided: ["one"] } as unknown as Assignment;
const cell = { score_percent: 40, override: null } as Cell;
const override = { grade: 90, by: "tom", at: "2026-03-03T08:00:00Z" } as const;

it("has a line for each answer, with the result of its practice, on the student's clocks", () => {
  const { head, rows } = ownRows(
    { sessions: [session("Own")], logs: new Map([["Own", [item("one")]]]), graded: new Map() },
    words,
  );
  expect(rows.every((row) => row.length === head.length)).toBe(true);
  expect(rows[0]?.slice(0, 5)).toEqual(["Own", "Self-practice", "Completed", 50, "1 + 1?"]);
  expect(rows[0]?.slice(-2)).toEqual(["2026-03-03 00:30", "yes"]);
});

it("has the grade that counts of work for a class, who set it, and what was taken out", () => {
  const work = session("Sums", { origin: "assigned", assignment_id: "a" });
  const graded = new Map([["a", { assignment, cell: { ...cell, override } }]]);
  const { rows } = ownRows({ sessions: [work], logs: new Map([["Sums", [item("one")]]]), graded }, words);
  expect(rows.map((row) => [row[3], row.at(-3), row.at(-1)])).toEqual([
    [90, "rules", "no"],
    [90, "teacher", "yes"],
  ]);
  const excused = { ...cell, override: { ...override, grade: "exempt" } } as Cell;
  const exempt = ownRows(
    { sessions: [work], logs: new Map(), graded: new Map([["a", { assignment, cell: excused }]]) },
    words,
  );
  expect(exempt.rows[0]?.[3]).toBe("Exempt");
});

it("has a line for practice without answers, whose log is not read", () => {
  const empty = session("Empty", { items_completed: 0, total_questions: 0, score_percent: null });
  expect([hasLog(empty), hasLog(session("x"))]).toEqual([false, true]);
  const { rows } = ownRows({ sessions: [empty], logs: new Map(), graded: new Map() }, words);
  expect(rows.map((row) => row.filter((value) => value !== null))).toEqual([
    ["Empty", "Self-practice", "Completed"],
  ]);
});
