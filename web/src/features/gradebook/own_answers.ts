/** One's own practice and work for classes as the lines of a file. */

import type { Assignment, Cell, LoggedItem, Session } from "practice-client";
import { gradeOf } from "practice-client";

import type { Value } from "@/data/csv";
import { type AnswerWords, answerHead, answerRows, gradeRow } from "@/ui/answer_rows";

import { localTime } from "./days";

interface Words extends AnswerWords {
  practice: string;
  kind: string;
  status: string;
  total: string;
  exempt: string;
  origins: Record<Session["origin"], string>;
  statuses: Record<Session["status"], string>;
}

/** What a class keeps of one's work on an assignment. */
export interface Graded {
  assignment: Assignment;
  cell: Cell | undefined;
}

export interface OwnWork {
  /** The latest first. */
  sessions: readonly Session[];
  /** By session_id. */
  logs: ReadonlyMap<string, readonly LoggedItem[]>;
  /** By assignment_id. */
  graded: ReadonlyMap<string, Graded>;
}

/** Whether it may have a log: nothing is read for what has none. */
export function hasLog({ items_completed, total_questions }: Session): boolean {
  return items_completed > 0 || total_questions > 0;
}

/** A line for each answer, and one for a session without any. */
export function ownRows({ sessions, logs, graded }: OwnWork, words: Words) {
  const head = [words.practice, words.kind, words.status, words.total, ...answerHead(words)];
  const nothing = answerHead(words).map(() => null);
  const rows = sessions.flatMap((session) => {
    const { assignment, cell } = graded.get(session.assignment_id ?? "") ?? {};
    const log = logs.get(session.session_id) ?? [];
    const clock = (instant: string) => localTime(instant, session.timezone).replace("T", " ");
    const answers = answerRows({ session, log, voided: assignment?.voided ?? [], localTime: clock }, words);
    const grade = gradeRow(cell, clock, words);
    const lines = [...answers, ...(grade ? [grade] : [])];
    const result = cell ? gradeOf(cell) : session.score_percent;
    const lead = [
      session.name,
      words.origins[session.origin],
      words.statuses[session.status],
      result === "exempt" ? words.exempt : result,
    ];
    return (lines.length ? lines : [nothing]).map((cells): Value[] => [...lead, ...cells]);
  });
  return { head, rows };
}
