/** How an assignment stands for its student. */

import { type Assignment, type MyAssignment, type WorkStatus, workStatus } from "practice-client";

/** What may be done with an assignment at an instant. */
export type Opening = "upcoming" | "open" | "closed";

export function openingOf({ of, assignment }: Pick<MyAssignment, "of" | "assignment">, at: Date): Opening {
  const { opens_at, closes_at, archived_at } = assignment;
  if (archived_at !== null || of.archived_at !== null) return "closed";
  if (closes_at !== null && Date.parse(closes_at) <= at.getTime()) return "closed";
  return opens_at !== null && Date.parse(opens_at) > at.getTime() ? "upcoming" : "open";
}

export function statusOf({ assignment, cell }: MyAssignment, uid: string, at: Date): WorkStatus {
  return workStatus(cell, assignment, uid, at);
}

/** Whether nothing is left to do. */
export function isDone(status: WorkStatus): boolean {
  return status === "submitted" || status === "late" || status === "exempt";
}

/** The page on which it is worked on. */
export function assignmentPath({ class_id, assignment_id }: Assignment): string {
  return `/assignments/${class_id}/${assignment_id}`;
}
