import type { Assignment } from "practice-client";

export type AssignmentState = "planned" | "open" | "due" | "closed" | "withdrawn";

/** Where an assignment is between its dates. */
export function stateOf(assignment: Assignment, at: Date): AssignmentState {
  const { opens_at, due_at, closes_at, archived_at } = assignment;
  const isPast = (instant: string | null) => instant !== null && Date.parse(instant) <= at.getTime();
  if (archived_at !== null) return "withdrawn";
  if (isPast(closes_at)) return "closed";
  if (opens_at !== null && !isPast(opens_at)) return "planned";
  return isPast(due_at) ? "due" : "open";
}
