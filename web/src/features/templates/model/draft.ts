/**
 * A template as it is edited. Numbers are texts here, so that what is typed stays as typed. Each part has a
 * `key`, which no edit changes, and in `rest` the fields that the builder does not show.
 */

export const KINDS = [
  "multiple_choice",
  "multi_select",
  "numeric",
  "expression",
  "short_answer",
  "free_response",
  "self_rated",
  "ordering",
  "matching",
  "cloze",
] as const;
/** The forms of mathematics that an author may name; "" is that of the key. */
export const FORMS = ["", "factored", "expanded", "lowest_terms", "solved", "any"] as const;
export type Kind = (typeof KINDS)[number];

/** What does not count when an answer in words is compared. */
export const IGNORED = ["accents", "articles", "contractions"] as const;
export type Ignored = (typeof IGNORED)[number];

export type Rest = Readonly<Record<string, unknown>>;

export interface Line {
  readonly key: string;
  readonly text: string;
}

export interface Choice {
  readonly key: string;
  readonly id: string;
  readonly text: string;
  readonly isRight: boolean;
  readonly rest: Rest;
}

/** An item with the choice that belongs to it. Without an item the choice belongs to none. */
export interface Pair {
  readonly key: string;
  readonly id: string;
  readonly text: string;
  readonly match: string;
  readonly rest: Rest;
}

export const BLANK_KINDS = ["short_answer", "numeric", "expression", "multiple_choice"] as const;

/**
 * A gap in a text. The key is one a line: accepted answers, a number, mathematics, or choices with the right one
 * first.
 */
export interface Blank {
  readonly key: string;
  readonly id: string;
  readonly kind: (typeof BLANK_KINDS)[number];
  readonly answer: string;
  /** Of mathematics: "", which is that of the key, or another of FORMS. */
  readonly form: string;
  readonly rest: Rest;
}

export interface Criterion {
  readonly key: string;
  readonly id: string;
  readonly text: string;
  readonly points: string;
  readonly rest: Rest;
}

/** A picture, by its address or in the text itself (`data:`); without one both texts are empty. */
export interface Picture {
  readonly url: string;
  readonly alt: string;
  readonly rest: Rest;
}

export const NO_PICTURE: Picture = { url: "", alt: "", rest: {} };

/** What several questions are about: their text, shown with each of these steps. */
export interface Stem {
  readonly key: string;
  readonly id: string;
  readonly text: string;
  readonly picture: Picture;
  readonly rest: Rest;
}

/** It holds the fields of every kind, so that a kind chosen by mistake loses nothing. */
export interface Question {
  readonly key: string;
  readonly id: string;
  readonly kind: Kind;
  readonly prompt: string;
  readonly picture: Picture;
  /** The id of a stem of its exercise; "" where it stands alone. */
  readonly stem: string;
  readonly choices: readonly Choice[];
  /** Whether choices are shown in their order here, and not shuffled. */
  readonly keepOrder: boolean;
  /** The accepted answers, one a line. */
  readonly accepted: string;
  readonly ignores: readonly Ignored[];
  /** Whether an answer that is only misspelt may be given once more. */
  readonly spellingRetry: boolean;
  /** A number as its text, such as 3/4. */
  readonly number: string;
  readonly tolerance: string;
  readonly unit: string;
  /** "" where it is not given. */
  readonly decimalMark: string;
  /** Mathematics, as it is typed. */
  readonly expression: string;
  /** "", which is that of the key, or another of FORMS. */
  readonly form: string;
  readonly pairs: readonly Pair[];
  readonly blanks: readonly Blank[];
  readonly rubric: readonly Criterion[];
  readonly hints: readonly Line[];
  readonly explanation: string;
  /** "" or 1 to 5. */
  readonly difficulty: string;
  readonly rest: Rest;
}

export interface Exercise {
  readonly key: string;
  /** null in a stored exercise without one, whose name is its identity. */
  readonly id: string | null;
  /** The name under which an exercise without id is stored: it becomes the id when the name changes. */
  readonly storedName: string | null;
  readonly name: string;
  readonly description: string;
  readonly skill: string;
  readonly stems: readonly Stem[];
  readonly questions: readonly Question[];
  readonly rest: Rest;
}

export interface Section {
  readonly key: string;
  readonly name: string;
  readonly minutes: string;
  readonly exercises: readonly Exercise[];
  readonly rest: Rest;
}

export type Visibility = "private" | "assigned" | "public";

export interface Draft {
  readonly name: string;
  readonly description: string;
  readonly rootId: string;
  readonly subject: string;
  readonly topic: string;
  readonly gradeLevel: string;
  readonly tags: string;
  readonly visibility: Visibility;
  /** The uids, one a line. */
  readonly students: string;
  readonly mastery: { readonly m: string; readonly n: string } | null;
  /** Of numbers and mathematics whose question has none of its own; "" where it is not given. */
  readonly decimalMark: string;
  readonly sections: readonly Section[];
  /** The stored sum, which counts while no section has minutes. */
  readonly storedMinutes: number | null;
  readonly rest: Rest;
}

