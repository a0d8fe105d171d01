/** What a teacher enters of an assignment. Dates are local times of the class. */

import { type Assignment, type CreateAssignment, PracticeProblem, type SchoolClass } from "practice-client";
import { bounds } from "practice-client/bounds";
import { useState } from "react";

import { instantIn, localTimeIn } from "@/data/zoned_time";
import { useFormat, useMessages } from "@/i18n";
import { assign } from "@/i18n/assign";

export const DATES = ["opens_at", "due_at", "closes_at"] as const;
export type DateField = (typeof DATES)[number];

/** A title is empty where it is the template's name. */
export interface Entered {
  title: string;
  opens_at: string;
  due_at: string;
  closes_at: string;
  points: string;
  /** null is the whole class. */
  students: readonly string[] | null;
}

export type Field = keyof Entered | "template_id" | "mode";
export type Errors = Partial<Record<Field, string>>;
/** As both functions take them. */
export type Fields = Required<Pick<CreateAssignment, DateField | "points" | "student_ids">>;

export const mostPoints = bounds.CreateAssignment.points.maximum;
export const mostStudents = bounds.CreateAssignment.student_ids.maxItems;

/** The number in a field of points, null where it is none. A comma may stand before the decimals. */
export function pointsIn(text: string): number | null {
  const number = Number(text.trim().replace(",", "."));
  return text.trim() && number > 0 && number <= mostPoints ? number : null;
}

export function enteredOf(assignment: Assignment | null, { timezone }: SchoolClass): Entered {
  const local = (field: DateField) => localTimeIn(timezone, assignment?.[field] ?? null);
  return {
    title: assignment?.title ?? "",
    opens_at: local("opens_at"),
    due_at: local("due_at"),
    closes_at: local("closes_at"),
    points: assignment?.points?.toString() ?? "",
    students: assignment?.student_ids ?? null,
  };
}

export function fieldsOf(entered: Entered, { timezone }: SchoolClass): Fields {
  return {
    opens_at: instantIn(timezone, entered.opens_at),
    due_at: instantIn(timezone, entered.due_at),
    closes_at: instantIn(timezone, entered.closes_at),
    points: pointsIn(entered.points),
    student_ids: entered.students && [...entered.students],
  };
}

/** The form: its values, and what is wrong with them here or by the server's word. */
export function useAssignmentForm(of: SchoolClass, assignment: Assignment | null) {
  const t = useMessages(assign);
  const format = useFormat();
  const [entered, setEntered] = useState(() => enteredOf(assignment, of));
  const [errors, setErrors] = useState<Errors>({});
  const dateNames = { opens_at: t.opens, due_at: t.dueAt, closes_at: t.closes };

  const wrongIn = (values: Entered): Errors => {
    const wrong: Errors = {};
    let before: DateField | null = null;
    for (const field of DATES) {
      if (!values[field]) continue;
      if (before && values[field] < values[before]) wrong[field] = t.mustBeAfter(dateNames[before]);
      before = field;
    }
    if (values.points.trim() && pointsIn(values.points) === null)
      wrong.points = t.pointsWrong(format.number(mostPoints));
    if (values.students?.length === 0) wrong.students = t.chooseStudents;
    if ((values.students?.length ?? 0) > mostStudents)
      wrong.students = t.atMostStudents(format.number(mostStudents));
    return wrong;
  };
  return {
    entered,
    errors,
    change: (changes: Partial<Entered>) => {
      setEntered((now) => ({ ...now, ...changes }));
      setErrors((now) => without(now, Object.keys(changes) as Field[]));
    },
    settle: (field: Field) => setErrors((now) => without(now, [field])),
    /** Whether it may be sent. What is wrong is shown. */
    check: (more: Errors = {}): boolean => {
      const wrong = { ...wrongIn(entered), ...more };
      setErrors(wrong);
      return Object.keys(wrong).length === 0;
    },
    /** Shows a refusal at the fields that it names; any other error is thrown again. */
    refuse: (error: unknown): void => {
      const refused = error instanceof PracticeProblem ? refusedFields(error) : {};
      if (Object.keys(refused).length === 0) throw error;
      setErrors(refused);
    },
  };
}

export type AssignmentForm = ReturnType<typeof useAssignmentForm>;

function without(errors: Errors, fields: readonly Field[]): Errors {
  return Object.fromEntries(Object.entries(errors).filter(([name]) => !fields.includes(name as Field)));
}

const FIELDS: Record<string, Field> = {
  template_id: "template_id",
  title: "title",
  mode: "mode",
  opens_at: "opens_at",
  due_at: "due_at",
  closes_at: "closes_at",
  points: "points",
  student_ids: "students",
};

function refusedFields({ errors }: PracticeProblem): Errors {
  const named = errors.flatMap(({ path, message }) => {
    const field = FIELDS[path.split(".")[0] ?? ""];
    return field ? [[field, message] as const] : [];
  });
  return Object.fromEntries(named);
}
