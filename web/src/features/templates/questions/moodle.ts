/** Moodle XML: https://docs.moodle.org/en/Moodle_XML_format. */

import {
  type NumberOption,
  type Option,
  acceptedTexts,
  blankMark,
  cloze,
  explained,
  matching,
  numberOf,
  oneChoice,
  ordering,
  selfRated,
  severalChoices,
  trueFalse,
} from "./fields";
import { categoryOf } from "./gift";
import { type Fields, FileRefused, type Item, type Notes, Refused, readItem } from "./item";
import { fromHtml, fromPlain, fromUnmarked, inOneLine, plainText } from "./markup";
import type { Xml } from "./xml";

/** The questions of a file. Throws FileRefused. */
export function readMoodle({ text: xml, root }: Xml): Item[] {
  if (root.localName === "questestinterop") throw new FileRefused("version", "QTI 1.2");
  if (root.localName !== "quiz") throw new FileRefused("other_xml", root.localName);
  const questions = [...root.children].filter(({ localName }) => localName === "question");
  const lines = linesOf(xml, questions.length);
  const items: Item[] = [];
  let exercise = "";
  for (const [index, question] of questions.entries()) {
    if (question.getAttribute("type") === "category") {
      exercise = categoryOf(plainText(textOf(one(question, "category"))));
      continue;
    }
    const name = plainText(textOf(one(question, "name")));
    const at = { line: lines[index] ?? index + 1, exercise, name, source: "" };
    items.push(readItem(at, (notes) => questionOf(question, notes)));
  }
  return items;
}

/** Where the questions begin: a tree has no lines. Their numbers in the file where the text is no help. */
function linesOf(xml: string, count: number): number[] {
  const starts = [...xml.matchAll(/<question[\s>]/g)].map(({ index }) => index);
  if (starts.length !== count) return [];
  let line = 1;
  let at = 0;
  return starts.map((start) => {
    line += xml.slice(at, start).split("\n").length - 1;
    at = start;
    return line;
  });
}

function questionOf(question: Element, notes: Notes): Fields {
  const type = question.getAttribute("type") ?? "?";
  const key = READERS[type];
  if (!key) throw type === "description" ? new Refused("not_a_question") : new Refused("kind", type);
  const [fields, options] = key(question, notes);
  // The text of some types holds their key, so that they make the prompt of it.
  const own = fields["prompt"];
  const prompt = typeof own === "string" ? own : marked(one(question, "questiontext"), notes);
  if (!prompt) throw new Refused("empty");
  const explanation = marked(one(question, "generalfeedback"), notes);
  const found = explained({ prompt, ...fields }, explanation, options, notes);
  const hints = all(question, "hint")
    .map((hint) => marked(hint, notes))
    .filter(Boolean);
  for (const tags of all(question, "tags"))
    for (const tag of all(tags, "tag")) notes.add("tags", plainText(textOf(tag)));
  const id = textOf(one(question, "idnumber"));
  return { ...(id ? { question_id: id } : {}), ...found, ...(hints.length ? { hints } : {}) };
}

type Key = [Fields, readonly Option[]];

/** By type of question in Moodle. All others are refused by name. */
const READERS: Readonly<Record<string, ((question: Element, notes: Notes) => Key) | undefined>> = {
  multichoice: (question, notes) => {
    const options = optionsOf(question, notes, true);
    const isSingle = !isFalse(one(question, "single"));
    const fields = (isSingle ? oneChoice : severalChoices)(options, notes);
    return [isFalse(one(question, "shuffleanswers")) ? { ...fields, keep_order: true } : fields, options];
  },
  truefalse: (question, notes) => {
    const options = optionsOf(question, notes, false);
    const right = options.filter(({ percent }) => percent >= 100).map(({ text }) => text.toLowerCase());
    if (right.length !== 1 || !["true", "false"].includes(right[0] ?? "")) throw new Refused("no_key");
    return [trueFalse(right[0] === "true"), options];
  },
  shortanswer: (question, notes) => {
    if (textOf(one(question, "usecase")) === "1") notes.add("case");
    const options = optionsOf(question, notes, false);
    return [acceptedTexts(options, notes), options];
  },
  numerical: (question, notes) => {
    const answers = all(question, "answer");
    const numbers = optionsOf(question, notes, false).map((option, index): NumberOption => ({
      ...option,
      tolerance: textOf(one(answers[index] ?? question, "tolerance")),
    }));
    return [numberOf(numbers, notes, unitOf(question, notes)), numbers];
  },
  essay: (question, notes) => {
    const graders = marked(one(question, "graderinfo"), notes);
    const fields = selfRated(notes);
    return [graders ? { ...fields, explanation: graders } : fields, []];
  },
  matching: (question, notes) => {
    const pairs = all(question, "subquestion").map((sub): [string, string] => [
      inOneLine(marked(sub, notes)),
      inOneLine(textOf(one(sub, "answer"))),
    ]);
    const known = pairs.filter(([left]) => left);
    if (known.length === 0) throw new Refused("no_key");
    const others = pairs.filter(([left, right]) => !left && right).map(([, right]) => right);
    return [matching(known, others), []];
  },
  // The fraction of an answer is its place.
  ordering: (question, notes) => {
    const options = optionsOf(question, notes, true).sort((one_, other) => one_.percent - other.percent);
    return [ordering(options.map(({ text }) => text)), []];
  },
  cloze: (question, notes) => {
    const text = one(question, "questiontext");
    const blanks: Fields[] = [];
    const prompt = textOf(text).replaceAll(EMBEDDED, (_, kind: string, answers: string) => {
      blanks.push(blankOf(kind, answers, notes));
      return blankMark(blanks.length);
    });
    if (blanks.length === 0) throw new Refused("not_a_question");
    return [{ ...cloze(blanks), prompt: written(prompt, text, notes) }, []];
  },
};

