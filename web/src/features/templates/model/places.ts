/**
 * Fields have two names: the path in a request, such as `template_data.sections.0.name`, by which the server
 * reports errors, and the place in the draft, `<key>.name`, which stays when parts are moved.
 */

import type { Choice, Criterion, Draft, Exercise, Question, Section } from "./draft";

export type Place = string;

export function placeOf(part: { readonly key: string }, field: string): Place {
  return `${part.key}.${field}`;
}

/** The parts of a draft with their paths, in the order of the page. */
export function* partsOf(
  draft: Draft,
): Generator<[path: string, part: Section | Exercise | Question | Choice | Criterion]> {
  for (const [s, section] of draft.sections.entries()) {
    const ofSection = `template_data.sections.${s}`;
    yield [ofSection, section];
    for (const [e, exercise] of section.exercises.entries()) {
      const ofExercise = `${ofSection}.exercises.${e}`;
      yield [ofExercise, exercise];
      for (const [q, question] of exercise.questions.entries()) {
        const ofQuestion = `${ofExercise}.questions.${q}`;
        yield [ofQuestion, question];
        for (const [c, choice] of question.choices.entries()) yield [`${ofQuestion}.choices.${c}`, choice];
        for (const [c, criterion] of question.rubric.entries())
          yield [`${ofQuestion}.rubric.${c}`, criterion];
      }
    }
  }
}

/** The names of fields that have another name in the draft, or that show their entries as one text. */
const FIELDS: Readonly<Record<string, string>> = {
  duration_minutes: "minutes",
  question_id: "prompt",
  criterion_id: "text",
};
const DETAILS = new Set([
  "name",
  "description",
  "root_id",
  "subject",
  "topic",
  "grade_level",
  "visibility",
  "student_ids",
  "mastery_criterion",
]);

/** The place of the field that a path of the server leads to; undefined where the page has no such field. */
export function placeOfPath(draft: Draft, path: string): Place | undefined {
  const dotted = path.replaceAll(/\[(\d+)\]/g, ".$1");
  const [first = ""] = dotted.split(".");
  if (DETAILS.has(first)) return first;
  if (dotted.startsWith("template_data.tags")) return "tags";
  let best: { path: string; part: { readonly key: string } } | undefined;
  for (const [at, part] of partsOf(draft))
    if (dotted === at || dotted.startsWith(`${at}.`)) best = { path: at, part }; // a later one is deeper
  if (!best) return undefined;
  const [field = "name", index] = dotted.slice(best.path.length + 1).split(".");
  if (field === "hints" && index !== undefined) return placeOf(best.part, `hints.${index}`);
  return placeOf(best.part, FIELDS[field] ?? (field || "name"));
}

/** Where a place is: what is to be opened so that its field is on the page. */
export function openingOf(
  draft: Draft,
  place: Place,
): { section?: string; exercise?: string; question?: string } {
  const key = place.split(".")[0];
  for (const section of draft.sections) {
    if (section.key === key) return { section: section.key };
    for (const exercise of section.exercises) {
      if (exercise.key === key) return { section: section.key, exercise: exercise.key };
      for (const question of exercise.questions)
        if ([question, ...question.choices, ...question.rubric].some((part) => part.key === key))
          return { section: section.key, exercise: exercise.key, question: question.key };
    }
  }
  return {};
}
