/**
 * Fields have two names: the path in a request, such as `template_data.sections.0.name`, by which the server
 * reports errors, and the place in the draft, `<key>.name`, which stays when parts are moved.
 */

import {
  type Blank,
  type Choice,
  type Criterion,
  type Draft,
  type Exercise,
  type Kind,
  type Pair,
  type Question,
  type Section,
  type Stem,
  stemOf,
  usesChoices,
} from "./draft";

export type Place = string;
type Part = Section | Exercise | Stem | Question | Choice | Criterion | Pair | Blank;

export function placeOf(part: { readonly key: string }, field: string): Place {
  return `${part.key}.${field}`;
}

/** The parts of a draft with their paths, in the order of the page. */
export function* partsOf(draft: Draft): Generator<[path: string, part: Part]> {
  for (const [s, section] of draft.sections.entries()) {
    const ofSection = `template_data.sections.${s}`;
    yield [ofSection, section];
    for (const [e, exercise] of section.exercises.entries()) {
      const ofExercise = `${ofSection}.exercises.${e}`;
      yield [ofExercise, exercise];
      for (const [n, stem] of exercise.stems.entries()) yield [`${ofExercise}.stems.${n}`, stem];
      for (const [q, question] of exercise.questions.entries()) {
        const ofQuestion = `${ofExercise}.questions.${q}`;
        yield [ofQuestion, question];
        const { kind, choices, rubric, pairs, blanks } = question;
        if (usesChoices(kind))
          for (const [c, choice] of choices.entries()) yield [`${ofQuestion}.choices.${c}`, choice];
        if (kind === "matching") {
          const items = pairs.filter(({ text }) => text.trim());
          for (const [c, pair] of items.entries()) yield [`${ofQuestion}.items.${c}`, pair];
        }
        if (kind === "cloze")
          for (const [c, blank] of blanks.entries()) yield [`${ofQuestion}.blanks.${c}`, blank];
        if (kind === "free_response")
          for (const [c, criterion] of rubric.entries()) yield [`${ofQuestion}.rubric.${c}`, criterion];
      }
    }
  }
}

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
const OF_CONTENT: Readonly<Record<string, Place>> = {
  sections: "sections.add",
  tags: "tags",
  decimal_mark: "decimal_mark",
  // An app's own parts of a daily pack, which the builder keeps as they are.
  blocks: "sections.add",
  total_duration_minutes: "sections.total",
};
type Fields = Readonly<Record<string, string>>;
const OF_SECTION: Fields = { name: "name", duration_minutes: "minutes", exercises: "add" };
const OF_EXERCISE: Fields = {
  id: "name",
  name: "name",
  description: "description",
  skill: "skill",
  questions: "add",
  stems: "add",
};
const OF_STEM: Fields = { stem_id: "text", text: "text", image: "image" };
const OF_QUESTION: Fields = {
  question_id: "prompt",
  kind: "kind",
  prompt: "prompt",
  image: "image",
  stem: "stem",
  hints: "hints",
  explanation: "explanation",
  difficulty: "difficulty",
};
const OF_CHOICES: Fields = { choices: "choices", answer: "answer", keep_order: "keep_order" };
const OF_KIND: Readonly<Record<Kind, Fields>> = {
  multiple_choice: OF_CHOICES,
  multi_select: OF_CHOICES,
  numeric: { answer: "answer", tolerance: "tolerance", unit: "unit", decimal_mark: "decimal_mark" },
  expression: { answer: "answer", form: "form", decimal_mark: "decimal_mark" },
  short_answer: { answer: "answer", ignores: "ignores", spelling_retry: "spelling_retry" },
  free_response: { rubric: "rubric" },
  self_rated: {},
  ordering: { choices: "choices", answer: "choices" },
  matching: { items: "pairs", choices: "pairs", answer: "pairs" },
  cloze: { blanks: "blanks" },
};
const OF_BLANK: Fields = {
  id: "answer",
  kind: "kind",
  choices: "answer",
  answer: "answer",
  tolerance: "answer",
  unit: "answer",
  decimal_mark: "answer",
  form: "answer",
  ignores: "answer",
  spelling_retry: "answer",
};
const OF_ENTRY: Fields = { id: "text", criterion_id: "text", text: "text", points: "points" };

/** The place of the field that a path of the server leads to; undefined where the page has no such field. */
export function placeOfPath(draft: Draft, path: string): Place | undefined {
  const dotted = path.replaceAll(/\[(\d+)\]/g, ".$1");
  const [first = "", second = ""] = dotted.split(".");
  if (first === "mastery_criterion" && draft.mastery && (second === "m" || second === "n")) return dotted;
  if (DETAILS.has(first)) return first;
  let best: { path: string; part: Part } | undefined;
  for (const [at, part] of partsOf(draft))
    if (dotted === at || dotted.startsWith(`${at}.`)) best = { path: at, part }; // a later one is deeper
  if (!best) return first === "template_data" ? OF_CONTENT[second] : undefined;
  const { part } = best;
  const [name = "", index] = dotted.slice(best.path.length + 1).split(".");
  const fields = fieldsOf(part);
  // A part that is refused as a whole is shown at its first field.
  const field =
    name === "" ? (fields["name"] ?? fields["prompt"] ?? fields["text"] ?? fields["answer"]) : fields[name];
  if (field === undefined) return undefined;
  if (field === "image") return placeOf(part, index === "alt" ? "image.alt" : "image.url");
  const isHint = field === "hints" && index !== undefined;
  return placeOf(part, isHint ? `hints.${index}` : field);
}

function fieldsOf(part: Part): Fields {
  if ("minutes" in part) return OF_SECTION;
  if ("questions" in part) return OF_EXERCISE;
  if ("picture" in part && !("prompt" in part)) return OF_STEM;
  if ("prompt" in part) return { ...OF_QUESTION, ...OF_KIND[part.kind] };
  if (!("answer" in part)) return OF_ENTRY;
  return part.kind === "expression" ? { ...OF_BLANK, form: "form" } : OF_BLANK;
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
        if (keysOf(question, exercise).includes(key ?? ""))
          return { section: section.key, exercise: exercise.key, question: question.key };
    }
  }
  return {};
}

/** The keys of the question and of its parts, with the stem that it shares. */
export function keysOf(question: Question, exercise: Exercise): string[] {
  const { key, choices, rubric, pairs, blanks } = question;
  const stem = stemOf(exercise, question);
  return [
    key,
    ...[...choices, ...rubric, ...pairs, ...blanks, ...(stem ? [stem] : [])].map((part) => part.key),
  ];
}