/** 50 bits of chance: enough for ids that are unique in one template. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return Array.from(bytes, (byte) => (byte % 36).toString(36)).join("");
}

export function newChoice(id: string): Choice {
  return { key: newId(), id, text: "", isRight: false, rest: {} };
}

export function newCriterion(): Criterion {
  return { key: newId(), id: newId(), text: "", points: "1", rest: {} };
}

export function newPair(): Pair {
  return { key: newId(), id: newId(), text: "", match: "", rest: {} };
}

export function newBlank(id: string): Blank {
  return { key: newId(), id, kind: "short_answer", answer: "", form: "", rest: {} };
}

export function newStem(): Stem {
  return { key: newId(), id: newId(), text: "", picture: NO_PICTURE, rest: {} };
}

/** The stem of which the question is a step. */
export function stemOf({ stems }: Exercise, { stem }: Question): Stem | undefined {
  return stem ? stems.find(({ id }) => id === stem) : undefined;
}

export function newQuestion(kind: Kind = "multiple_choice"): Question {
  return {
    key: newId(),
    id: newId(),
    kind,
    prompt: "",
    picture: NO_PICTURE,
    stem: "",
    // In an ordering the ids would tell the order.
    choices: [newChoice(kind === "ordering" ? newId() : "a"), newChoice(kind === "ordering" ? newId() : "b")],
    keepOrder: false,
    accepted: "",
    ignores: [],
    spellingRetry: false,
    number: "",
    tolerance: "",
    unit: "",
    decimalMark: "",
    expression: "",
    form: "",
    pairs: [newPair(), newPair()],
    blanks: [newBlank("1")],
    rubric: [newCriterion()],
    hints: [],
    explanation: "",
    difficulty: "",
    rest: {},
  };
}

export function newExercise(name = ""): Exercise {
  return {
    key: newId(),
    id: newId(),
    storedName: null,
    name,
    description: "",
    skill: "",
    stems: [],
    questions: [],
    rest: {},
  };
}

export function newSection(name = ""): Section {
  return { key: newId(), name, minutes: "", exercises: [], rest: {} };
}

export function newDraft(): Draft {
  return {
    name: "",
    description: "",
    rootId: "",
    subject: "",
    topic: "",
    gradeLevel: "",
    tags: "",
    visibility: "private",
    students: "",
    mastery: null,
    decimalMark: "",
    sections: [],
    storedMinutes: null,
    rest: {},
  };
}

/** A draft that a version before has kept, with the fields that it did not know. */
export function completed(draft: Draft): Draft {
  const sections = draft.sections.map((section) => ({
    ...section,
    exercises: section.exercises.map((exercise) => ({
      ...newExercise(),
      ...exercise,
      questions: exercise.questions.map((question) => {
        const whole = { ...newQuestion(question.kind), ...question };
        return { ...whole, blanks: whole.blanks.map((blank) => ({ ...newBlank(blank.id), ...blank })) };
      }),
    })),
  }));
  return { ...newDraft(), ...draft, sections };
}

/** An id for a further choice: the first letter, or else the first number, that is free. */
export function freeChoiceId(choices: readonly Choice[]): string {
  const taken = new Set(choices.map(({ id }) => id));
  const letters = "abcdefghijklmnopqrstuvwxyz";
  for (const letter of letters) if (!taken.has(letter)) return letter;
  for (let number = 1; ; number += 1) if (!taken.has(String(number))) return String(number);
}

export function usesChoices(kind: Kind): boolean {
  return kind === "multiple_choice" || kind === "multi_select" || kind === "ordering";
}

/** The number that a person wrote, with a decimal comma too; undefined for anything else. */
export function numberIn(text: string): number | undefined {
  const plain = text.trim().replace(/^([+-]?\d*),(\d+)$/, "$1.$2");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return undefined;
  const number = Number(plain);
  return Number.isFinite(number) ? number : undefined;
}

export function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

/** Tags are separated by commas; if there are several lines, by those, so that a tag may have a comma. */
export function tagsOf(text: string): string[] {
  if (text.includes("\n")) return linesOf(text);
  return text
    .split(",")
    .map((tag) => tag.trim())
    .filter(Boolean);
}

/** The sum of the sections; the stored one where none has minutes. */
export function totalMinutes(draft: Draft): number | null {
  const known = draft.sections.map(({ minutes }) => numberIn(minutes)).filter((value) => value !== undefined);
  if (known.length === 0) return draft.storedMinutes;
  // Without the noise of binary fractions: 0.1 + 0.2 is 0.3.
  return Number(known.reduce((sum, value) => sum + value, 0).toFixed(6));
}
