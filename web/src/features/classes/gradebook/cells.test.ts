import { parse } from "papaparse";
import type { Assignment, Cell, Row } from "practice-client";
import { describe, expect, it } from "vitest";

import { toCsv } from "@/data/csv";
import { assignments as texts } from "@/i18n/assignments";

import { BY_NAME, type Filter, cellOf, shownRows, wideRows } from "./cells";

const AT = new Date("2026-03-10T12:00:00Z");
const assignment = (assignment_id: string, more: Partial<Assignment> = {}) =>
  ({
    assignment_id,
    title: assignment_id,
    points: 10,
    due_at: "2026-03-09T17:00:00Z",
    student_ids: null,
    ...more,
  }) as Assignment;
const submitted = (score_percent: number, more: Partial<Cell> = {}) =>
  ({
    status: "submitted",
    submitted_at: "2026-03-09T16:00:00Z",
    score_percent,
    override: null,
    ...more,
  }) as Cell;
const row = (
  student_id: string,
  display_name: string | null,
  cells: Record<string, Cell> = {},
  sessions = 0,
) =>
  ({
    student_id,
    display_name,
    cells,
    self_practice: { sessions, time_spent_seconds: sessions * 60 },
  }) as unknown as Row;

const sums = assignment("sums");
const scales = assignment("scales", { points: null, due_at: null });
const rows = [
  row("bob", "=Bob 10", { sums: submitted(50) }, 3),
  row("ann", "Bob 9", { sums: submitted(80), scales: submitted(33.3) }),
  row("cem", null, {}, 1),
];
const anybody: Filter = { words: "", status: null, assignmentId: null };
const shown = (filter: Partial<Filter>, sort = BY_NAME) =>
  shownRows(rows, [sums, scales], { filter: { ...anybody, ...filter }, sort, at: AT }).map(
    ({ student_id }) => student_id,
  );

describe("a cell", () => {
  it("is in points, or in percent where there are none", () => {
    const ann = rows[1]!;
    expect(cellOf(ann, sums, AT)).toEqual({
      status: "submitted",
      value: 8,
      isPercent: false,
      isOverridden: false,
    });
    expect(cellOf(ann, scales, AT)).toMatchObject({ value: 33.3, isPercent: true });
  });

  it("says what a teacher set, and has no value where the student is excused", () => {
    const graded = (grade: number | "exempt") => {
      const override = { grade, by: "tom", at: "2026-03-10T08:00:00Z" };
      return cellOf(row("x", "X", { sums: submitted(50, { override }) }), sums, AT);
    };
    expect(graded(95)).toMatchObject({ value: 9.5, isOverridden: true, status: "submitted" });
    expect(graded("exempt")).toMatchObject({ value: null, isOverridden: true, status: "exempt" });
  });

  it("is missing once it is due, and not begun where there is no date", () => {
    expect(cellOf(rows[2]!, sums, AT).status).toBe("missing");
    expect(cellOf(rows[2]!, scales, AT).status).toBe("not_started");
  });
});

describe("the rows that are shown", () => {
  it("stand by name, numbers by their value, and by the identifier where there is no name", () => {
    expect(shown({})).toEqual(["bob", "ann", "cem"]);
    expect(shown({}, { column: "name", isDescending: true })).toEqual(["cem", "ann", "bob"]);
  });

  it("stand by a value with those without one last, in both directions", () => {
    expect(shown({}, { column: "sums", isDescending: false })).toEqual(["bob", "ann", "cem"]);
    expect(shown({}, { column: "sums", isDescending: true })).toEqual(["ann", "bob", "cem"]);
    expect(shown({}, { column: "sessions", isDescending: true })).toEqual(["bob", "cem", "ann"]);
    expect(shown({}, { column: "time", isDescending: false })).toEqual(["ann", "cem", "bob"]);
  });

  it("have all words, and the state in the assignment that is meant", () => {
    expect(shown({ words: "bob 1" })).toEqual(["bob"]);
    expect(shown({ status: "missing" })).toEqual(["cem"]);
    expect(shown({ status: "not_started" })).toEqual(["bob", "cem"]);
    expect(shown({ status: "not_started", assignmentId: "sums" })).toEqual([]);
  });
});

it("the file has what the screen has, and nothing in it runs", () => {
  const words = {
    student: "Student",
    identifier: "Identifier",
    most: "Points possible",
    stateOf: (title: string) => `${title}: state`,
    status: texts.en.status,
    sessions: "Sessions",
    minutes: "Minutes",
  };
  const file = toCsv(wideRows(rows, [sums, scales], words, AT)).replace("\uFEFF", "");
  const [head, most, ...students] = parse<string[]>(file, { skipEmptyLines: true }).data;
  expect(head).toHaveLength(8);
  expect(most).toEqual(["Points possible", "", "10", "", "100", "", "", ""]);
  expect(students.map(([name, , value, state]) => [name, value, state])).toEqual(
    rows.map((one) => {
      const { value, status } = cellOf(one, sums, AT);
      const name = one.display_name ?? one.student_id;
      return [name.startsWith("=") ? `'${name}` : name, String(value ?? ""), texts.en.status[status]];
    }),
  );
});
