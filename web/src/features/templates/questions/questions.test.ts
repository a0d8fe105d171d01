import { describe, expect, it, test } from "vitest";

import { questionNotes } from "@/i18n/question_notes";
import { questionImport } from "@/i18n/question_import";
import { checks } from "@/i18n/template_checks";

import { KINDS, newDraft } from "../model/draft";
import { withQuestions } from "../model/csv";
import { contentOf } from "../model/write";
import { questionsOfFile } from "./file";
import { readGift } from "./gift";
import { type Item, Notes } from "./item";
import { fromHtml } from "./markup";

/** The same files as those of the reader in admin/content, and what stands beside them. */
const FILES = import.meta.glob<string>("../../../../../tests/support/content/*.{gift,csv,json}", {
  query: "?raw",
  import: "default",
  eager: true,
});

interface Expected {
  place: string;
  name: string;
  exercise: string;
  question: Record<string, unknown> | null;
  notes: [string, string][];
}

function file(name: string): string {
  return FILES[`../../../../../tests/support/content/${name}`]!;
}

function expected(name: string): Expected[] {
  return JSON.parse(file(`${name}.json`)) as Expected[];
}

function asExpected({ line, name, exercise, question, notes }: Item): Expected {
  return {
    place: `line ${line}`,
    name,
    exercise,
    question,
    notes: notes.map(({ code, detail }) => [code, detail]),
  };
}

/** Moodle XML is read in Chromium, in tests/e2e/web/test_templates.py: here its CDATA sections are not parsed. */
test("GIFT is read as the command reads it", () => {
  expect(readGift(file("questions.gift")).map(asExpected)).toEqual(expected("questions.gift"));
});

function isKnown({ kind }: Record<string, unknown>): boolean {
  return KINDS.some((known) => known === kind);
}

const TEXTS = { csv: questionImport.en, notes: questionNotes.en, checks: checks.en };

function found(name: string, text: string, draft = newDraft()) {
  return questionsOfFile(new File([text], name), draft, TEXTS);
}

/** The questions as they are stored, by exercise; ids that were made are left out. */
async function stored(name: string, text = file(name)) {
  const { questions } = await found(name, text);
  const content = contentOf(withQuestions(newDraft(), null, questions, "Questions"));
  return content.sections.flatMap(({ exercises }) =>
    (exercises ?? []).flatMap(({ name: exercise, questions }) =>
      (questions ?? []).map((question) => ({ exercise, question })),
    ),
  );
}

test.each(["questions.gift", "questions.csv"])("%s becomes a bank", async (name) => {
  const questions = expected(name).flatMap(({ exercise, question }) =>
    question && isKnown(question) ? [{ exercise, question }] : [],
  );
  const read = await stored(name);
  expect(read).toHaveLength(questions.length);
  for (const { exercise, question } of questions)
    expect(read).toContainEqual({
      exercise,
      question: expect.objectContaining({
        question_id: expect.any(String) as unknown,
        ...question,
      }) as unknown,
    });
});

test("each line that is refused or changed is named", async () => {
  const refused = expected("questions.gift").filter(({ question }) => !question || !isKnown(question));
  const { problems, changes } = await found("questions.gift", file("questions.gift"));
  expect(problems.map(({ line }) => `line ${line}`)).toEqual(refused.map(({ place }) => place));
  expect(changes.map(({ message }) => message)).toContain("Tags are left out: semi]tones");
});

test("the same file again adds no question that has an identifier", async () => {
  const { questions } = await found("questions.csv", file("questions.csv"));
  const draft = withQuestions(newDraft(), null, questions, "Questions");
  const again = await found("questions.csv", file("questions.csv"), draft);
  expect(again.questions).toHaveLength(questions.length - 1);
  expect(again.problems.map(({ message }) => message)).toContain(questionNotes.en.taken("third-1"));
});

describe("a file", () => {
  it.each([
    ["a.txt", "kind\tprompt\texercise\nself_rated\tPlay.\tE", 1],
    ["a.txt", "Is it?{T}", 1],
    ["a.gift", "kind prompt {T}", 1],
  ])("%s with %j is known by its name or beginning", async (name, text, count) => {
    expect((await found(name, text)).questions).toHaveLength(count);
  });

  it.each([
    ["<quiz>", questionNotes.en.no_xml()],
    ['<!DOCTYPE quiz [<!ENTITY a "b">]><quiz>&a;</quiz>', questionNotes.en.no_xml()],
    ["<html/>", questionNotes.en.other_xml("html")],
    ["<questestinterop/>", questionNotes.en.version("QTI 1.2")],
    [`<quiz>${"<a/>".repeat(500_000)}</quiz>`, questionNotes.en.many_elements("500000")],
    ["<a>".repeat(101) + "</a>".repeat(101), questionNotes.en.nested("100")],
    ['<?xml version="1.0" encoding="no-such"?><quiz/>', questionNotes.en.no_xml()],
    ["<quiz><!-- <a/>", questionNotes.en.no_xml()],
  ])("with %j can't be read", async (text, message) => {
    expect(await found("a.xml", text)).toEqual({
      questions: [],
      problems: [{ line: 1, column: undefined, message }],
      changes: [],
      files: new Map(),
    });
  });

  it("may have anything in it", () => {
    for (const text of ["{", "}{", "::", "{####}", "{#}", "{~}", "{=%x%a}", "a{=%..%b}", "[html]{}", "{->}"])
      for (const { notes, question } of readGift(text)) expect(question ?? notes.length).toBeTruthy();
  });
});

test.each([
  ["<b> bold </b>and <i>it</i>", "**bold** and *it*"],
  ["<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n\n  - c"],
  ["H<sub>2</sub>O and the 4<sup>th</sup>", "H₂O and the 4\\(^{\\text{th}}\\)"],
  [
    '<a href="https://example.org/a">site</a> <a href="javascript:alert(1)">other</a>',
    "[site](https://example.org/a) other",
  ],
  ["<script>alert(1)</script>a<style>p {}</style>", "a"],
  ["<p>1. no list</p><p># no heading, 2 * 3</p>", "1\\. no list\n\n\\# no heading, 2 \\* 3"],
])("%s becomes Markdown", (html, markdown) => {
  expect(fromHtml(html, new Notes())).toBe(markdown);
});
