/** What the gradebook says of each student and assignment: the same on the screen and in the file. */

import { type Assignment, type Row, type WorkStatus, gradeOf, pointsOf, workStatus } from "practice-client";

import type { Value } from "@/data/csv";

/** `value` is in points where the assignment has them, else in percent; null without a grade. */
export interface ShownCell {
  status: WorkStatus;
  value: number | null;
  isPercent: boolean;
  isOverridden: boolean;
}

export function cellOf(row: Row, assignment: Assignment, at: Date): ShownCell {
  const cell = row.cells[assignment.assignment_id];
  const grade = gradeOf(cell);
  const isPercent = assignment.points === null;
  return {
    status: workStatus(cell, assignment, row.student_id, at),
    value: isPercent ? (typeof grade === "number" ? grade : null) : pointsOf(cell, assignment),
    isPercent,
    isOverridden: cell?.override != null,
  };
}

/** The name of a column: "name", "sessions", "time", or the id of an assignment. */
export interface Sort {
  column: string;
  isDescending: boolean;
}

export const BY_NAME: Sort = { column: "name", isDescending: false };

export interface Filter {
  /** Words of the name. */
  words: string;
  /** Students who have an assignment in this state; null is everybody. */
  status: WorkStatus | null;
  /** The assignment that is meant; null is any. */
  assignmentId: string | null;
}

/** The rows to show, in their order. Those without a value are last in both directions. */
export function shownRows(
  rows: readonly Row[],
  assignments: readonly Assignment[],
  { filter, sort, at }: { filter: Filter; sort: Sort; at: Date },
): Row[] {
  const meant = assignments.filter(
    ({ assignment_id }) => filter.assignmentId === null || assignment_id === filter.assignmentId,
  );
  const words = filter.words.toLowerCase().split(/\s+/);
  const found = rows.filter(
    (row) =>
      words.every((word) => nameOf(row).toLowerCase().includes(word)) &&
      (filter.status === null || meant.some((one) => cellOf(row, one, at).status === filter.status)),
  );
  const collator = new Intl.Collator(undefined, { numeric: true });
  const byName = (one: Row, other: Row) => collator.compare(nameOf(one), nameOf(other));
  const direction = sort.isDescending ? -1 : 1;
  const valueOf = sortValue(sort.column, assignments, at);
  if (!valueOf) return found.sort((one, other) => direction * byName(one, other));
  return found.sort((one, other) => {
    const [a, b] = [valueOf(one), valueOf(other)];
    if (a === null || b === null) return Number(a === null) - Number(b === null) || byName(one, other);
    return direction * (a - b) || byName(one, other);
  });
}

function sortValue(
  column: string,
  assignments: readonly Assignment[],
  at: Date,
): ((row: Row) => number | null) | null {
  if (column === "sessions") return (row) => row.self_practice.sessions;
  if (column === "time") return (row) => row.self_practice.time_spent_seconds;
  const assignment = assignments.find(({ assignment_id }) => assignment_id === column);
  return assignment ? (row) => cellOf(row, assignment, at).value : null;
}

export function nameOf({ display_name, student_id }: Row): string {
  return display_name ?? student_id;
}

interface Words {
  student: string;
  identifier: string;
  most: string;
  stateOf: (title: string) => string;
  status: Record<WorkStatus, string>;
  sessions: string;
  minutes: string;
}

/** A row for each student, with two columns for each assignment; the row of maxima is first. */
export function wideRows(
  rows: readonly Row[],
  assignments: readonly Assignment[],
  words: Words,
  at: Date,
): Value[][] {
  const head = [
    words.student,
    words.identifier,
    ...assignments.flatMap(({ title }) => [title, words.stateOf(title)]),
    words.sessions,
    words.minutes,
  ];
  const most = [words.most, null, ...assignments.flatMap(({ points }) => [points ?? 100, null]), null, null];
  const students = rows.map((row) => [
    nameOf(row),
    row.student_id,
    ...assignments.flatMap((assignment) => {
      const { value, status } = cellOf(row, assignment, at);
      return [value, words.status[status]];
    }),
    row.self_practice.sessions,
    Math.round(row.self_practice.time_spent_seconds / 6) / 10,
  ]);
  return [head, most, ...students];
}
