/** The answers of work as the lines of a file: one line for each. */

import type { Cell, LoggedItem, Session } from "practice-client";

import { describe } from "./logged_item";

/** Of a cell. Null: there is none. */
type Value = string | number | null;

export interface AnswerWords {
  question: string;
  questionId: string;
  skill: string;
  answer: string;
  result: string;
  score: string;
  attempt: string;
  hint: string;
  seconds: string;
  grader: string;
  when: string;
  counts: string;
  right: string;
  wrong: string;
  notGraded: string;
  yes: string;
  no: string;
  graders: Record<Grader, string>;
}

type Grader = "rules" | "model" | "student" | "teacher";

export interface Work {
  session: Session;
  log: readonly LoggedItem[];
  /** Questions that a teacher took out of the assignment. */
  voided?: readonly string[];
  /** An instant on the clocks that the file has. */
  localTime: (instant: string) => string;
}

/** The headings of what `answerRows` and `gradeRow` give. */
export function answerHead(words: AnswerWords): Value[] {
  const { question, questionId, skill, answer, result, score, attempt, hint, seconds, grader, when, counts } =
    words;
  return [question, questionId, skill, answer, result, score, attempt, hint, seconds, grader, when, counts];
}

/** A row for each entry of the log, in its order. */
export function answerRows({ session, log, voided = [], localTime }: Work, words: AnswerWords): Value[][] {
  const skills = new Map(session.mastery.map(({ skill_id, name }) => [skill_id, name]));
  const attempts = new Map<string, number>();
  return [...log]
    .sort((one, other) => one.index - other.index)
    .map((item) => {
      const { prompt, answer } = describe(item, session);
      const attempt = (attempts.get(item.node_id) ?? 0) + 1;
      attempts.set(item.node_id, attempt);
      return [
        prompt,
        item.node_id,
        item.skill_id == null ? null : (skills.get(item.skill_id) ?? item.skill_id),
        answer,
        resultOf(item, words),
        item.score == null ? null : percentOf(item.score),
        attempt,
        item.hinted ? words.yes : words.no,
        // Entries of older versions lack fields.
        item.duration_ms == null ? null : Math.round(item.duration_ms / 100) / 10,
        isNotGraded(item) ? null : words.graders[graderOf(item)],
        localTime(item.completed_at),
        voided.includes(item.node_id) ? words.no : words.yes,
      ];
    });
}

/** The line of the grade that a teacher set in place of the computed one; null where none did. */
export function gradeRow(
  cell: Cell | undefined,
  localTime: Work["localTime"],
  words: AnswerWords & { exempt: string },
): Value[] | null {
  if (!cell?.override) return null;
  const { grade, at } = cell.override;
  const isExempt = grade === "exempt";
  return [
    ...[null, null, null, null],
    isExempt ? words.exempt : null,
    isExempt ? null : grade,
    ...[null, null, null],
    words.graders.teacher,
    localTime(at),
    words.yes,
  ];
}

function resultOf(item: LoggedItem, words: AnswerWords): string | null {
  if (isNotGraded(item)) return words.notGraded;
  return item.correct == null ? null : item.correct ? words.right : words.wrong;
}

/** A turn that could not grade an answer logs it all the same. */
function isNotGraded({ correct, verified }: LoggedItem): boolean {
  return verified && correct == null;
}

/** Free text is graded by a model; what has no key, and what the server did not see, by the student. */
function graderOf({ exercise_type: kind, verified }: LoggedItem): Grader {
  if (!verified || kind === "self_rated") return "student";
  return kind === "free_response" ? "model" : "rules";
}

function percentOf(share: number): number {
  return Math.round(share * 1_000) / 10;
}
