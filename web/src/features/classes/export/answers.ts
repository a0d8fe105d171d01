/** The answers to a class's assignments as the lines of a file. */

import type { Assignment, LoggedItem, Row, Session } from "practice-client";

import type { Value } from "@/data/csv";
import { localTimeIn } from "@/data/zoned_time";
import { type AnswerWords, answerHead, answerRows, gradeRow } from "@/ui/answer_rows";

import { nameOf } from "../gradebook/cells";

interface Words extends AnswerWords {
  student: string;
  identifier: string;
  assignment: string;
  exempt: string;
}

export interface Answers {
  rows: readonly Row[];
  assignments: readonly Assignment[];
  /** By session_id. */
  work: ReadonlyMap<string, { session: Session; log: readonly LoggedItem[] }>;
  timezone: string;
}

/** By student, and by assignment within; the line of a teacher's grade follows the answers. */
export function longRows({ rows, assignments, work, timezone }: Answers, words: Words) {
  const head = [words.student, words.identifier, words.assignment, ...answerHead(words)];
  const localTime = (instant: string) => localTimeIn(timezone, instant).replace("T", " ");
  const lines = rows.flatMap((row) =>
    assignments.flatMap((assignment) => {
      const cell = row.cells[assignment.assignment_id];
      const done = cell?.session_id ? work.get(cell.session_id) : undefined;
      const answers = done ? answerRows({ ...done, voided: assignment.voided, localTime }, words) : [];
      const grade = gradeRow(cell, localTime, words);
      return [...answers, ...(grade ? [grade] : [])].map((cells): Value[] => [
        nameOf(row),
        row.student_id,
        assignment.title,
        ...cells,
      ]);
    }),
  );
  return { head, rows: lines };
}
