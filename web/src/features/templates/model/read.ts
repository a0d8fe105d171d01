import {
  BLANK_KINDS,
  type Blank,
  type Choice,
  type Criterion,
  type Draft,
  type Exercise,
  IGNORED,
  KINDS,
  type Kind,
  NO_PICTURE,
  type Pair,
  type Picture,
  type Question,
  type Section,
  type Stem,
  type Visibility,
  newDraft,
  newId,
  newQuestion,
  usesChoices,
} from "./draft";

/** A value that does not have the form of its field, by its path in the request. */
export interface Misfit {
  path: string;
  expected: "text" | "number" | "list" | "object" | "kind" | "visibility";
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads the fields that a form shows and keeps the others; notes what has another form than it should. */
class Reader {
  readonly misfits: Misfit[] = [];
  /** The decimal mark of the template. */
  mark: unknown;

  fields(value: unknown, path: string): Fields {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
    this.misfits.push({ path, expected: "object" });
    return {};
  }

  list(value: unknown, path: string): unknown[] {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return value as unknown[];
    this.misfits.push({ path, expected: "list" });
    return [];
  }

  text(value: unknown, path: string): string {
    if (value === undefined || value === null) return "";
    if (typeof value === "string") return value;
    this.misfits.push({ path, expected: "text" });
    return "";
  }

  texts(value: unknown, path: string): string[] {
    return this.list(value, path).map((entry, index) => this.text(entry, `${path}.${index}`));
  }

