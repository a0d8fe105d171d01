import { describe, expect, it } from "vitest";

import { checks } from "@/i18n/template_checks";
import { questionImport } from "@/i18n/question_import";

import { copyOfSection, moveExercise, updateExercise, updateQuestion } from "./changes";
import { checkDraft } from "./check";
import { differences, isSame, merge } from "./compare";
import { questionsOf, withQuestions } from "./csv";
import { type Draft, completed, newDraft, newExercise, newQuestion, newSection, totalMinutes } from "./draft";
import { historyOf, step } from "./history";
import { decodeText, parseCsv, sampleCsv } from "./parse_csv";
import { openingOf, placeOf, placeOfPath } from "./places";
import { draftOf } from "./read";
import { commandOf } from "./write";

const STORED = {
  name: "Scales",
  description: "Every day",
  root_id: "music",
  subject: "Music",
  topic: null,
  grade_level: "7",
  visibility: "assigned",
  student_ids: ["sam", "alex"],
  mastery_criterion: { kind: "m_of_n", m: 3, n: 5 },
  template_data: {
    theme: { colour: "blue" },
    sections: [
      {
        name: "Warm-up",
        duration_minutes: 10.5,
        room: "12",
        exercises: [
          { name: "Chromatic", description: "Up and down", tempo: 120 },
          {
            id: "int",
            name: "Intervals",
            skill: "Intervals",
            questions: [
              {
                question_id: "q1",
                kind: "multiple_choice",
                prompt: "C to E?",
                choices: [
                  { id: "a", text: "3", picture: "x.png" },
                  { id: "b", text: "4" },
                ],
                answer: "b",
                keep_order: true,
                hints: ["Count"],
                explanation: "Four",
                difficulty: 2,
                source: "book",
              },
              {
                question_id: "q2",
                kind: "multi_select",
                prompt: "Which?",
                choices: [
                  { id: "a", text: "x" },
                  { id: "b", text: "y" },
                ],
                answer: ["a", "b"],
              },
              {
                question_id: "q3",
                kind: "numeric",
                prompt: "?",
                answer: "3/4",
                tolerance: 0.1,
                unit: "m",
                decimal_mark: ",",
              },
              {
                question_id: "q4",
                kind: "short_answer",
                prompt: "?",
                answer: ["hertz", "Hz"],
                ignores: ["accents"],
                spelling_retry: true,
              },
              {
                question_id: "q5",
                kind: "free_response",
                prompt: "Why?",
                rubric: [{ criterion_id: "c", text: "Says why", points: 2.5, weight: 1 }],
                answer: "anything",
              },
              { question_id: "q6", kind: "self_rated", prompt: "Play", explanation: "So", choices: [] },
            ],
          },
        ],
      },
    ],
    total_duration_minutes: 10.5,
    tags: ["scales", "daily, short"],
  },
};

const read = (template: unknown): Draft => draftOf(template).draft;
const STORED_DRAFT = read(STORED);

describe("reading and writing", () => {
  it("returns a stored template unchanged, with the fields that nobody shows", () => {
    expect(draftOf(STORED).misfits).toEqual([]);
    expect(commandOf(STORED_DRAFT)).toEqual(STORED);
  });

  it("names what has another form than its field", () => {
    const { misfits } = draftOf({ name: 5, template_data: { sections: [{ exercises: {} }], tags: [1] } });
    expect(misfits.map(({ path }) => path)).toEqual([
      "name",
      "template_data.tags.0",
      "template_data.sections.0.exercises",
    ]);
  });

  it("keeps the identity of an exercise without id when it is renamed", () => {
    const { key } = STORED_DRAFT.sections[0]!.exercises[0]!;
    const renamed = updateExercise(STORED_DRAFT, key, (exercise) => ({
      ...exercise,
      name: "Chromatic scale",
    }));
    const [section] = commandOf(renamed).template_data.sections;
    expect(section!.exercises![0]).toMatchObject({ id: "Chromatic", name: "Chromatic scale", tempo: 120 });
  });

  it("sums the minutes, and keeps a stored sum while no section has any", () => {
    expect(totalMinutes(STORED_DRAFT)).toBe(10.5);
    const sections = [0.1, 0.2].map((minutes) => ({ ...newSection("s"), minutes: String(minutes) }));
    expect(totalMinutes({ ...newDraft(), sections })).toBe(0.3);
    expect(totalMinutes({ ...newDraft(), storedMinutes: 7 })).toBe(7);
  });

  it("gives a copied section new ids", () => {
    const draft = {
      ...STORED_DRAFT,
      sections: [...STORED_DRAFT.sections, copyOfSection(STORED_DRAFT.sections[0]!)],
    };
    expect(checkDraft(draft, checks.en)).toEqual([]);
  });
});

