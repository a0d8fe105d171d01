/** Two versions of a template side by side, when it was changed elsewhere in the meantime. */

import { type Draft, type Section, linesOf, numberIn, tagsOf } from "./draft";
import { commandOf, studentsOf } from "./write";

/** The fields that are compared, each on its own; all sections together. */
export const COMPARED = [
  "name",
  "description",
  "rootId",
  "subject",
  "topic",
  "gradeLevel",
  "tags",
  "visibility",
  "students",
  "mastery",
  "decimalMark",
  "sections",
] as const;
const SHOWN_OF_ADDRESS = 80;
export type Part = (typeof COMPARED)[number];
export type Side = "mine" | "theirs";

export interface Difference {
  part: Part;
  mine: string[];
  theirs: string[];
  /** Where only one side has changed it, that one; otherwise mine. */
  proposed: Side;
}

export function isSame(one: Draft, other: Draft): boolean {
  return one === other || JSON.stringify(commandOf(one)) === JSON.stringify(commandOf(other));
}

export function differences(mine: Draft, theirs: Draft, base: Draft | null): Difference[] {
  return COMPARED.filter((part) => stateOf(mine, part) !== stateOf(theirs, part)).map((part) => {
    const isOnlyTheirs = base !== null && stateOf(mine, part) === stateOf(base, part);
    const [left, right] = [shown(mine, part), shown(theirs, part)];
    return { part, ...onlyDifferent(part, left, right), proposed: isOnlyTheirs ? "theirs" : "mine" };
  });
}

/** Theirs, with those parts of mine that were chosen. */
export function merge(mine: Draft, theirs: Draft, chosen: Partial<Record<Part, Side>>): Draft {
  let merged = theirs;
  for (const part of COMPARED) {
    if (chosen[part] !== "mine") continue;
    merged = { ...merged, [part]: mine[part] };
    if (part === "sections") merged = { ...merged, rest: mine.rest, storedMinutes: mine.storedMinutes };
  }
  return merged;
}

/** A part as it would be stored: two that are stored alike do not differ. */
function stateOf(draft: Draft, part: Part): string {
  const { template_data: content, ...details } = commandOf(draft);
  const { tags, decimal_mark, ...rest } = content;
  if (part === "sections") return JSON.stringify(rest);
  const stored = {
    name: details.name,
    description: details.description,
    rootId: details.root_id,
    subject: details.subject,
    topic: details.topic,
    gradeLevel: details.grade_level,
    visibility: details.visibility,
    students: [...studentsOf(draft)].sort(),
    mastery: details.mastery_criterion,
    tags,
    decimalMark: decimal_mark,
  };
  return JSON.stringify([stored[part]]);
}

function shown(draft: Draft, part: Part): string[] {
  switch (part) {
    case "sections":
      return draft.sections.flatMap(outlineOf);
    case "tags":
      return tagsOf(draft.tags);
    case "students":
      return studentsOf(draft);
    case "mastery":
      return draft.mastery ? [`${draft.mastery.m} / ${draft.mastery.n}`] : [];
    default:
      return linesOf(draft[part]);
  }
}

/** Of long lists only the lines that the other side lacks, unless only their order differs. */
function onlyDifferent(part: Part, mine: string[], theirs: string[]): Pick<Difference, "mine" | "theirs"> {
  if (part !== "sections" && part !== "students") return { mine, theirs };
  const without = (lines: string[], others: string[]) => {
    const known = new Set(others);
    return lines.filter((line) => !known.has(line));
  };
  const different = { mine: without(mine, theirs), theirs: without(theirs, mine) };
  return different.mine.length || different.theirs.length ? different : { mine, theirs };
}

function outlineOf({ name, minutes, exercises }: Section): string[] {
  const time = numberIn(minutes);
  return [
    time === undefined ? name : `${name} (${time} min)`,
    ...exercises.flatMap((exercise) => [
      [`${name} › ${exercise.name}`, exercise.skill, exercise.description].filter(Boolean).join(" · "),
      ...exercise.stems.map(({ text, picture: { url, alt } }) =>
        [`${name} › ${exercise.name} › ${text}`, alt, url.slice(0, SHOWN_OF_ADDRESS)]
          .filter(Boolean)
          .join(" · "),
      ),
      ...exercise.questions.map((question) => {
        const key = [
          ...question.choices.map(({ text, isRight }) => (isRight ? `[${text}]` : text)),
          question.picture.alt,
          question.picture.url.slice(0, SHOWN_OF_ADDRESS),
          ...question.pairs.map(({ text, match }) => (text || match ? `${text} = ${match}` : "")),
          ...question.blanks.map(({ answer, form }) =>
            [...linesOf(answer), form].filter(Boolean).join(" / "),
          ),
          question.number,
          question.expression,
          question.unit,
          ...linesOf(question.accepted),
          ...question.rubric.map(({ text, points }) => `${text} = ${points}`),
          ...question.hints.map(({ text }) => text),
          question.explanation,
          question.difficulty,
          question.tolerance,
          question.decimalMark,
          question.form,
          ...question.ignores,
        ].filter((text) => text.trim() !== "");
        return `${name} › ${exercise.name} › ${question.prompt} · ${key.join(" | ")}`;
      }),
    ]),
  ];
}
