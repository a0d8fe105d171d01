/** The fields of a question, from what the formats have in common: one function a kind. */

import { type Fields, type Notes, Refused } from "./item";

/** One answer that a file lists. `percent` is its share of the points; 100 is right. */
export interface Option {
  readonly text: string;
  readonly percent: number;
  readonly feedback: string;
}

export interface NumberOption extends Option {
  readonly tolerance: string;
}

export function oneChoice(given: readonly Option[], notes: Notes): Fields {
  const options = distinct(given, notes);
  const right = options.filter(({ percent }) => percent >= 100);
  if (right.length === 0) throw new Refused("no_key");
  if (right.length > 1) throw new Refused("two_keys");
  for (const { percent, text } of options) if (percent > 0 && percent < 100) notes.add("partial", text);
  return {
    kind: "multiple_choice",
    choices: choicesOf(options),
    answer: choiceId(options.indexOf(right[0]!)),
  };
}

export function severalChoices(given: readonly Option[], notes: Notes): Fields {
  const options = distinct(given, notes);
  const right = options.filter(({ percent }) => percent > 0);
  if (right.length === 0) throw new Refused("no_key");
  if (new Set(right.map(({ percent }) => percent)).size > 1) notes.add("weights");
  const answer = right.map((option) => choiceId(options.indexOf(option)));
  return { kind: "multi_select", choices: choicesOf(options), answer };
}

export function trueFalse(isTrue: boolean): Fields {
  const choices = ["True", "False"].map((text, index) => ({ id: choiceId(index), text }));
  return { kind: "multiple_choice", choices, answer: choiceId(isTrue ? 0 : 1), keep_order: true };
}

/** `*` stands for any text in Moodle, and `\*` for the sign. */
export function acceptedTexts(options: readonly Option[], notes: Notes): Fields {
  const accepted = new Set<string>();
  for (const { text, percent } of options) {
    const plain = text.replaceAll("\\*", "*");
    if (percent < 100) {
      if (percent > 0) notes.add("partial", plain);
    } else if (text.replaceAll("\\*", "").includes("*")) notes.add("wildcard", text);
    else accepted.add(plain);
  }
  if (accepted.size === 0) throw new Refused("no_key");
  return { kind: "short_answer", answer: [...accepted] };
}

export function numberOf(options: readonly NumberOption[], notes: Notes, unit = ""): Fields {
  const known = options.filter(({ text }) => text !== "*");
  const [first, ...others] = known.filter(({ percent }) => percent >= 100);
  if (!first) throw new Refused("no_key");
  for (const { percent, text } of known) if (percent > 0 && percent < 100) notes.add("partial", text);
  if (others.length) notes.add("other_answers", others.map(({ text }) => text).join(", "));
  const tolerance = first.tolerance.trim() ? Number(decimal(first.tolerance)) : 0;
  return {
    kind: "numeric",
    answer: jsonNumber(first.text),
    ...(tolerance ? { tolerance } : {}),
    ...(unit.trim() ? { unit: unit.trim() } : {}),
  };
}

/** The number in the middle of an interval, and the distance to its ends. */
export function numberBetween(low: string, high: string): [string, string] {
  const [a, b] = [scaled(decimal(low)), scaled(decimal(high))];
  const places = Math.max(a.places, b.places);
  const least = a.digits * 10n ** BigInt(places - a.places);
  const most = b.digits * 10n ** BigInt(places - b.places);
  const distance = most > least ? most - least : least - most;
  // Half of a number is five tenths of it.
  return [written((least + most) * 5n, places + 1), written(distance * 5n, places + 1)];
}

export function selfRated(notes: Notes): Fields {
  notes.add("open");
  return { kind: "self_rated" };
}

/** Pairs of an item and its choice, and choices that belong to no item. */
export function matching(pairs: readonly (readonly [string, string])[], others: readonly string[]): Fields {
  const texts = [...new Set([...pairs.map(([, right]) => right), ...others])];
  return {
    kind: "matching",
    items: pairs.map(([text], index) => ({ id: String(index + 1), text })),
    choices: texts.map((text, index) => ({ id: choiceId(index), text })),
    answer: pairs.map(([, right]) => choiceId(texts.indexOf(right))),
  };
}

/** The texts in their right order. */
export function ordering(texts: readonly string[]): Fields {
  const choices = texts.map((text, index) => ({ id: choiceId(index), text }));
  return { kind: "ordering", choices, answer: choices.map(({ id }) => id) };
}

/** The key of each blank, in the order of their marks in the prompt. */
export function cloze(blanks: readonly Fields[]): Fields {
  return {
    kind: "cloze",
    blanks: blanks.map((blank, index) => {
      const fields = Object.entries(blank).filter(([name]) => name !== "keep_order");
      return { id: String(index + 1), ...Object.fromEntries(fields), ...textsIn(blank) };
    }),
  };
}

/** The choices of a blank are texts. */
function textsIn({ choices, answer }: Fields): Fields {
  if (!Array.isArray(choices)) return {};
  const known = choices as { id: string; text: string }[];
  return { choices: known.map(({ text }) => text), answer: known.find(({ id }) => id === answer)?.text };
}

/** What stands in a prompt for a blank. */
export function blankMark(number: number): string {
  return `{{${number}}}`;
}

/** With the explanation, or else with the feedback on the only right answer; other feedback is named. */
export function explained(
  fields: Fields,
  explanation: string,
  options: readonly Option[],
  notes: Notes,
): Fields {
  const said = options.filter(({ feedback }) => feedback.trim());
  const [right, ...more] = said.filter(({ percent }) => percent >= 100);
  const isTaken = !explanation.trim() && right !== undefined && more.length === 0;
  const left = said.length - (isTaken ? 1 : 0);
  if (isTaken) notes.add("explanation");
  if (left) notes.add("feedback", String(left));
  const shown = isTaken ? right.feedback : explanation;
  return shown.trim() ? { ...fields, explanation: shown } : fields;
}

export function choiceId(index: number): string {
  return index < 26 ? String.fromCharCode(97 + index) : String(index + 1);
}

function decimal(text: string): string {
  const plain = text.trim();
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,2})?$/i.test(plain))
    throw new Refused("no_number", plain.slice(0, 40));
  return plain;
}

function scaled(text: string): { digits: bigint; places: number } {
  const [, sign = "", whole = "", part = "", power = "0"] =
    /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const places = part.length - Number(power);
  const digits = BigInt(`${sign === "-" ? "-" : ""}${whole}${part}`);
  return places < 0 ? { digits: digits * 10n ** BigInt(-places), places: 0 } : { digits, places };
}

function written(digits: bigint, places: number): string {
  const sign = digits < 0n ? "-" : "";
  const all = String(digits < 0n ? -digits : digits).padStart(places + 1, "0");
  const part = all.slice(all.length - places).replace(/0+$/, "");
  return `${sign}${all.slice(0, all.length - places)}${part ? `.${part}` : ""}`;
}

/** A JSON number where that is the same text. */
function jsonNumber(text: string): number | string {
  const plain = decimal(text);
  return String(Number(plain)) === plain ? Number(plain) : plain;
}

function choicesOf(options: readonly Option[]) {
  return options.map(({ text }, index) => ({ id: choiceId(index), text }));
}

function distinct(options: readonly Option[], notes: Notes): Option[] {
  return options.filter(({ text, percent }, index) => {
    const isNew = options.findIndex((other) => other.text === text && other.percent === percent) === index;
    if (!isNew) notes.add("duplicate_choice", text);
    return isNew;
  });
}
