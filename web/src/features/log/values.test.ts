import { describe, expect, test } from "vitest";

import { EMPTY, type ExerciseValues, type Values, fieldOf, idsIn, requestsOf, sectionsOf } from "./values";

const exercise = (name: string, more: Partial<ExerciseValues> = {}): ExerciseValues => ({
  name,
  done: true,
  notes: "",
  other: {},
  ...more,
});
const values = (more: Partial<Values>): Values => ({ ...EMPTY, ...more });
const section = (exercises: ExerciseValues[], planned = "", actual = "") => ({
  name: "Warm-up",
  planned,
  actual,
  other: {},
  exercises,
});

describe("requests", () => {
  test("of an empty form begin a blank session", () => {
    expect(requestsOf(EMPTY, "UTC")).toEqual({
      start: { timezone: "UTC", session_data: {}, parent_ids: [] },
      items: [],
      complete: {},
    });
  });

  test("have sums where no sum is entered, and the sum where one is", () => {
    const sections = [section([], "10", "12,5"), section([], "20", "")];
    const sums = requestsOf(values({ sections }), "UTC");
    expect(sums.start.session_data).toMatchObject({
      total_duration_minutes: 30,
      actual_duration_minutes: 12.5,
    });
    expect(sums.complete.time_spent_seconds).toBe(750);
    const entered = requestsOf(values({ sections, actual: "55" }), "UTC");
    expect(entered.complete).toEqual({ actual_duration_minutes: 55, time_spent_seconds: 3_300 });
  });

  test("report what is done, with unique ids where names are repeated", () => {
    const exercises = [
      exercise("Scales"),
      exercise("Scales", { notes: "slow" }),
      exercise("Chords", { done: false }),
      exercise("Song", { other: { id: "s1", description: "Bars 1-8" } }),
    ];
    const { start, items } = requestsOf(values({ sections: [section(exercises)] }), "UTC");
    expect(items).toEqual([
      { node_id: "Scales", completed: true },
      { node_id: "Scales 2", completed: true, notes: "slow" },
      { node_id: "s1", completed: true },
    ]);
    expect(start.session_data?.sections?.[0]?.exercises).toEqual([
      { name: "Scales", completed: false, notes: "" },
      { id: "Scales 2", name: "Scales", completed: false, notes: "slow" },
      { name: "Chords", completed: false, notes: "" },
      { id: "s1", description: "Bars 1-8", name: "Song", completed: false, notes: "" },
    ]);
  });

  test("of a template without sections clear those of the template", () => {
    expect(requestsOf(values({ templateId: "t" }), "UTC").start).toMatchObject({
      template_id: "t",
      session_data: { sections: [] },
    });
  });
});

test("a template's question bank is left out", () => {
  const questions = [{ question_id: "q", kind: "numeric" as const, prompt: "1+1" }];
  const template = { sections: [{ name: "A", duration_minutes: 5, exercises: [{ name: "X", questions }] }] };
  expect(sectionsOf(template)).toEqual([{ ...section([exercise("X")], "5"), name: "A" }]);
});

test("ids are read from a text, each once", () => {
  expect(idsIn(" a, b;a\nc ")).toEqual(["a", "b", "c"]);
});

test.each([
  ["name", "name"],
  ["root_id", "rootId"],
  ["parent_ids.3", "goals"],
  ["session_data.sections.1.duration_minutes", "sections.1.planned"],
  ["session_data.sections.1.exercises.2.name", "sections.1.exercises.2.name"],
  ["session_data.sections.1.exercises.2.notes", "sections.1.exercises.2.notes"],
  ["session_data.focus_score", "focus"],
  ["session_data", null],
  ["timezone", null],
])("a refusal of %j shows at %j", (path, field) => {
  expect(fieldOf(path)).toBe(field);
});
