/** GIFT, the text format of Moodle: https://docs.moodle.org/en/GIFT_format. */

import {
  type NumberOption,
  type Option,
  acceptedTexts,
  explained,
  matching,
  numberBetween,
  numberOf,
  oneChoice,
  selfRated,
  severalChoices,
  trueFalse,
} from "./fields";
import { type Fields, type Item, type Notes, Refused, readItem } from "./item";
import { fromHtml, fromPlain, fromUnmarked, inOneLine } from "./markup";

const CATEGORY = "$CATEGORY:";
const MOST_CHARACTERS = 100_000;
/** Characters that no text has stand for those that a backslash precedes. */
const HIDDEN = "\\~=#{}:";
const FIRST_HIDDEN = 0xfdd0;

/** The questions, each from one block of lines between empty ones. */
export function readGift(text: string): Item[] {
  const items: Item[] = [];
  let exercise = "";
  for (const { begin, rows: block } of blocksOf(text.replaceAll(/[\ufdd0-\ufdef]/g, ""))) {
    let line = begin;
    let rows = block;
    for (const [index, row] of block.entries()) {
      if (row.trim().startsWith(CATEGORY)) {
        exercise = categoryOf(row.trim().slice(CATEGORY.length));
        line = begin + index + 1;
        rows = block.slice(index + 1);
      } else if (!isComment(row)) break;
    }
    if (!rows.every(isComment)) items.push(itemOf(line, exercise, rows));
  }
  return items;
}

/** The name of an exercise for a category's path; `//` is a slash in a name. */
export function categoryOf(path: string): string {
  const steps = path
    .replaceAll("//", "\u0000")
    .split("/")
    .map((step) => step.replaceAll("\u0000", "/").split(/\s+/).filter(Boolean).join(" "));
  if (steps.length > 1 && /^\$.*\$$/.test(steps[0] ?? "")) steps.shift();
  if (steps.length > 1 && steps[0] === "top") steps.shift();
  return steps.filter(Boolean).join(" / ");
}

function blocksOf(text: string): { begin: number; rows: string[] }[] {
  const blocks: { begin: number; rows: string[] }[] = [];
  let isOpen = false;
  for (const [index, row] of text.split(/\r\n|\r|\n/).entries()) {
    if (!row.trim()) isOpen = false;
    else if (isOpen) blocks.at(-1)?.rows.push(row);
    else {
      isOpen = true;
      blocks.push({ begin: index + 1, rows: [row] });
    }
  }
  return blocks;
}

function isComment(row: string): boolean {
  return row.trimStart().startsWith("//");
}