describe("checks", () => {
  it("accepts what is stored", () => {
    expect(checkDraft(STORED_DRAFT, checks.en)).toEqual([]);
  });

  it("names each field by the path of the server and by its place on the page", () => {
    const exercise = { ...newExercise("e"), questions: [newQuestion(), newQuestion("numeric")] };
    const section = { ...newSection(""), minutes: "-1", exercises: [exercise] };
    const draft = { ...newDraft(), description: "x".repeat(2_001), sections: [section] };
    const problems = checkDraft(draft, checks.en);
    expect(problems.map(({ path }) => path)).toEqual([
      "name",
      "description",
      "template_data.sections.0.name",
      "template_data.sections.0.duration_minutes",
      "template_data.sections.0.exercises.0.questions.0.prompt",
      "template_data.sections.0.exercises.0.questions.0.answer",
      "template_data.sections.0.exercises.0.questions.0.choices.0.text",
      "template_data.sections.0.exercises.0.questions.0.choices.1.text",
      "template_data.sections.0.exercises.0.questions.1.prompt",
      "template_data.sections.0.exercises.0.questions.1.answer",
    ]);
    for (const { path, place } of problems) expect(placeOfPath(draft, path)).toBe(place);
    expect(openingOf(draft, problems.at(-1)!.place!)).toEqual({
      section: section.key,
      exercise: exercise.key,
      question: exercise.questions[1]!.key,
    });
  });

  it("finds the place of an entry in a list, in either notation", () => {
    const question = STORED_DRAFT.sections[0]!.exercises[1]!.questions[3]!;
    expect(placeOfPath(STORED_DRAFT, "template_data.sections[0].exercises[1].questions[3].answer[1]")).toBe(
      placeOf(question, "answer"),
    );
    expect(placeOfPath(STORED_DRAFT, "template_data.tags.0")).toBe("tags");
    expect(placeOfPath(STORED_DRAFT, "template_data.theme")).toBeUndefined();
  });

  it("finds a sum of minutes that cannot be stored, and leads to it", () => {
    const sections = [60_000, 50_000].map((minutes) => ({ ...newSection("s"), minutes: String(minutes) }));
    const draft = { ...newDraft(), name: "n", sections };
    expect(checkDraft(draft, checks.en)).toEqual([
      {
        path: "template_data.total_duration_minutes",
        place: "sections.total",
        message: checks.en.longTotal(100_000),
      },
    ]);
  });

  it("counts the size of what is sent", () => {
    const exercises = Array.from({ length: 21 }, () => ({
      ...newExercise("e"),
      description: "x".repeat(10_000),
    }));
    const draft = { ...newDraft(), name: "n", sections: [{ ...newSection("s"), exercises }] };
    expect(checkDraft(draft, checks.en).map(({ path }) => path)).toEqual(["template_data"]);
  });
});

describe("moving", () => {
  it("leads an exercise over the borders of sections and back", () => {
    const one = newExercise("one");
    const two = newExercise("two");
    const draft = {
      ...newDraft(),
      sections: [
        { ...newSection("a"), exercises: [one] },
        { ...newSection("b"), exercises: [two] },
      ],
    };
    const down = moveExercise(draft, one.key, 1);
    expect(down.sections.map(({ exercises }) => exercises.map(({ name }) => name))).toEqual([
      [],
      ["one", "two"],
    ]);
    expect(moveExercise(down, one.key, -1)).toEqual(draft);
    expect(moveExercise(draft, one.key, -1)).toBe(draft);
  });
});

describe("history", () => {
  it("takes typing in one field as one step, and a new change forgets what was undone", () => {
    let history = historyOf("");
    for (const text of ["a", "ab"])
      history = step(history, { type: "change", field: "name", change: () => text });
    history = step(history, { type: "change", change: (text) => `${text}!` });
    history = step(history, { type: "undo" });
    expect(history.present).toBe("ab");
    history = step(history, { type: "undo" });
    expect(history.present).toBe("");
    history = step(step(history, { type: "redo" }), { type: "redo" });
    expect(history.present).toBe("ab!");
    history = step(step(history, { type: "undo" }), { type: "change", field: "name", change: () => "new" });
    expect(step(history, { type: "redo" }).present).toBe("new");
  });
});

