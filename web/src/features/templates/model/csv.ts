/**
 * Questions of a spreadsheet. Several values in a cell are separated by `|`, and `\|` is the character itself.
 * A right choice is named by its text, or by its letter or number.
 */

import type { checks } from "@/i18n/template_checks";

import {
  type Blank,
  type Choice,
  type Draft,
  FORMS,
  IGNORED,
  KINDS,
  type Kind,
  type Question,
  type Section,
  newBlank,
  newChoice,
  newCriterion,
  newExercise,
  newId,
  newPair,
  newQuestion,
  newSection,
  usesChoices,
} from "./draft";
import { checkQuestion } from "./check";

export const COLUMNS = [
  "kind",
  "exercise",
  "prompt",
  "choices",
  "answer",
  "hints",
  "explanation",
  "difficulty",
  "tolerance",
  "unit",
  "decimal_mark",
  "form",
  "ignores",
  "spelling_retry",
  "keep_order",
  "question_id",
  "image_url",
  "image_alt",
] as const;
type Column = (typeof COLUMNS)[number];

/** A row with the number of the line in the file where it begins. */
export interface Row {
  line: number;
  cells: readonly string[];
}

export interface FoundQuestion {
  line: number;
  exercise: string;
  question: Question;
}

export interface LineProblem {
  line: number;
  column: Column | undefined;
  message: string;
}

export interface CsvTexts {
  noColumn: (name: string) => string;
  unknownColumn: (name: string) => string;
  noKind: (given: string) => string;
  noExercise: string;
  noChoice: (given: string) => string;
}

export interface Found {
  questions: FoundQuestion[];
  problems: LineProblem[];
}

export const SAMPLE = [
  [...COLUMNS],
  [
    "multiple_choice",
    "Sizes of intervals",
    "How many semitones is it from C up to the next E?",
    "2|3|4|5",
    "4",
    "Walk up the piano one key at a time.|The first step leads to C sharp.",
    "C sharp, D, D sharp, E: four steps.",
    "1",
    "",
    "",
  ],
  [
    "multi_select",
    "Sizes of intervals",
    "Which are 3 semitones apart?",
    "A up to C|C up to E|D up to F",
    "A up to C|D up to F",
    "",
    "",
    "2",
    "",
    "",
  ],
  ["numeric", "Frequencies", "How high is the A above middle C?", "", "440", "", "", "2", "1", "Hz"],
  [
    "expression",
    "Frequencies",
    "How high is it n octaves higher, in Hz?",
    "",
    "440 * 2^n",
    "",
    "",
    "3",
    "",
    "",
  ],
  ["short_answer", "Frequencies", "What is the unit of frequency?", "", "hertz|Hz", "", "", "1", "", ""],
  [
    "free_response",
    "Frequencies",
    "Why does a longer string sound lower?",
    "",
    "Names the longer wave=2|Concludes a lower frequency=1",
    "",
    "",
    "4",
    "",
    "",
  ],
  [
    "self_rated",
    "Chromatic scales",
    "Play the scale up and down without a stop.",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
  ],
];

export function questionsOf(rows: readonly Row[], t: CsvTexts, ofFields: (typeof checks)["en"]): Found {
  const [head, ...body] = rows;
  const found: Found = { questions: [], problems: [] };
  if (!head) return found;
  const names = head.cells.map((cell) => cell.trim().toLowerCase());
  for (const name of ["kind", "prompt"] as const)
    if (!names.includes(name))
      found.problems.push({ line: head.line, column: name, message: t.noColumn(name) });
  for (const name of names)
    if (name && !COLUMNS.some((column) => column === name))
      found.problems.push({ line: head.line, column: undefined, message: t.unknownColumn(name) });
  if (!names.includes("kind") || !names.includes("prompt")) return found;
  let exercise = "";
  for (const row of body) {
    const cell = (name: Column) => plainCell(row.cells[names.indexOf(name)]?.trim() ?? "");
    if (row.cells.every((text) => !text.trim())) continue;
    exercise = cell("exercise") || exercise;
    const problems: LineProblem[] = [];
    const note = (column: Column | undefined, message: string) =>
      problems.push({ line: row.line, column, message });
    if (!exercise) note("exercise", t.noExercise);
    const question = questionOf(cell, t, note);
    if (question)
      checkQuestion(question, "", ofFields, (path, _place, message) => {
        if (message !== undefined) note(columnOf(path), message);
      });
    if (problems.length) found.problems.push(...uniqueOf(problems));
    else if (question) found.questions.push({ line: row.line, exercise, question });
  }
  return found;
}

