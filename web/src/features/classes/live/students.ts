/** Who of a class is at work, from the work of the moment and the roster. */

import type { Assignment, Live, Member } from "practice-client";

/** Who is at work and has not been seen for so long is shown as idle. */
const IDLE_MS = 5 * 60_000;
/** Work that rests longer than a school day is no longer work of the moment. */
export const SHOWN_MS = 12 * 3_600_000;

/** Those who need help first. */
export const STATES = ["needs_help", "working", "idle"] as const;
export type AtWork = (typeof STATES)[number];

export interface StudentAtWork {
  studentId: string;
  name: string;
  state: AtWork;
  isIdle: boolean;
  assignment: Assignment | null;
  answered: number;
  /** How many there are to answer; null where there is no number of them. */
  questions: number | null;
  /** Null where students do not know it yet either: the page may be on a wall. */
  right: number | null;
  skill: string | null;
  seenAt: string;
}

interface Known {
  /** The active students. Who left is not shown. */
  roster: readonly Member[];
  assignments: ReadonlyMap<string, Assignment>;
  at: Date;
}

/** By state and then by name, so that rows move only when a state changes. */
export function studentsAtWork(work: readonly Live[], { roster, assignments, at }: Known): StudentAtWork[] {
  const names = new Map(roster.map(({ student_id, display_name }) => [student_id, display_name]));
  const students = work.flatMap((live): StudentAtWork[] => {
    const name = names.get(live.student_id);
    const restsMs = at.getTime() - Date.parse(live.last_at);
    if (name === undefined || restsMs > SHOWN_MS) return [];
    const isIdle = restsMs > IDLE_MS;
    const assignment = assignments.get(live.assignment_id) ?? null;
    const isToldAtOnce = assignment?.feedback === "immediate" && assignment.mode !== "checklist";
    return [
      {
        studentId: live.student_id,
        name,
        state: live.needs_help ? "needs_help" : isIdle ? "idle" : "working",
        isIdle,
        assignment,
        answered: live.answered,
        questions: assignment?.mode === "questions" ? assignment.questions : null,
        right: isToldAtOnce ? live.correct : null,
        skill: live.skill,
        seenAt: live.last_at,
      },
    ];
  });
  const collator = new Intl.Collator(undefined, { numeric: true });
  return students.sort(
    (one, other) =>
      STATES.indexOf(one.state) - STATES.indexOf(other.state) || collator.compare(one.name, other.name),
  );
}

/** Those who need help now and did not before. */
export function newlyInNeed(before: readonly Live[], after: readonly Live[]): string[] {
  const known = new Set(before.filter(({ needs_help }) => needs_help).map(({ student_id }) => student_id));
  return after
    .filter(({ needs_help, student_id }) => needs_help && !known.has(student_id))
    .map(({ student_id }) => student_id);
}