function itemOf(line: number, exercise: string, rows: string[]): Item {
  const comments = rows.filter(isComment).join("\n");
  const whole = rows
    .map((row) => (isComment(row) ? "" : row))
    .join("\n")
    .trim()
    .slice(0, MOST_CHARACTERS + 1)
    .replaceAll(/\\([\\~=#{}:n])/g, (_, sign: string) =>
      sign === "n" ? "\n" : String.fromCharCode(FIRST_HIDDEN + HIDDEN.indexOf(sign)),
    );
  const [name, body] = titleOf(whole);
  return readItem({ line, exercise, name: shown(name), source: shown(body) }, (notes) => {
    if (body.length > MOST_CHARACTERS) throw new Refused("too_long", String(MOST_CHARACTERS));
    for (const tag of bracketed("tag", comments)) notes.add("tags", tag);
    const [id] = bracketed("id", comments);
    return { ...(id === undefined ? {} : { question_id: id }), ...questionOf(body, notes) };
  });
}

function shown(text: string): string {
  return text
    .replaceAll(/[\ufdd0-\ufdd6]/g, (mark) => HIDDEN[mark.charCodeAt(0) - FIRST_HIDDEN] ?? "")
    .trim();
}

function bracketed(name: string, comments: string): string[] {
  return [...comments.matchAll(new RegExp(String.raw`\[${name}:((?:\\.|[^\]\\\n])*)\]`, "g"))]
    .map(([, text = ""]) => text.replaceAll(/\\([\]\\])/g, "$1").trim())
    .filter(Boolean);
}

function titleOf(body: string): [string, string] {
  const end = body.startsWith("::") ? body.indexOf("::", 2) : -1;
  return end < 0 ? ["", body] : [body.slice(2, end), body.slice(end + 2).trim()];
}

const FORMATS: Readonly<Record<string, (text: string, notes: Notes) => string>> = {
  html: fromHtml,
  moodle: fromUnmarked,
  plain: fromPlain,
  markdown: (text) => text.trim(),
};
const FORMAT = /^\s*\[(html|moodle|plain|markdown)\]/;

/** The Markdown of a text, and its format, which answers without one inherit. */
function marked(text: string, inherited: string, notes: Notes): [string, string] {
  const found = FORMAT.exec(text);
  const name = found?.[1] ?? inherited;
  const write = FORMATS[name] ?? fromUnmarked;
  return [write(shown(text.slice(found?.[0].length ?? 0)), notes), name];
}

function questionOf(body: string, notes: Notes): Fields {
  const begin = body.indexOf("{");
  const end = body.indexOf("}");
  if (begin < 0 && end < 0) throw new Refused("not_a_question");
  if (begin < 0 || end < begin) throw new Refused("brace");
  const after = body.slice(end + 1);
  if (body.includes("{", begin + 1) || after.includes("}")) throw new Refused("braces");
  const gap = after.trim() ? "_____" : "";
  const [prompt, format] = marked(`${body.slice(0, begin)}${gap}${after}`, "moodle", notes);
  if (!prompt) throw new Refused("empty");
  const [answer = "", ...general] = body.slice(begin + 1, end).split("####");
  const [explanation] = marked(general.join("####"), format, notes);
  const [fields, options] = keyOf(answer.trim(), format, notes);
  return explained({ prompt, ...fields }, explanation, options, notes);
}

function keyOf(answer: string, format: string, notes: Notes): [Fields, readonly Option[]] {
  if (!answer) return [selfRated(notes), []];
  if (answer.startsWith("#")) {
    const numbers = numbersOf(answer.slice(1).trim(), format, notes);
    return [numberOf(numbers, notes), numbers];
  }
  const [truth = "", ...feedback] = answer.split("#");
  if (/^\s*(?:t|true|f|false)\s*$/i.test(truth)) {
    const said = feedback
      .filter((text) => text.trim())
      .map((text) => ({ text: "", percent: 0, feedback: text }));
    return [trueFalse(/^\s*t/i.test(truth)), said];
  }
  const isChoice = answer.includes("~");
  const isMatching = !isChoice && answer.includes("->");
  const options = answersOf(answer).map(({ percent, text, feedback: said }) => ({
    percent,
    // Accepted texts are compared as they are; only choices are shown.
    text: isChoice || isMatching ? inLine(text, format, notes) : shown(text),
    feedback: marked(said, format, notes)[0],
  }));
  if (isMatching) return [matchingOf(options), options];
  if (!isChoice) return [acceptedTexts(options, notes), options];
  // Several may be chosen where no single one has all points.
  const build = answer.includes("=") ? oneChoice : severalChoices;
  return [build(options, notes), options];
}

/** Pairs; one without a left side is a choice that belongs to none. */
function matchingOf(options: readonly Option[]): Fields {
  const pairs = options.map(({ text }): [string, string] => {
    const at = text.indexOf("->");
    if (at < 0) throw new Refused("no_pair");
    return [text.slice(0, at).trim(), text.slice(at + 2).trim()];
  });
  const others = pairs.filter(([left]) => !left).map(([, right]) => right);
  return matching(
    pairs.filter(([left]) => left),
    others,
  );
}

function inLine(text: string, format: string, notes: Notes): string {
  const [markdown, name] = marked(text, format, notes);
  return name === "markdown" ? markdown : inOneLine(markdown);
}

/** Of each answer its points in percent, its text and its feedback, as they are written. */
function answersOf(answer: string): Option[] {
  return (/^[=~]/.test(answer) ? answer : `=${answer}`)
    .split(/(?=[=~])/)
    .filter((entry) => entry.trim())
    .map((entry) => {
      const found = /^[=~]\s*%(-?[0-9.]+)%/.exec(entry);
      const percent = found ? Number(found[1]) : entry.startsWith("=") ? 100 : 0;
      if (Number.isNaN(percent)) throw new Refused("no_number", found?.[1]);
      const body = entry.slice(found?.[0].length ?? 1);
      const at = body.indexOf("#");
      const [text, feedback] = at < 0 ? [body, ""] : [body.slice(0, at), body.slice(at + 1)];
      return { percent, text: text.trim(), feedback: feedback.trim() };
    });
}

function numbersOf(answer: string, format: string, notes: Notes): NumberOption[] {
  return answersOf(answer).map(({ percent, text: given, feedback }) => {
    const [text = "", tolerance = ""] = given.includes("..")
      ? numberBetween(...ends(given))
      : given.split(":", 2);
    return {
      percent,
      text: text.trim(),
      tolerance: tolerance.trim(),
      feedback: marked(feedback, format, notes)[0],
    };
  });
}

function ends(interval: string): [string, string] {
  const at = interval.indexOf("..");
  return [interval.slice(0, at), interval.slice(at + 2)];
}