describe("two versions", () => {
  it("differ by part, and what only one side changed is proposed", () => {
    const mine = { ...STORED_DRAFT, name: "Mine" };
    const { key } = STORED_DRAFT.sections[0]!.exercises[1]!.questions[0]!;
    const theirs = updateQuestion({ ...read(STORED), subject: "Physics" }, key, (question) => question);
    expect(isSame(STORED_DRAFT, read(STORED))).toBe(true);
    const found = differences(mine, theirs, STORED_DRAFT);
    expect(found.map(({ part, proposed }) => [part, proposed])).toEqual([
      ["name", "mine"],
      ["subject", "theirs"],
    ]);
    const merged = merge(mine, theirs, { name: "mine", subject: "theirs" });
    expect([merged.name, merged.subject]).toEqual(["Mine", "Physics"]);
  });
});

describe("questions of a spreadsheet", () => {
  const found = (text: string) => questionsOf(parseCsv(text), questionImport.en, checks.en);

  it("takes the sample whole", () => {
    const { questions, problems } = found(sampleCsv());
    expect(problems).toEqual([]);
    expect(questions.map(({ question }) => question.kind)).toEqual([
      "multiple_choice",
      "multi_select",
      "numeric",
      "expression",
      "short_answer",
      "free_response",
      "self_rated",
    ]);
    const draft = withQuestions({ ...newDraft(), name: "n" }, null, questions, "Questions");
    expect(checkDraft(draft, checks.en)).toEqual([]);
    expect(draft.sections[0]!.exercises.map(({ name }) => name)).toEqual([
      "Sizes of intervals",
      "Frequencies",
      "Chromatic scales",
    ]);
  });

  it("names the line of an error in the file, whatever cells have line ends", () => {
    const text = [
      "kind;exercise;prompt;choices;answer",
      'multiple_choice;E;"two\nlines";x|y;b',
      "",
      "numeric;;How many?;;",
      "guess;;?;;",
      "multiple_choice;;?;x|y;z",
    ].join("\r\n");
    const { questions, problems } = found(text);
    expect(questions.map(({ line, question }) => [line, question.choices[1]!.isRight])).toEqual([[2, true]]);
    expect(problems.map(({ line, column }) => [line, column])).toEqual([
      [5, "answer"],
      [6, "kind"],
      [7, "answer"],
    ]);
  });

  it("says which column is missing or unknown", () => {
    expect(found("prompt,colour\nx,y").problems.map(({ message }) => message)).toEqual([
      questionImport.en.noColumn("kind"),
      questionImport.en.unknownColumn("colour"),
    ]);
  });

  it.each([
    ["UTF-8 with a mark", [0xef, 0xbb, 0xbf, 0x57, 0xc3, 0xb6]],
    ["UTF-16", [0xff, 0xfe, 0x57, 0, 0xf6, 0]],
    ["UTF-16, high bytes first", [0xfe, 0xff, 0, 0x57, 0, 0xf6]],
    ["Windows-1252", [0x57, 0xf6]],
  ])("reads a file in %s", (_name, bytes) => {
    expect(decodeText(new Uint8Array(bytes).buffer).replace("\uFEFF", "")).toBe("Wö");
  });

  it("takes a separator that belongs to the text", () => {
    const [entry] = found(
      "kind,exercise,prompt,choices,answer\nmultiple_choice,E,?,|x\\|| y,|x\\||",
    ).questions;
    expect(entry).toBeUndefined();
    const [other] = found("kind,exercise,prompt,choices,answer\nmultiple_choice,E,?,a\\|b|c,a\\|b").questions;
    expect(other!.question.choices.map(({ text, isRight }) => [text, isRight])).toEqual([
      ["a|b", true],
      ["c", false],
    ]);
  });
});

describe("numbers of a template with a decimal comma", () => {
  const content = (answer: unknown) => ({
    name: "Numbers",
    template_data: {
      decimal_mark: ",",
      sections: [
        {
          name: "All",
          exercises: [{ name: "E", questions: [{ question_id: "q", kind: "numeric", prompt: "?", answer }] }],
        },
      ],
    },
  });
  const stored = (answer: unknown) => {
    const { template_data } = commandOf(draftOf(content(answer)).draft);
    return template_data.sections[0]?.exercises?.[0]?.questions?.[0]?.answer;
  };

  it("are shown with it, and stay the same numbers", () => {
    expect(draftOf(content(1.5)).draft.sections[0]?.exercises[0]?.questions[0]?.number).toBe("1,5");
    expect(stored(1.5)).toBe("1,5");
  });

  it("keep a mark of thousands that a JSON number would make a decimal one", () => {
    expect(stored("1.234")).toBe("1.234");
    expect(stored("1234")).toBe(1234);
  });
});