const EMBEDDED = /\{\d*:([A-Z_]+):((?:\\.|[^}\\])*)\}/g;
const SHORT_ANSWERS = new Set(["SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"]);
const CHOICES = /^(?:MULTICHOICE(?:_[VH]?S?)?|MC[VH]?S?)$/;

function blankOf(kind: string, answers: string, notes: Notes): Fields {
  const options = answers.split(/(?<!\\)~/).map((entry) => embeddedOption(entry, notes));
  if (SHORT_ANSWERS.has(kind)) {
    if (kind.endsWith("C")) notes.add("case");
    return acceptedTexts(options, notes);
  }
  if (kind === "NUMERICAL" || kind === "NM")
    return numberOf(
      options.map(({ percent, text: given }) => {
        const [text = "", tolerance = ""] = given.split(":", 2);
        return { percent, text, tolerance, feedback: "" };
      }),
      notes,
    );
  if (CHOICES.test(kind)) return oneChoice(options, notes);
  throw new Refused("kind", `cloze with ${kind}`);
}

function embeddedOption(entry: string, notes: Notes): Option {
  const [mark = "", sign, given = "0"] = /^\s*(?:(=)|%(-?[0-9.]+)%)?/.exec(entry) ?? [];
  const percent = sign ? 100 : Number(given);
  if (Number.isNaN(percent)) throw new Refused("no_number", given);
  const [text = "", feedback] = entry.slice(mark.length).split(/(?<!\\)#(.*)/s);
  if (feedback) notes.add("feedback", "1");
  return { percent, text: plainText(text.replaceAll(/\\([~=#}{\\"/])/g, "$1")), feedback: "" };
}

function isFalse(element: Element | undefined): boolean {
  return ["false", "0"].includes(textOf(element).toLowerCase());
}

/** The unit in which the answers are; further ones would need a factor. */
function unitOf(question: Element, notes: Notes): string {
  const units = all(question, "units").flatMap((parent) => all(parent, "unit"));
  const own = units
    .filter((unit) => ["", "1", "1.0", "1.0000000"].includes(textOf(one(unit, "multiplier"))))
    .map((unit) => textOf(one(unit, "unit_name")))
    .find(Boolean);
  if (units.length > 1) notes.add("unit_rules", own ?? "none");
  return own ?? "";
}

function optionsOf(question: Element, notes: Notes, isShown: boolean): Option[] {
  return all(question, "answer").map((answer) => {
    const fraction = answer.getAttribute("fraction") ?? "0";
    const percent = Number(fraction);
    if (Number.isNaN(percent)) throw new Refused("no_number", fraction);
    const text = isShown ? inOneLine(marked(answer, notes)) : textOf(answer);
    return { percent, text, feedback: marked(one(answer, "feedback"), notes) };
  });
}

const FORMATS: Readonly<Record<string, (text: string, notes: Notes) => string>> = {
  html: fromHtml,
  plain_text: fromPlain,
  markdown: (text) => text.trim(),
};

/** The Markdown of a text in the format that its element names. */
function marked(element: Element | undefined, notes: Notes): string {
  if (!element) return "";
  return written(textOf(element), element, notes);
}

function written(text: string, element: Element | undefined, notes: Notes): string {
  const write = FORMATS[element?.getAttribute("format") ?? "html"] ?? fromUnmarked;
  return write(text, notes);
}

function one(parent: Element, tag: string): Element | undefined {
  return [...parent.children].find(({ localName }) => localName === tag);
}

function all(parent: Element, tag: string): Element[] {
  return [...parent.children].filter(({ localName }) => localName === tag);
}

/** The text of an element, which may be in a `text` of its own. */
function textOf(element: Element | undefined): string {
  return element ? (one(element, "text") ?? element).textContent.trim() : "";
}
