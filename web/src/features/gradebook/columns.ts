/** What the gradebook says of a session: the same columns on the screen and in the exported file. */

import type { Session } from "practice-client";

import type { Value } from "@/data/csv";
import type { Format } from "@/i18n/format";

import { localTime } from "./days";

export type ColumnName =
  | "name"
  | "origin"
  | "status"
  | "subject"
  | "date"
  | "minutes"
  | "correct"
  | "questions"
  | "score"
  | "xp"
  | "verified";

interface Words {
  assigned: string;
  selfPractice: string;
  completed: string;
  active: string;
  abandoned: string;
}

export interface Column {
  name: ColumnName;
  /** A date is local: "2026-03-02 17:05". */
  kind: "text" | "date" | "number" | "percent";
  valueOf: (session: Session, words: Words) => Value;
}

const ORIGINS = { assigned: "assigned", self_practice: "selfPractice" } as const;

export const COLUMNS: readonly Column[] = [
  { name: "name", kind: "text", valueOf: ({ name }) => name },
  { name: "origin", kind: "text", valueOf: ({ origin }, words) => words[ORIGINS[origin]] },
  { name: "status", kind: "text", valueOf: ({ status }, words) => words[status] },
  { name: "subject", kind: "text", valueOf: ({ subject }) => subject },
  {
    name: "date",
    kind: "date",
    valueOf: ({ started_at, timezone }) => localTime(started_at, timezone).replace("T", " "),
  },
  { name: "minutes", kind: "number", valueOf: ({ time_spent_seconds }) => minutesOf(time_spent_seconds) },
  { name: "correct", kind: "number", valueOf: ({ questions_correct }) => questions_correct },
  { name: "questions", kind: "number", valueOf: ({ total_questions }) => total_questions },
  { name: "score", kind: "percent", valueOf: ({ score_percent }) => score_percent },
  { name: "xp", kind: "number", valueOf: ({ xp }) => xp.total },
  { name: "verified", kind: "number", valueOf: ({ xp }) => xp.verified },
];

/** Minutes to a tenth. */
function minutesOf(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds / 6) / 10;
}

/** Whether its values are right-aligned numbers. */
export function isNumeric(kind: Column["kind"]): boolean {
  return kind === "number" || kind === "percent";
}

/** A value as people read it. */
export function shownValue(value: Value, kind: Column["kind"], format: Format): string {
  if (value === null || value === "") return "–";
  if (typeof value === "number") return kind === "percent" ? format.percent(value) : format.number(value);
  return kind === "date" ? format.dateTime(value.replace(" ", "T")) : value;
}