/** What a spreadsheet may take for a formula: an export writes a quote before it, as that of the gradebook does. */
const FORMULA = /^(?:\s*[=+\-@＝＋－＠]|[\u0000-\u001f])/u;

function plainCell(text: string): string {
  return text.startsWith("'") && FORMULA.test(text.replace(/^'+/, "")) ? text.slice(1) : text;
}

/** One sentence a column: a right choice that is not known is no further one that is missing. */
function uniqueOf(problems: LineProblem[]): LineProblem[] {
  return problems.filter(
    ({ column }, index) => problems.findIndex((earlier) => earlier.column === column) === index,
  );
}

function columnOf(path: string): Column | undefined {
  const [, field = "", part = ""] = path.split(".");
  if (field === "image") return part === "alt" ? "image_alt" : "image_url";
  return ["rubric", "pairs", "blanks"].includes(field)
    ? "answer"
    : COLUMNS.find((column) => column === field);
}

function questionOf(
  cell: (name: Column) => string,
  t: CsvTexts,
  note: (column: Column | undefined, message: string) => void,
): Question | undefined {
  const kind = kindOf(cell("kind"));
  if (!kind) {
    note("kind", t.noKind(cell("kind")));
    return undefined;
  }
  const blank = newQuestion(kind);
  const question: Question = {
    ...blank,
    id: cell("question_id") || blank.id,
    prompt: cell("prompt"),
    picture: { url: cell("image_url"), alt: cell("image_alt"), rest: {} },
    hints: entriesOf(cell("hints")).map((text) => ({ key: newId(), text })),
    explanation: cell("explanation"),
    difficulty: cell("difficulty"),
    tolerance: cell("tolerance"),
    unit: cell("unit"),
    decimalMark: cell("decimal_mark"),
    form: cell("form"),
    keepOrder: isYes(cell("keep_order")),
    spellingRetry: isYes(cell("spelling_retry")),
  };
  if (!["", ".", ","].includes(question.decimalMark)) note("decimal_mark", t.noChoice(question.decimalMark));
  if (!FORMS.some((form) => form === question.form)) note("form", t.noChoice(question.form));
  const answer = cell("answer");
  if (kind === "ordering") {
    // The cell of the answer has what is to be ordered, in the right order.
    const choices = entriesOf(answer).map((text) => ({ ...newChoice(newId()), text }));
    return { ...question, choices };
  }
  if (kind === "matching") {
    const pairs = entriesOf(answer).map(pairOf);
    const further = entriesOf(cell("choices")).filter((text) => !pairs.some(({ match }) => match === text));
    return { ...question, pairs: [...pairs, ...further.map(pairOf)] };
  }
  if (kind === "cloze")
    return { ...question, blanks: entriesOf(answer).map((text, index) => blankOf(text, index, question)) };
  if (usesChoices(kind)) return { ...question, choices: choicesOf(cell("choices"), answer, kind, t, note) };
  if (kind === "numeric") return { ...question, number: answer };
  if (kind === "expression") return { ...question, expression: answer };
  if (kind === "short_answer") {
    const given = entriesOf(cell("ignores"));
    for (const name of given) if (!IGNORED.some((known) => known === name)) note("ignores", t.noChoice(name));
    const ignores = IGNORED.filter((name) => given.includes(name));
    return { ...question, accepted: entriesOf(answer).join("\n"), ignores };
  }
  if (kind === "free_response") return { ...question, rubric: entriesOf(answer).map(criterionOf) };
  return question;
}

function isYes(cell: string): boolean {
  return /^(?:true|yes|1|x|ja|wahr)$/i.test(cell);
}

function kindOf(text: string): Kind | undefined {
  const name = text.toLowerCase().replaceAll(/[\s-]+/g, "_");
  return KINDS.find((kind) => kind === name);
}

function choicesOf(
  cell: string,
  answer: string,
  kind: Kind,
  t: CsvTexts,
  note: (column: Column, message: string) => void,
): Choice[] {
  const texts = entriesOf(cell);
  const right = new Set<number>();
  for (const given of kind === "multi_select" ? entriesOf(answer) : [answer].filter(Boolean)) {
    const place = placeOfChoice(texts, given.replaceAll("\\|", "|"));
    if (place === undefined) note("answer", t.noChoice(given));
    else right.add(place);
  }
  return texts.map((text, index) => ({
    key: newId(),
    id: index < 26 ? String.fromCharCode(97 + index) : String(index + 1),
    text,
    isRight: right.has(index),
    rest: {},
  }));
}

function placeOfChoice(texts: string[], given: string): number | undefined {
  const byText = texts.findIndex((text) => text === given);
  if (byText >= 0) return byText;
  const place = /^[a-z]$/i.test(given)
    ? given.toLowerCase().charCodeAt(0) - 97
    : /^\d{1,2}$/.test(given)
      ? Number(given) - 1
      : -1;
  return place >= 0 && place < texts.length ? place : undefined;
}

/** `left => right`; a choice alone belongs to none. */
function pairOf(text: string) {
  const [, left = "", right = text] = /^(.*?)\s*=>\s*(.*)$/s.exec(text) ?? [];
  return { ...newPair(), text: left, match: right };
}

/** The accepted answers of a blank, with `/` between them, or mathematics between `$` signs. */
function blankOf(text: string, index: number, { form, decimalMark }: Question): Blank {
  const blank = newBlank(String(index + 1));
  const mathematics = /^\$(.+)\$$/s.exec(text)?.[1];
  if (mathematics === undefined) return { ...blank, answer: text.split("/").join("\n") };
  const rest = decimalMark ? { decimal_mark: decimalMark } : {};
  return { ...blank, kind: "expression", answer: mathematics.trim(), form, rest };
}

function criterionOf(text: string, index: number) {
  const [, words = text, points = "1"] = /^(.*?)\s*=\s*([\d.,]+)$/s.exec(text) ?? [];
  return { ...newCriterion(), id: `c${index + 1}`, text: words, points };
}

function entriesOf(cell: string): string[] {
  return cell
    .split(/(?<!\\)\|/)
    .map((entry) => entry.replaceAll("\\|", "|").trim())
    .filter(Boolean);
}

/** Adds each question to the exercise of its name in the section; exercises that are missing are made. */
export function withQuestions(
  draft: Draft,
  sectionKey: string | null,
  found: readonly FoundQuestion[],
  nameOfNewSection: string,
): Draft {
  const target = draft.sections.find(({ key }) => key === sectionKey);
  const marked = found.map((entry) => ({ ...entry, question: withOwnMark(entry.question, draft) }));
  const section = added(target ?? newSection(nameOfNewSection), marked);
  if (!target) return { ...draft, sections: [...draft.sections, section] };
  return { ...draft, sections: draft.sections.map((entry) => (entry === target ? section : entry)) };
}

/** The mark by which a file writes its keys: that of the template may read them otherwise. */
function withOwnMark(question: Question, { decimalMark }: Draft): Question {
  if (decimalMark && question.kind === "cloze")
    return { ...question, decimalMark: "", blanks: question.blanks.map(blankWithMark) };
  const key = question.kind === "numeric" ? question.number : question.expression;
  const isKnown = !["numeric", "expression"].includes(question.kind) || question.decimalMark !== "";
  if (!decimalMark || isKnown || !/[.,]/.test(key)) return question;
  const isComma = question.kind === "numeric" && !key.includes(".");
  return { ...question, decimalMark: isComma ? "," : "." };
}

function blankWithMark(blank: Blank): Blank {
  const isKnown = blank.kind !== "expression" || blank.rest["decimal_mark"] !== undefined;
  return isKnown || !/[.,]/.test(blank.answer) ? blank : { ...blank, rest: { decimal_mark: "." } };
}

function added(section: Section, found: readonly FoundQuestion[]): Section {
  const exercises = [...section.exercises];
  for (const { exercise: name, question } of found) {
    const place = exercises.findIndex((exercise) => exercise.name.trim() === name);
    const exercise = exercises[place];
    if (exercise) exercises[place] = { ...exercise, questions: [...exercise.questions, question] };
    else exercises.push({ ...newExercise(name), questions: [question] });
  }
  return { ...section, exercises };
}
