/**
 * What a cell of the gradebook means. The functions store what a student did; whether work is late or missing, and
 * its points, follow from the assignment as it is when the gradebook is read.
 */

import type { Assignment, Cell } from "./types.js";

export type WorkStatus =
  | "not_assigned"
  | "exempt"
  | "submitted"
  | "late"
  | "missing"
  | "in_progress"
  | "not_started";

/** What the gradebook says of a student and an assignment. Nothing is missing before it is due. */
export function workStatus(
  cell: Cell | undefined,
  assignment: Pick<Assignment, "student_ids" | "due_at">,
  studentId: string,
  at: Date = new Date(),
): WorkStatus {
  const due = assignment.due_at === null ? Infinity : Date.parse(assignment.due_at);
  if (cell?.override?.grade === "exempt") return "exempt";
  if (cell?.status === "submitted") return isAfter(cell.submitted_at, assignment.due_at) ? "late" : "submitted";
  if (assignment.student_ids !== null && !assignment.student_ids.includes(studentId)) return "not_assigned";
  if (at.getTime() > due) return "missing";
  return cell?.status === "in_progress" ? "in_progress" : "not_started";
}

/** The grade that counts: the teacher's, else the computed score, in percent. Null where there is none. */
export function gradeOf(cell: Cell | undefined): number | "exempt" | null {
  return cell?.override ? cell.override.grade : (cell?.score_percent ?? null);
}

/**
 * The points of the grade that counts, with two decimals; null where there are none. Half a hundredth is rounded up, of
 * the numbers as they are written, as the functions do.
 */
export function pointsOf(cell: Cell | undefined, { points }: Pick<Assignment, "points">): number | null {
  const grade = gradeOf(cell);
  return typeof grade !== "number" || points === null ? null : shareOf(points, grade);
}

/** A percentage of an amount, neither below 0, with two decimals. */
function shareOf(amount: number, percent: number): number {
  const [one, other] = [decimalOf(amount), decimalOf(percent)];
  // Percent and hundredths cancel out: the product is in hundredths.
  const unit = 10n ** BigInt(one.decimals + other.decimals);
  const hundredths = (2n * one.digits * other.digits + unit) / (2n * unit);
  return Number(hundredths) / 100;
}

/** A number as it is written, without its point: 12.5 has the digits 125, of which one is a decimal. */
function decimalOf(value: number): { digits: bigint; decimals: number } {
  const [mantissa = "", exponent = "0"] = String(value).split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const decimals = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return decimals < 0 ? { digits: digits * 10n ** BigInt(-decimals), decimals: 0 } : { digits, decimals };
}

/** Texts of instants with microseconds are compared as such where the milliseconds are equal. */
function isAfter(at: string | null, limit: string | null): boolean {
  if (at === null || limit === null) return false;
  const [one, other] = [Date.parse(at), Date.parse(limit)];
  return one === other ? microseconds(at) > microseconds(limit) : one > other;
}

function microseconds(instant: string): number {
  return Number((/\.(\d{1,6})/.exec(instant)?.[1] ?? "").padEnd(6, "0"));
}
