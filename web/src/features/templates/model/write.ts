import type { CreateTemplate, TemplateData } from "practice-client";

import {
  type Blank,
  type Choice,
  type Draft,
  type Exercise,
  type Picture,
  type Question,
  type Section,
  type Stem,
  linesOf,
  numberIn,
  tagsOf,
  totalMinutes,
  usesChoices,
} from "./draft";

/** What `create_template` takes. A field that is not valid is sent as it was typed: checks name it. */
export function commandOf(draft: Draft): CreateTemplate {
  return {
    name: draft.name,
    description: draft.description,
    root_id: draft.rootId.trim() || null,
    subject: draft.subject.trim() || null,
    topic: draft.topic.trim() || null,
    grade_level: draft.gradeLevel.trim() || null,
    visibility: draft.visibility,
    student_ids: studentsOf(draft),
    mastery_criterion: draft.mastery && {
      kind: "m_of_n",
      m: value(draft.mastery.m) as number,
      n: value(draft.mastery.n) as number,
    },
    template_data: contentOf(draft),
  };
}

export function studentsOf(draft: Draft): string[] {
  return [...new Set(draft.students.split(/[\s,;]+/).filter(Boolean))];
}

export function contentOf(draft: Draft): TemplateData {
  const names = namesOf(draft);
  const tags = tagsOf(draft.tags);
  const total = totalMinutes(draft);
  return {
    ...draft.rest,
    sections: draft.sections.map((section) => sectionOf(section, names, draft.decimalMark)),
    ...(total === null ? {} : { total_duration_minutes: total }),
    ...(tags.length ? { tags } : {}),
    ...(draft.decimalMark ? { decimal_mark: draft.decimalMark } : {}),
  } as TemplateData;
}

/** How often each id and each name of an exercise is used: a name may become an id only if it is free. */
function namesOf(draft: Draft): ReadonlyMap<string, number> {
  const used = new Map<string, number>();
  const add = (name: string | null) => {
    if (name !== null) used.set(name, (used.get(name) ?? 0) + 1);
  };
  for (const { exercises } of draft.sections)
    for (const { id, storedName, questions } of exercises) {
      add(id ?? storedName);
      for (const question of questions) add(question.id);
    }
  return used;
}

function sectionOf(section: Section, names: ReadonlyMap<string, number>, mark: string) {
  return {
    ...section.rest,
    name: section.name,
    ...(section.minutes.trim() ? { duration_minutes: value(section.minutes) } : {}),
    exercises: section.exercises.map((exercise) => exerciseOf(exercise, names, mark)),
  };
}

function exerciseOf(exercise: Exercise, names: ReadonlyMap<string, number>, mark: string) {
  const id = idOf(exercise, names);
  return {
    ...exercise.rest,
    ...(id === null ? {} : { id }),
    name: exercise.name,
    ...(exercise.description ? { description: exercise.description } : {}),
    ...(exercise.skill.trim() ? { skill: exercise.skill.trim() } : {}),
    ...(exercise.stems.length ? { stems: exercise.stems.map(sharedOf) } : {}),
    ...(exercise.questions.length
      ? { questions: exercise.questions.map((question) => questionOf(question, mark)) }
      : {}),
  };
}

function sharedOf({ id, text, picture, rest }: Stem) {
  return { ...rest, stem_id: id, text, ...imageOf(picture) };
}

/** An exercise without id is known by its name. If it is renamed, the old name becomes its id. */
function idOf({ id, name, storedName }: Exercise, names: ReadonlyMap<string, number>): string | null {
  if (id !== null) return id;
  return storedName !== null && storedName !== name && names.get(storedName) === 1 ? storedName : null;
}

function questionOf(question: Question, mark: string) {
  return {
    ...question.rest,
    question_id: question.id,
    kind: question.kind,
    prompt: question.prompt,
    ...imageOf(question.picture),
    ...(question.stem ? { stem: question.stem } : {}),
    ...keyOf(question, mark),
    ...(question.hints.length ? { hints: question.hints.map(({ text }) => text) } : {}),
    ...(question.explanation ? { explanation: question.explanation } : {}),
    ...(question.difficulty ? { difficulty: value(question.difficulty) } : {}),
  };
}

