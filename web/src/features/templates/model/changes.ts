/** Changes of a draft. Each returns a new one, and shares the parts that stay. */

import { type Draft, type Exercise, type Question, type Section, newId } from "./draft";

interface Keyed {
  readonly key: string;
}

export function updateIn<Entry extends Keyed>(
  entries: readonly Entry[],
  key: string,
  update: (entry: Entry) => Entry,
): readonly Entry[] {
  return entries.map((entry) => (entry.key === key ? update(entry) : entry));
}

export function removeFrom<Entry extends Keyed>(entries: readonly Entry[], key: string): readonly Entry[] {
  return entries.filter((entry) => entry.key !== key);
}

export function insertAfter<Entry extends Keyed>(
  entries: readonly Entry[],
  key: string,
  added: Entry,
): readonly Entry[] {
  return entries.flatMap((entry) => (entry.key === key ? [entry, added] : [entry]));
}

/** Moves the entry to the place of another one. */
export function moveTo<Entry extends Keyed>(
  entries: readonly Entry[],
  key: string,
  place: number,
): readonly Entry[] {
  const moved = entries.find((entry) => entry.key === key);
  if (!moved) return entries;
  const others = removeFrom(entries, key);
  return [...others.slice(0, place), moved, ...others.slice(place)];
}

export function moveBy<Entry extends Keyed>(
  entries: readonly Entry[],
  key: string,
  by: -1 | 1,
): readonly Entry[] {
  const place = entries.findIndex((entry) => entry.key === key) + by;
  return place < 0 || place >= entries.length ? entries : moveTo(entries, key, place);
}

export function updateSection(draft: Draft, key: string, update: (section: Section) => Section): Draft {
  return { ...draft, sections: updateIn(draft.sections, key, update) };
}

export function updateExercise(draft: Draft, key: string, update: (exercise: Exercise) => Exercise): Draft {
  const sections = draft.sections.map((section) =>
    section.exercises.some((exercise) => exercise.key === key)
      ? { ...section, exercises: updateIn(section.exercises, key, update) }
      : section,
  );
  return { ...draft, sections };
}

export function updateQuestion(draft: Draft, key: string, update: (question: Question) => Question): Draft {
  const exercise = exerciseOf(draft, key);
  if (!exercise) return draft;
  return updateExercise(draft, exercise.key, (found) => ({
    ...found,
    questions: updateIn(found.questions, key, update),
  }));
}

/** Up from the first place of a section leads into the section above, and down likewise. */
export function moveExercise(draft: Draft, key: string, by: -1 | 1): Draft {
  const from = draft.sections.findIndex((section) => section.exercises.some((entry) => entry.key === key));
  const section = draft.sections[from];
  if (!section) return draft;
  const moved = moveBy(section.exercises, key, by);
  if (moved !== section.exercises)
    return updateSection(draft, section.key, (found) => ({ ...found, exercises: moved }));
  const next = draft.sections[from + by];
  const exercise = section.exercises.find((entry) => entry.key === key);
  if (!next || !exercise) return draft;
  const without = updateSection(draft, section.key, (found) => ({
    ...found,
    exercises: removeFrom(found.exercises, key),
  }));
  return updateSection(without, next.key, (found) => ({
    ...found,
    exercises: by < 0 ? [...found.exercises, exercise] : [exercise, ...found.exercises],
  }));
}

export function copyOfQuestion(question: Question): Question {
  return { ...question, key: newId(), id: newId() };
}

export function copyOfExercise(exercise: Exercise): Exercise {
  const stems = exercise.stems.map((stem) => ({ ...stem, key: newId(), id: newId() }));
  const copies = new Map(exercise.stems.map(({ id }, index) => [id, stems[index]?.id ?? ""]));
  const questions = exercise.questions.map((question) => ({
    ...copyOfQuestion(question),
    stem: copies.get(question.stem) ?? "",
  }));
  return { ...exercise, key: newId(), id: newId(), storedName: null, stems, questions };
}

export function copyOfSection(section: Section): Section {
  return { ...section, key: newId(), exercises: section.exercises.map(copyOfExercise) };
}

export function sectionOf(draft: Draft, exerciseKey: string): Section | undefined {
  return draft.sections.find(({ exercises }) => exercises.some(({ key }) => key === exerciseKey));
}

export function exerciseOf(draft: Draft, questionKey: string): Exercise | undefined {
  for (const { exercises } of draft.sections)
    for (const exercise of exercises)
      if (exercise.questions.some(({ key }) => key === questionKey)) return exercise;
  return undefined;
}

export function questionOf(draft: Draft, key: string): Question | undefined {
  return exerciseOf(draft, key)?.questions.find((question) => question.key === key);
}

export function countQuestions(sections: readonly Section[]): number {
  return sections
    .flatMap(({ exercises }) => exercises)
    .reduce((sum, { questions }) => sum + questions.length, 0);
}
