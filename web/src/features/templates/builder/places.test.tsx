import { render } from "@testing-library/react";
import { beforeAll, describe, expect, it, vi } from "vitest";

import { LanguageProvider } from "@/i18n";

import openapi from "../../../../../docs/openapi.json";
import {
  type Draft,
  KINDS,
  newDraft,
  newExercise,
  newPair,
  newQuestion,
  newSection,
  newStem,
} from "../model/draft";
import { placeOfPath } from "../model/places";
import { type Actions, ActionsContext, OpenContext, ProblemsContext } from "./contexts";
import { Details, MORE_DETAILS } from "./details";
import { QuestionFields } from "./question_dialog";
import { Sections } from "./sections";

vi.mock("@/auth/session", () => ({ useUser: () => ({ isTeacher: true }) }));

interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
}
const SCHEMAS = openapi.components.schemas as unknown as Record<string, Schema>;
/** What authors may add as they like. */
const FREE = ["FreeJson", "FreeObject", "JsonValue"];
const CONTENT = "template_data";

/** Every path by which a schema can be refused. Entries of a list are its first, questions one of each kind. */
function pathsOf(schema: Schema, path: string): string[] {
  const name = schema.$ref?.split("/").at(-1);
  if (name !== undefined) return FREE.includes(name) ? [path] : pathsOf(SCHEMAS[name]!, path);
  const below = [
    ...(schema.anyOf ?? []).flatMap((option) => pathsOf(option, path)),
    ...(schema.oneOf ?? []).flatMap((option, index) => pathsOf(option, path.replace(/\d+$/, String(index)))),
    ...Object.entries(schema.properties ?? {}).flatMap(([field, value]) =>
      pathsOf(value, path ? `${path}.${field}` : field),
    ),
    ...(schema.items ? pathsOf(schema.items, `${path}.0`) : []),
  ];
  return [...new Set([path, ...below])].filter(Boolean);
}

function draftOfEverything(): Draft {
  const stem = newStem();
  const questions = KINDS.map((kind) => ({
    ...newQuestion(kind),
    pairs: [{ ...newPair(), text: "left", match: "right" }],
    hints: [{ key: `hint-${kind}`, text: "Think" }],
    stem: stem.id,
  }));
  const sections = [
    { ...newSection("Section"), exercises: [{ ...newExercise("Exercise"), stems: [stem], questions }] },
  ];
  return { ...newDraft(), visibility: "assigned", mastery: { m: "3", n: "5" }, sections };
}

const DRAFT = draftOfEverything();
const EXERCISE = DRAFT.sections[0]!.exercises[0]!;
const QUESTIONS = EXERCISE.questions;
const COMMANDS = ["CreateTemplate", "UpdateTemplate"] as const;
const PATHS = [...new Set(COMMANDS.flatMap((name) => pathsOf(SCHEMAS[name]!, "")))];

/** Fields that a question of the kind may have, and that the builder neither shows nor sends. */
const NOT_SHOWN: Record<(typeof KINDS)[number], RegExp> = {
  multiple_choice: /^(tolerance|unit|rubric)\b/,
  multi_select: /^(tolerance|unit|rubric)\b/,
  numeric: /^(choices|rubric)\b/,
  expression: /^(choices|tolerance|unit|rubric)\b/,
  short_answer: /^(choices|tolerance|unit|rubric)\b/,
  free_response: /^(choices|tolerance|unit|answer)\b/,
  self_rated: /^(choices|tolerance|unit|rubric|answer)\b/,
  ordering: /^(tolerance|unit|rubric)\b/,
  matching: /^(tolerance|unit|rubric)\b/,
  cloze: /^(choices|tolerance|unit|rubric|answer)\b/,
};

function isShown(path: string): boolean {
  if (["template_id", "version", CONTENT].includes(path)) return false;
  const [, index = "", field = ""] = /\.questions\.(\d+)\.(.+)$/.exec(path) ?? [];
  return field === "" || !NOT_SHOWN[KINDS[Number(index)]!].test(field);
}

const nothing = () => undefined;
const ACTIONS: Actions = {
  change: nothing,
  edit: nothing,
  reveal: nothing,
  toggle: nothing,
  editQuestion: nothing,
  tell: nothing,
};

/** The builder with everything open, and at each place a message that names it. */
function renderAll(places: readonly string[]): HTMLElement {
  const [section] = DRAFT.sections;
  const open = new Set([MORE_DETAILS, section!.key, section!.exercises[0]!.key]);
  return render(
    <LanguageProvider>
      <ActionsContext value={ACTIONS}>
        <ProblemsContext value={new Map(places.map((place) => [place, `wrong: ${place};`]))}>
          <OpenContext value={open}>
            <Details draft={DRAFT} />
            <Sections draft={DRAFT} />
            {QUESTIONS.map((question) => (
              <QuestionFields key={question.key} exercise={EXERCISE} question={question} />
            ))}
          </OpenContext>
        </ProblemsContext>
      </ActionsContext>
    </LanguageProvider>,
  ).container;
}

it("has paths of every part of a template", () => {
  expect(PATHS).toContain(`${CONTENT}.sections.0.exercises.0.questions.4.rubric.0.points`);
  expect(PATHS.length).toBeGreaterThan(100);
});

describe("a path by which the server refuses a template", () => {
  let page: HTMLElement;
  beforeAll(() => {
    page = renderAll([...new Set(PATHS.map((path) => placeOfPath(DRAFT, path) ?? ""))]);
  });

  it.each(PATHS.filter(isShown))("%s leads to its field, which says what is wrong", (path) => {
    const place = placeOfPath(DRAFT, path);
    expect(place).toBeDefined();
    expect(page.querySelector(`[data-place="${place}"]`), place).not.toBeNull();
    expect(page.textContent).toContain(`wrong: ${place};`);
  });

  it.each(PATHS.filter((path) => !isShown(path)))("%s leads to no other field", (path) => {
    expect(placeOfPath(DRAFT, path)).toBeUndefined();
  });
});

it("leads to no field by a path that only the author knows", () => {
  expect(placeOfPath(DRAFT, `${CONTENT}.sections.0.room`)).toBeUndefined();
  expect(placeOfPath(DRAFT, `${CONTENT}.sections.0.exercises.0.questions.0.source.page`)).toBeUndefined();
});
