import type { Assignment, Live, Member } from "practice-client";
import { describe, expect, it } from "vitest";

import { newlyInNeed, studentsAtWork } from "./students";

const AT = new Date("2026-03-02T10:00:00Z");
const live = (student_id: string, more: Partial<Live> = {}) =>
  ({
    student_id,
    assignment_id: "sums",
    answered: 2,
    correct: 1,
    skill: "Sums",
    needs_help: false,
    last_at: "2026-03-02T09:59:00Z",
    ...more,
  }) as Live;
const roster = [
  ["ann", "Ann 10"],
  ["bob", "Ann 9"],
  ["cem", "Cem"],
  ["dan", "Dan"],
].map(([student_id, display_name]) => ({ student_id, display_name }) as Member);
const assignment = (more: Partial<Assignment> = {}) =>
  ({ title: "Sums", mode: "questions", questions: 3, feedback: "immediate", ...more }) as Assignment;
const shown = (work: Live[], of = assignment()) =>
  studentsAtWork(work, { roster, assignments: new Map([["sums", of]]), at: AT });

describe("those at work", () => {
  it("have those who need help first, and stand by name in each state", () => {
    const work = [
      live("dan", { needs_help: true }),
      live("ann"),
      live("bob"),
      live("cem", { last_at: "2026-03-02T09:54:59Z" }),
    ];
    expect(shown(work).map(({ name, state }) => [name, state])).toEqual([
      ["Dan", "needs_help"],
      ["Ann 9", "working"],
      ["Ann 10", "working"],
      ["Cem", "idle"],
    ]);
  });

  it("are idle after five minutes, also those who need help", () => {
    const work = [live("ann", { needs_help: true, last_at: "2026-03-02T09:54:59Z" }), live("bob")];
    expect(shown(work).map(({ isIdle }) => isIdle)).toEqual([true, false]);
    expect(shown([live("ann", { last_at: "2026-03-02T09:55:00Z" })])[0]?.isIdle).toBe(false);
  });

  it("lack those who left, and those not seen for half a day", () => {
    expect(shown([live("gone"), live("ann", { last_at: "2026-03-01T21:59:59Z" })])).toEqual([]);
  });

  it("say what is right only where students are told at once", () => {
    const [now] = shown([live("ann")]);
    expect([now?.right, now?.answered, now?.questions]).toEqual([1, 2, 3]);
    const [later] = shown([live("ann")], assignment({ feedback: "after_submit" }));
    expect([later?.right, later?.answered]).toEqual([null, 2]);
    const [ticked] = shown([live("ann")], assignment({ mode: "checklist", questions: 0 }));
    expect([ticked?.right, ticked?.questions]).toEqual([null, null]);
  });

  it("are shown before their assignment is read", () => {
    const [student] = studentsAtWork([live("ann")], { roster, assignments: new Map(), at: AT });
    expect([student?.assignment, student?.right, student?.questions]).toEqual([null, null, null]);
  });
});

it("names those who come to need help, once", () => {
  const before = [live("ann", { needs_help: true }), live("bob")];
  const after = [live("ann", { needs_help: true }), live("bob", { needs_help: true }), live("cem")];
  expect(newlyInNeed(before, after)).toEqual(["bob"]);
  expect(newlyInNeed(after, before)).toEqual([]);
});
