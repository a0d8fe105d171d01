/** Checks before a template is sent, by the server's own bounds. The server checks everything again. */

import { bounds } from "practice-client/bounds";

import type { checks } from "@/i18n/template_checks";

import {
  type Blank,
  type Draft,
  type Exercise,
  type Picture,
  type Question,
  type Stem,
  linesOf,
  numberIn,
  tagsOf,
  totalMinutes,
  usesChoices,
} from "./draft";
import { type Place, partsOf, placeOf } from "./places";
import { contentOf, studentsOf } from "./write";

export interface Problem {
  /** The path in a request, as the server names it. */
  path: string;
  /** The field on the page; undefined where there is none. */
  place: Place | undefined;
  message: string;
}

type Texts = (typeof checks)["en"];

interface TextBounds {
  minLength?: number;
  maxLength?: number;
  pattern?: string;
}
interface NumberBounds {
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
}

const ofQuestion = bounds.MultipleChoice;
const UNIT_START = /^[\p{L}%‰°'"′″$€£¥µΩ]/u;

export function checkDraft(draft: Draft, t: Texts): Problem[] {
  const problems: Problem[] = [];
  const note = (path: string, place: Place | undefined, message: string | undefined) => {
    if (message !== undefined) problems.push({ path, place, message });
  };
  checkDetails(draft, t, note);
  const total = totalMinutes(draft);
  const mostMinutes = bounds.TemplateContent.total_duration_minutes.maximum;
  if (total !== null && total > mostMinutes)
    note("template_data.total_duration_minutes", "sections.total", t.longTotal(mostMinutes));
  const seen = new Set<string>();
  const once = (path: string, place: Place, id: string | null) => {
    if (id !== null && seen.has(id)) note(path, place, t.repeatedId);
    if (id !== null) seen.add(id);
  };
  for (const [path, part] of partsOf(draft)) {
    if ("minutes" in part) {
      note(`${path}.name`, placeOf(part, "name"), textProblem(part.name, bounds.Section.name, t, true));
      note(
        `${path}.duration_minutes`,
        placeOf(part, "minutes"),
        numberProblem(part.minutes, bounds.Section.duration_minutes, t),
      );
    } else if ("questions" in part) {
      once(`${path}.id`, placeOf(part, "name"), part.id);
      checkExercise(part, path, t, note);
    } else if ("prompt" in part) {
      once(`${path}.question_id`, placeOf(part, "prompt"), part.id);
      checkQuestion(part, path, t, note);
    } else if ("picture" in part) checkStem(part, path, t, note);
  }
  if (problems.length === 0) {
    const bytes = new TextEncoder().encode(JSON.stringify(contentOf(draft))).length;
    const most = bounds.CreateTemplate.template_data["x-maxBytes"];
    if (bytes > most) note("template_data", undefined, t.tooLarge(Math.ceil(bytes / 1024), most / 1024));
  }
  return problems;
}

type Note = (path: string, place: Place | undefined, message: string | undefined) => void;

function checkDetails(draft: Draft, t: Texts, note: Note): void {
  const of = bounds.CreateTemplate;
  note("name", "name", textProblem(draft.name, of.name, t, true));
  note("description", "description", textProblem(draft.description, of.description, t));
  if (draft.rootId.trim() && !new RegExp(of.root_id.pattern).test(draft.rootId.trim()))
    note("root_id", "root_id", t.goal);
  note("subject", "subject", textProblem(draft.subject, of.subject, t));
  note("topic", "topic", textProblem(draft.topic, of.topic, t));
  note("grade_level", "grade_level", textProblem(draft.gradeLevel, of.grade_level, t));
  const tags = tagsOf(draft.tags);
  const mostTags = bounds.TemplateContent.tags.maxItems;
  const badTag = tags.map((tag) => textProblem(tag, bounds.TemplateContent.tags.items, t)).find(Boolean);
  note("template_data.tags", "tags", tags.length > mostTags ? t.tooMany(mostTags) : badTag);
  const students = studentsOf(draft);
  const uid = new RegExp(of.student_ids.items.pattern);
  const wrong = students.find((student) => !uid.test(student));
  const most = of.student_ids.maxItems;
  note(
    "student_ids",
    "student_ids",
    wrong !== undefined ? t.noUid(wrong) : students.length > most ? t.tooMany(most) : undefined,
  );
  if (students.length && draft.visibility === "private")
    note("visibility", "visibility", t.privateWithStudents);
  if (draft.mastery) note("mastery_criterion", "mastery_criterion", masteryProblem(draft.mastery, t));
}

function masteryProblem({ m, n }: NonNullable<Draft["mastery"]>, t: Texts): string | undefined {
  const { minimum, maximum } = bounds.MasteryCriterion.n;
  const [right, of] = [numberIn(m), numberIn(n)];
  if (!isWholeBetween(right, minimum, maximum) || !isWholeBetween(of, minimum, maximum))
    return t.wholeBetween(minimum, maximum);
  return right > of ? t.mastery : undefined;
}

function isWholeBetween(value: number | undefined, least: number, most: number): value is number {
  return value !== undefined && Number.isInteger(value) && value >= least && value <= most;
}

function checkStem(stem: Stem, path: string, t: Texts, note: Note): void {
  note(`${path}.text`, placeOf(stem, "text"), textProblem(stem.text, bounds.Stem.text, t, true));
  checkPicture(stem, path, t, note);
}

function checkExercise(exercise: Exercise, path: string, t: Texts, note: Note): void {
  const of = bounds.Exercise;
  note(`${path}.name`, placeOf(exercise, "name"), textProblem(exercise.name, of.name, t, true));
  note(`${path}.skill`, placeOf(exercise, "skill"), textProblem(exercise.skill, of.skill, t));
  note(
    `${path}.description`,
    placeOf(exercise, "description"),
    textProblem(exercise.description, of.description, t),
  );
}

export function checkQuestion(question: Question, path: string, t: Texts, note: Note): void {
  const at = (field: string, message: string | undefined) =>
    note(`${path}.${field}`, placeOf(question, field), message);
  at("prompt", textProblem(question.prompt, ofQuestion.prompt, t, true));
  checkPicture(question, path, t, note);
  at("explanation", textProblem(question.explanation, ofQuestion.explanation, t));
  const { minimum, maximum } = ofQuestion.difficulty;
  const isLevel = isWholeBetween(numberIn(question.difficulty), minimum, maximum);
  at("difficulty", question.difficulty && !isLevel ? t.wholeBetween(minimum, maximum) : undefined);
  const { maxItems } = ofQuestion.hints;
  if (question.hints.length > maxItems) at("hints", t.tooMany(maxItems));
  for (const [index, { text }] of question.hints.entries())
    at(`hints.${index}`, textProblem(text, ofQuestion.hints.items, t, true));
  if (usesChoices(question.kind)) checkChoices(question, path, t, note);
  else if (question.kind === "matching") at("pairs", pairsProblem(question, t));
  else if (question.kind === "cloze") checkBlanks(question, path, t, note);
  else if (question.kind === "numeric") checkNumber(question, t, at);
  else if (question.kind === "expression")
    at("answer", textProblem(question.expression.trim(), bounds.Expression.answer, t, true));
  else if (question.kind === "short_answer") at("answer", acceptedProblem(linesOf(question.accepted), t));
  else if (question.kind === "free_response") checkRubric(question, path, t, note);
}

/** A picture needs words for those who can't see it. */
export function checkPicture(
  { picture: { url, alt }, ...part }: { picture: Picture; key: string },
  path: string,
  t: Texts,
  note: Note,
): void {
  const isGiven = Boolean(url.trim() || alt.trim());
  const of = bounds.Image;
  const at = (field: "url" | "alt", message: string | undefined) =>
    note(`${path}.image.${field}`, placeOf(part, `image.${field}`), message);
  const isPicture = url.length <= of.url.maxLength && new RegExp(of.url.pattern).test(url.trim());
  if (isGiven) at("url", !url.trim() ? t.required : isPicture ? undefined : t.picture);
  if (isGiven) at("alt", alt.trim() ? textProblem(alt, of.alt, t) : t.alt);
}

function checkChoices({ choices, kind, ...question }: Question, path: string, t: Texts, note: Note): void {
  const { minItems, maxItems } = ofQuestion.choices;
  const count = choices.length;
  const wrongCount =
    count < minItems ? t.tooFew(minItems) : count > maxItems ? t.tooMany(maxItems) : undefined;
  note(`${path}.choices`, placeOf(question, "choices"), wrongCount);
  const right = kind === "ordering" ? 1 : choices.filter(({ isRight }) => isRight).length;
  const isWrong = kind === "multiple_choice" ? right !== 1 : right === 0;
  if (isWrong)
    note(`${path}.answer`, placeOf(question, "answer"), kind === "multiple_choice" ? t.markOne : t.markSome);
  const seen = { ids: new Set<string>(), texts: new Set<string>() };
  for (const [index, choice] of choices.entries()) {
    const text = choice.text.trim().replaceAll(/\s+/g, " ");
    const isRepeated = (text && seen.texts.has(text)) || seen.ids.has(choice.id);
    seen.texts.add(text);
    seen.ids.add(choice.id);
    const message =
      textProblem(choice.text, bounds.Choice.text, t, true) ?? (isRepeated ? t.repeated : undefined);
    note(`${path}.choices.${index}.text`, placeOf(choice, "text"), message);
  }
}

function pairsProblem({ pairs }: Question, t: Texts): string | undefined {
  const items = pairs.filter(({ text }) => text.trim());
  const choices = new Set(pairs.map(({ match }) => match.trim()).filter(Boolean));
  const texts = items.map(({ text }) => text.trim().replaceAll(/\s+/g, " "));
  const { minItems, maxItems } = ofQuestion.choices;
  if (items.length === 0 || items.some(({ match }) => !match.trim())) return t.pairs;
  if (new Set(texts).size < texts.length) return t.repeated;
  if (choices.size < minItems) return t.tooFew(minItems);
  if (Math.max(choices.size, items.length) > maxItems) return t.tooMany(maxItems);
  const { maxLength } = bounds.Choice.text;
  return pairs.flatMap(({ text, match }) => [text, match]).some((text) => text.length > maxLength)
    ? t.tooMany(maxLength)
    : undefined;
}

/** Each blank stands once in the text, in their order: its mark is its id between double braces. */
function checkBlanks({ blanks, prompt, ...question }: Question, path: string, t: Texts, note: Note): void {
  const { minItems, maxItems } = bounds.Cloze.blanks;
  const count = blanks.length;
  const wrongCount =
    count < minItems ? t.tooFew(minItems) : count > maxItems ? t.tooMany(maxItems) : undefined;
  note(`${path}.blanks`, placeOf(question, "blanks"), wrongCount);
  const marked = Array.from(prompt.matchAll(/\{\{([\w-]{1,40})\}\}/g), ([, id]) => id);
  const wanted = blanks.map(({ id }) => id);
  if (marked.join(" ") !== wanted.join(" "))
    note(`${path}.prompt`, placeOf(question, "prompt"), t.marks(wanted.map((id) => `{{${id}}}`).join(" ")));
  for (const [index, blank] of blanks.entries()) {
    note(`${path}.blanks.${index}.answer`, placeOf(blank, "answer"), blankProblem(blank, t));
  }
}

function blankProblem({ kind, answer }: Blank, t: Texts): string | undefined {
  const lines = linesOf(answer);
  if (kind === "short_answer") return acceptedProblem(lines, t);
  if (lines.length === 0) return t.required;
  if (kind === "numeric") return /\d/.test(answer) ? undefined : t.number;
  if (kind === "expression") return textProblem(answer.trim(), bounds.Expression.answer, t, true);
  return choicesProblem(lines, t);
}

function choicesProblem(lines: string[], t: Texts): string | undefined {
  const { minItems, maxItems } = ofQuestion.choices;
  if (lines.length < minItems) return t.tooFew(minItems);
  if (lines.length > maxItems) return t.tooMany(maxItems);
  return new Set(lines).size < lines.length ? t.repeated : undefined;
}

function checkNumber(
  question: Question,
  t: Texts,
  at: (field: string, message: string | undefined) => void,
): void {
  const number = question.number.trim();
  at(
    "answer",
    !number
      ? t.required
      : number.length > bounds.Numeric.answer.maxLength || !/\d/.test(number)
        ? t.number
        : undefined,
  );
  at("tolerance", numberProblem(question.tolerance, ofQuestion.tolerance, t));
  const unit = question.unit.trim();
  at("unit", textProblem(unit, ofQuestion.unit, t) ?? (unit && !UNIT_START.test(unit) ? t.unit : undefined));
}

function acceptedProblem(accepted: string[], t: Texts): string | undefined {
  const { minItems, maxItems, items } = bounds.ShortAnswer.answer;
  if (accepted.length < minItems) return t.required;
  if (accepted.length > maxItems) return t.tooMany(maxItems);
  return accepted.map((text) => textProblem(text, items, t)).find(Boolean);
}

function checkRubric({ rubric, ...question }: Question, path: string, t: Texts, note: Note): void {
  const { minItems, maxItems } = bounds.FreeResponse.rubric;
  const count = rubric.length;
  const wrongCount =
    count < minItems ? t.tooFew(minItems) : count > maxItems ? t.tooMany(maxItems) : undefined;
  note(`${path}.rubric`, placeOf(question, "rubric"), wrongCount);
  for (const [index, criterion] of rubric.entries()) {
    const at = `${path}.rubric.${index}`;
    note(
      `${at}.text`,
      placeOf(criterion, "text"),
      textProblem(criterion.text, bounds.Criterion.text, t, true),
    );
    const message = criterion.points.trim()
      ? numberProblem(criterion.points, bounds.Criterion.points, t)
      : t.required;
    note(`${at}.points`, placeOf(criterion, "points"), message);
  }
}

function textProblem(text: string, of: TextBounds, t: Texts, isRequired = false): string | undefined {
  if (!text.trim()) return isRequired ? t.required : undefined;
  const length = text.length > (of.maxLength ?? Infinity) ? Array.from(text).length : text.length;
  if (of.maxLength !== undefined && length > of.maxLength) return t.tooLong(length, of.maxLength);
  if (of.pattern === undefined || new RegExp(of.pattern).test(text)) return undefined;
  return text.trim().startsWith("__") ? t.reserved : t.oneLine;
}

function numberProblem(text: string, of: NumberBounds, t: Texts): string | undefined {
  if (!text.trim()) return undefined;
  const number = numberIn(text);
  if (number === undefined) return t.notANumber;
  if (of.minimum !== undefined && number < of.minimum) return t.atLeast(of.minimum);
  if (of.exclusiveMinimum !== undefined && number <= of.exclusiveMinimum) return t.above(of.exclusiveMinimum);
  if (of.maximum !== undefined && number > of.maximum) return t.atMost(of.maximum);
  return undefined;
}