function imageOf({ url, alt, rest }: Picture) {
  return url.trim() || alt.trim() ? { image: { ...rest, url: url.trim(), alt } } : {};
}

/** `mark` is the decimal mark of the template. */
function keyOf(question: Question, mark: string) {
  const { kind, choices, number, tolerance, unit, decimalMark } = question;
  if (usesChoices(kind)) {
    const right = choices.filter(({ isRight }) => isRight).map(({ id }) => id);
    if (kind === "ordering") return { choices: choices.map(choiceOf), answer: choices.map(({ id }) => id) };
    return {
      choices: choices.map(choiceOf),
      answer: kind === "multi_select" ? right : (right[0] ?? ""),
      ...(question.keepOrder ? { keep_order: true } : {}),
    };
  }
  if (kind === "matching") return pairsOf(question);
  if (kind === "cloze") return { blanks: question.blanks.map((blank) => blankOf(blank, mark)) };
  if (kind === "numeric")
    return {
      answer: numberOrText(number, decimalMark || mark),
      ...(tolerance.trim() ? { tolerance: value(tolerance) } : {}),
      ...(unit.trim() ? { unit: unit.trim() } : {}),
      ...(decimalMark ? { decimal_mark: decimalMark } : {}),
    };
  if (kind === "expression")
    return {
      answer: question.expression.trim(),
      ...(question.form ? { form: question.form } : {}),
      ...(decimalMark ? { decimal_mark: decimalMark } : {}),
    };
  if (kind === "short_answer")
    return {
      answer: linesOf(question.accepted),
      ...(question.ignores.length ? { ignores: question.ignores } : {}),
      ...(question.spellingRetry ? { spelling_retry: true } : {}),
    };
  if (kind === "free_response")
    return {
      rubric: question.rubric.map(({ id, text, points, rest }) => ({
        ...rest,
        criterion_id: id,
        text,
        points: value(points),
      })),
    };
  return {};
}

/** Each text on the right is one choice, however many items it belongs to. */
function pairsOf({ pairs }: Question) {
  const items = pairs.filter(({ text }) => text.trim());
  const matches = [...new Set(pairs.map(({ match }) => match.trim()).filter(Boolean))];
  return {
    items: items.map(({ id, text, rest }) => ({ ...rest, id, text })),
    choices: matches.map((text, index) => ({ id: letterOf(index), text })),
    answer: items.map(({ match }) => letterOf(matches.indexOf(match.trim()))),
  };
}

/** The id of a choice by its place; at most 20 are possible. */
function letterOf(index: number): string {
  return String.fromCharCode(97 + index);
}

function blankOf({ id, kind, answer, form, rest }: Blank, mark: string) {
  const lines = linesOf(answer);
  if (kind === "short_answer") return { ...rest, id, kind, answer: lines };
  if (kind === "numeric")
    return { ...rest, id, kind, answer: numberOrText(answer, rest["decimal_mark"] ?? mark) };
  if (kind === "expression") return { ...rest, id, kind, answer: answer.trim(), ...(form ? { form } : {}) };
  return { ...rest, id, kind, choices: lines.toSorted(), answer: lines[0] ?? "" };
}

function choiceOf({ id, text, rest }: Choice) {
  return { ...rest, id, text };
}

function value(text: string): number | string {
  return numberIn(text) ?? text;
}

/**
 * A JSON number only where it is the same text: 3/4, 1.50 and 12 m stay as they were typed, and so does what a
 * decimal comma reads otherwise.
 */
function numberOrText(text: string, mark: unknown): number | string {
  const trimmed = text.trim();
  if (mark === "," && trimmed.includes(".")) return trimmed;
  const number = Number(trimmed);
  return trimmed !== "" && Number.isFinite(number) && String(number) === trimmed ? number : trimmed;
}
