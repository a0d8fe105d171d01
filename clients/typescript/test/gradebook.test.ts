/** What a cell of the gradebook means, by the cases that the functions are tested with too. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { type Cell, type WorkStatus, gradeOf, pointsOf, workStatus } from "../src/index.js";

interface StatusCase {
  name: string;
  cell: Cell | null;
  due_at: string | null;
  student_ids: string[] | null;
  at: string;
  status: WorkStatus;
}

interface PointsCase {
  name: string;
  cell: Cell | null;
  points: number | null;
  grade: number | "exempt" | null;
  expected: number | null;
}

const file = new URL("../../../../tests/support/gradebook.json", import.meta.url);
const cases = JSON.parse(readFileSync(file, "utf8")) as { statuses: StatusCase[]; points: PointsCase[] };

test("the state of work", () => {
  for (const { name, cell, due_at, student_ids, at, status } of cases.statuses)
    assert.equal(workStatus(cell ?? undefined, { due_at, student_ids }, "sam", new Date(at)), status, name);
  assert.ok(cases.statuses.length > 20);
});

test("the grade that counts and its points", () => {
  for (const { name, cell, points, grade, expected } of cases.points) {
    assert.equal(gradeOf(cell ?? undefined), grade, name);
    assert.equal(pointsOf(cell ?? undefined, { points }), expected, name);
  }
  assert.ok(cases.points.length > 15);
});