describe("blanks of a spreadsheet", () => {
  const HEAD = "kind;exercise;prompt;answer;form;decimal_mark";
  const blanksIn = (line: string, mark: string) => {
    const { questions, problems } = questionsOf(parseCsv(`${HEAD}\n${line}`), questionImport.en, checks.en);
    expect(problems).toEqual([]);
    const { template_data } = commandOf(
      withQuestions({ ...newDraft(), decimalMark: mark }, null, questions, "Q"),
    );
    const [section] = template_data.sections as unknown as { exercises: { questions: object[] }[] }[];
    return (section!.exercises[0]!.questions[0] as { blanks: unknown }).blanks;
  };

  it("are words, or mathematics between dollars with its form", () => {
    expect(blanksIn("cloze;E;{{1}} {{2}};one/two|$x^2/2$;expanded;", "")).toEqual([
      { id: "1", kind: "short_answer", answer: ["one", "two"] },
      { id: "2", kind: "expression", answer: "x^2/2", form: "expanded" },
    ]);
  });

  it("keep the mark by which the file writes them", () => {
    const blank = { id: "1", kind: "expression", answer: "1.5x" };
    expect(blanksIn("cloze;E;{{1}};$1.5x$;;", "")).toEqual([blank]);
    expect(blanksIn("cloze;E;{{1}};$1.5x$;;", ",")).toEqual([{ ...blank, decimal_mark: "." }]);
    expect(blanksIn("cloze;E;{{1}};$1,5x$;;,", ".")).toEqual([
      { ...blank, answer: "1,5x", decimal_mark: "," },
    ]);
  });
});

describe("a text with a blank in mathematics", () => {
  const BLANKS = [
    { id: "1", kind: "expression", answer: "(x-1)(x+1)", form: "factored", source: "book" },
    { id: "2", kind: "expression", answer: "{1,5; 2}", decimal_mark: "," },
    { id: "3", kind: "numeric", answer: 2, form: "any" },
  ];
  const CLOZE = { question_id: "q", kind: "cloze", prompt: "{{1}} {{2}} {{3}}", blanks: BLANKS };
  const exercises = [{ id: "e", name: "E", questions: [CLOZE] }];
  const stored = { ...STORED, template_data: { sections: [{ name: "S", exercises }] } };
  const { draft } = draftOf(stored);
  const [question] = draft.sections[0]!.exercises[0]!.questions;
  const withFirst = (fields: object) =>
    updateQuestion(draft, question!.key, (before) => ({
      ...before,
      blanks: before.blanks.map((blank, index) => (index ? blank : { ...blank, ...fields })),
    }));
  const blanksIn = (changed: Draft) =>
    (commandOf(changed) as unknown as typeof stored).template_data.sections[0]!.exercises[0]!.questions[0]!
      .blanks;

  it("is read and written unchanged", () => {
    expect(blanksIn(draft)).toEqual(BLANKS);
    expect(question!.blanks.map(({ form }) => form)).toEqual(["factored", "", ""]);
    expect(checkDraft(draft, checks.en)).toEqual([]);
  });

  it("needs a key of its length, and shows what is wrong with the key and its form", () => {
    const places = (fields: object) => checkDraft(withFirst(fields), checks.en).map(({ place }) => place);
    const [first, , third] = question!.blanks;
    expect(places({ answer: " " })).toEqual([placeOf(first!, "answer")]);
    expect(places({ answer: "x".repeat(501) })).toEqual([placeOf(first!, "answer")]);
    const path = "template_data.sections.0.exercises.0.questions.0.blanks";
    expect(placeOfPath(draft, `${path}.0.form`)).toBe(placeOf(first!, "form"));
    expect(placeOfPath(draft, `${path}.0.answer`)).toBe(placeOf(first!, "answer"));
    expect(placeOfPath(draft, `${path}.2.form`)).toBe(placeOf(third!, "answer"));
  });

  it("has no form as a blank of another kind, and differs by it", () => {
    expect(blanksIn(withFirst({ kind: "short_answer" }))[0]).toEqual({
      id: "1",
      kind: "short_answer",
      answer: ["(x-1)(x+1)"],
      source: "book",
    });
    const [found] = differences(withFirst({ form: "expanded" }), draft, draft);
    expect(
      [found!.mine.join(), found!.theirs.join()].map((text) => /factored|expanded/.exec(text)?.[0]),
    ).toEqual(["expanded", "factored"]);
  });

  it("is completed in a draft that was kept before blanks had a form", () => {
    const old = withFirst({ form: undefined });
    expect(
      completed(JSON.parse(JSON.stringify(old)) as Draft).sections[0]!.exercises[0]!.questions[0]!.blanks[0]!
        .form,
    ).toBe("");
  });
});