  number(value: unknown, path: string): string {
    if (value === undefined || value === null) return "";
    if (typeof value === "number") return String(value);
    this.misfits.push({ path, expected: "number" });
    return "";
  }
}

/** A template as it is stored, sent or imported: `template_data` and the fields beside it. */
export function draftOf(template: unknown): { draft: Draft; misfits: Misfit[] } {
  const reader = new Reader();
  const fields = reader.fields(template, "");
  const text = (name: string) => reader.text(fields[name], name);
  const at = "template_data";
  const content = reader.fields(fields[at], at);
  const { sections, total_duration_minutes, tags, decimal_mark, ...rest } = content;
  reader.mark = decimal_mark;
  if (content["sections"] === undefined && fields[at] !== undefined)
    reader.misfits.push({ path: `${at}.sections`, expected: "list" });
  const minutes = reader.number(total_duration_minutes, `${at}.total_duration_minutes`);
  const draft: Draft = {
    ...newDraft(),
    name: text("name"),
    description: text("description"),
    rootId: text("root_id"),
    subject: text("subject"),
    topic: text("topic"),
    gradeLevel: text("grade_level"),
    visibility: visibilityOf(fields["visibility"], reader),
    students: reader.texts(fields["student_ids"], "student_ids").join("\n"),
    mastery: masteryOf(fields["mastery_criterion"], reader),
    tags: tagsText(reader.texts(tags, `${at}.tags`)),
    decimalMark: reader.text(decimal_mark, `${at}.decimal_mark`),
    sections: reader
      .list(sections, `${at}.sections`)
      .map((section, index) => readSection(section, `${at}.sections.${index}`, reader)),
    storedMinutes: minutes === "" ? null : Number(minutes),
    rest,
  };
  return { draft, misfits: reader.misfits };
}

/** A question of an import, whose fields are checked afterwards. */
export function questionFrom(fields: Fields): Question {
  return readQuestion(fields, "", new Reader());
}

function tagsText(tags: string[]): string {
  if (!tags.some((tag) => tag.includes(","))) return tags.join(", ");
  return `${tags.join("\n")}\n`;
}

function visibilityOf(value: unknown, reader: Reader): Visibility {
  if (value === undefined || value === null) return "private";
  if (value === "private" || value === "assigned" || value === "public") return value;
  reader.misfits.push({ path: "visibility", expected: "visibility" });
  return "private";
}

function masteryOf(value: unknown, reader: Reader): Draft["mastery"] {
  if (value === undefined || value === null) return null;
  const fields = reader.fields(value, "mastery_criterion");
  const number = (name: string) => reader.number(fields[name], `mastery_criterion.${name}`);
  return { m: number("m"), n: number("n") };
}

function readSection(value: unknown, path: string, reader: Reader): Section {
  const { name, duration_minutes, exercises, ...rest } = reader.fields(value, path);
  return {
    key: newId(),
    name: reader.text(name, `${path}.name`),
    minutes: reader.number(duration_minutes, `${path}.duration_minutes`),
    exercises: reader
      .list(exercises, `${path}.exercises`)
      .map((exercise, index) => readExercise(exercise, `${path}.exercises.${index}`, reader)),
    rest,
  };
}

function readExercise(value: unknown, path: string, reader: Reader): Exercise {
  const { id, name, description, skill, stems, questions, ...rest } = reader.fields(value, path);
  const known = reader.text(name, `${path}.name`);
  const given = reader.text(id, `${path}.id`);
  return {
    key: newId(),
    id: given || null,
    storedName: given ? null : known,
    name: known,
    description: reader.text(description, `${path}.description`),
    skill: reader.text(skill, `${path}.skill`),
    stems: reader
      .list(stems, `${path}.stems`)
      .map((stem, index) => readStem(stem, `${path}.stems.${index}`, reader)),
    questions: reader
      .list(questions, `${path}.questions`)
      .map((question, index) => readQuestion(question, `${path}.questions.${index}`, reader)),
    rest,
  };
}

function readStem(value: unknown, path: string, reader: Reader): Stem {
  const { stem_id, text, image, ...rest } = reader.fields(value, path);
  return {
    key: newId(),
    id: reader.text(stem_id, `${path}.stem_id`),
    text: reader.text(text, `${path}.text`),
    picture: readPicture(image, `${path}.image`, reader),
    rest,
  };
}

function readQuestion(value: unknown, path: string, reader: Reader): Question {
  const { question_id, kind, prompt, image, stem, hints, explanation, difficulty, ...others } = reader.fields(
    value,
    path,
  );
  const known = KINDS.find((name) => name === kind);
  if (!known) reader.misfits.push({ path: `${path}.kind`, expected: "kind" });
  const { rest, ...key } = readKey(known ?? "self_rated", others, path, reader);
  return {
    ...newQuestion(known ?? "self_rated"),
    id: reader.text(question_id, `${path}.question_id`) || newId(),
    prompt: reader.text(prompt, `${path}.prompt`),
    picture: readPicture(image, `${path}.image`, reader),
    stem: reader.text(stem, `${path}.stem`),
    hints: reader.texts(hints, `${path}.hints`).map((text) => ({ key: newId(), text })),
    explanation: reader.text(explanation, `${path}.explanation`),
    difficulty: reader.number(difficulty, `${path}.difficulty`),
    ...key,
    rest,
  };
}

function readPicture(value: unknown, path: string, reader: Reader): Picture {
  if (value === undefined || value === null) return NO_PICTURE;
  const { url, alt, ...rest } = reader.fields(value, path);
  return { url: reader.text(url, `${path}.url`), alt: reader.text(alt, `${path}.alt`), rest };
}

/** The fields of the kind. Those that another kind shows stay in `rest`, as do those of nobody. */
function readKey(
  kind: Kind,
  fields: Fields,
  path: string,
  reader: Reader,
): Partial<Question> & Pick<Question, "rest"> {
  if (usesChoices(kind)) {
    const { choices, answer, keep_order, ...rest } = fields;
    const right =
      kind !== "multiple_choice"
        ? reader.texts(answer, `${path}.answer`)
        : [reader.text(answer, `${path}.answer`)];
    const read = reader
      .list(choices, `${path}.choices`)
      .map((choice, index) => readChoice(choice, right, `${path}.choices.${index}`, reader));
    if (kind === "ordering") return { choices: inOrder(read, right), rest };
    return { choices: read, keepOrder: keep_order === true, rest };
  }
  if (kind === "matching") return readPairs(fields, path, reader);
  if (kind === "cloze") {
    const { blanks, ...rest } = fields;
    const read = reader
      .list(blanks, `${path}.blanks`)
      .map((blank, index) => readBlank(blank, `${path}.blanks.${index}`, reader));
    return { blanks: read, rest };
  }
  if (kind === "numeric") {
    const { answer, tolerance, unit, decimal_mark, ...rest } = fields;
    return {
      number:
        typeof answer === "number"
          ? numberText(answer, decimal_mark ?? reader.mark)
          : reader.text(answer, `${path}.answer`),
      tolerance: reader.number(tolerance, `${path}.tolerance`),
      unit: reader.text(unit, `${path}.unit`),
      decimalMark: reader.text(decimal_mark, `${path}.decimal_mark`),
      rest,
    };
  }
  if (kind === "expression") {
    const { answer, form, decimal_mark, ...rest } = fields;
    return {
      expression: reader.text(answer, `${path}.answer`),
      form: formOf(form, path, reader),
      decimalMark: reader.text(decimal_mark, `${path}.decimal_mark`),
      rest,
    };
  }
  if (kind === "short_answer") {
    const { answer, ignores, spelling_retry, ...rest } = fields;
    const accepted = reader.texts(answer, `${path}.answer`).map((text) => text.replaceAll(/\s*\n\s*/g, " "));
    const ignored = reader.texts(ignores, `${path}.ignores`);
    return {
      accepted: accepted.join("\n"),
      ignores: IGNORED.filter((name) => ignored.includes(name)),
      spellingRetry: spelling_retry === true,
      rest,
    };
  }
  if (kind === "free_response") {
    const { rubric, ...rest } = fields;
    const read = reader
      .list(rubric, `${path}.rubric`)
      .map((criterion, index) => readCriterion(criterion, `${path}.rubric.${index}`, reader));
    return { rubric: read, rest };
  }
  return { rest: fields };
}

function formOf(form: unknown, path: string, reader: Reader): string {
  return form === "like_key" ? "" : reader.text(form, `${path}.form`);
}

/** A JSON number as it is typed with this decimal mark. */
function numberText(number: number, mark: unknown): string {
  return mark === "," ? String(number).replace(".", ",") : String(number);
}

/** The choices in the order of the answer; those that it lacks come last. */
function inOrder(choices: Choice[], order: string[]): Choice[] {
  const place = ({ id }: Choice) => (order.includes(id) ? order.indexOf(id) : order.length);
  return choices.toSorted((one, other) => place(one) - place(other));
}

function readPairs(fields: Fields, path: string, reader: Reader): Pick<Question, "pairs" | "rest"> {
  const { items, choices, answer, ...rest } = fields;
  const ids = reader.texts(answer, `${path}.answer`);
  const matches = reader
    .list(choices, `${path}.choices`)
    .map((choice, index) => readChoice(choice, [], `${path}.choices.${index}`, reader));
  const pairs = reader.list(items, `${path}.items`).map<Pair>((item, index) => {
    const { key, id, text, rest: others } = readChoice(item, [], `${path}.items.${index}`, reader);
    const match = matches.find((choice) => choice.id === ids[index])?.text ?? "";
    return { key, id, text, match, rest: others };
  });
  const wrong = matches.filter(({ id }) => !ids.includes(id));
  const alone = wrong.map<Pair>(({ key, id, text }) => ({ key, id, text: "", match: text, rest: {} }));
  return { pairs: [...pairs, ...alone], rest };
}

function readBlank(value: unknown, path: string, reader: Reader): Blank {
  const { id, kind, answer, choices, form, ...others } = reader.fields(value, path);
  const isMathematics = kind === "expression";
  const rest = isMathematics || form === undefined ? others : { ...others, form };
  const known = BLANK_KINDS.find((name) => name === kind);
  if (!known) reader.misfits.push({ path: `${path}.kind`, expected: "kind" });
  const wrong = reader.texts(choices, `${path}.choices`).filter((text) => text !== answer);
  const mark = rest["decimal_mark"] ?? reader.mark;
  const keys = [answer, ...wrong]
    .flat()
    .map((key) => (typeof key === "number" ? numberText(key, mark) : String(key)));
  return {
    key: newId(),
    id: reader.text(id, `${path}.id`),
    kind: known ?? "short_answer",
    answer: answer === undefined ? "" : keys.join("\n"),
    form: isMathematics ? formOf(form, path, reader) : "",
    rest,
  };
}

function readChoice(value: unknown, right: string[], path: string, reader: Reader): Choice {
  const { id, text, ...rest } = reader.fields(value, path);
  const known = reader.text(id, `${path}.id`);
  return {
    key: newId(),
    id: known,
    text: reader.text(text, `${path}.text`),
    isRight: right.includes(known),
    rest,
  };
}

function readCriterion(value: unknown, path: string, reader: Reader): Criterion {
  const { criterion_id, text, points, ...rest } = reader.fields(value, path);
  return {
    key: newId(),
    id: reader.text(criterion_id, `${path}.criterion_id`) || newId(),
    text: reader.text(text, `${path}.text`),
    points: reader.number(points, `${path}.points`),
    rest,
  };
}
