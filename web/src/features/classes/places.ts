import { bounds } from "practice-client/bounds";

export const mostStudents = bounds.CreateClass.max_students.maximum;
export const usualMaxStudents = 40;

/** The number in a field, null where it is none that a class can have. */
export function maxStudentsOf(text: string): number | null {
  const number = Number(text);
  return text.trim() && Number.isInteger(number) && number >= 1 && number <= mostStudents ? number : null;
}
