/** From what is chosen or typed to the answer that the tutor takes, and back to words. */

import type { Question, TurnInput } from "practice-client";

import type { Language } from "@/i18n";

export type Answer = Extract<TurnInput, { type: "answer" }>["answer"];
/** What is chosen or typed so far: the ids of choices, one text, or one entry for each item or blank. */
export type Draft = readonly string[];

export const GRADES = ["again", "hard", "good", "easy"] as const;

export type Slip =
  | { kind: "chooseOne" | "chooseSome" | "empty" | "rate" | "matchAll" | "fillAll" }
  | { kind: "ambiguous"; short: string; long: string };

/** The answer, or why the draft is none yet. Everything else is for the tutor to judge. */
export function answerOf(question: Question, draft: Draft, language: Language): Answer | Slip {
  const [first = ""] = draft;
  switch (question.kind) {
    case "multiple_choice":
      return first || { kind: "chooseOne" };
    case "self_rated":
      return first || { kind: "rate" };
    case "multi_select":
      return draft.length ? [...draft] : { kind: "chooseSome" };
    case "ordering":
      return [...orderOf(question, draft)];
    case "matching":
      return (question.items ?? []).every((_, index) => draft[index]) ? [...draft] : { kind: "matchAll" };
    case "cloze":
      return blanksOf(question, draft, language);
    case "numeric":
      if (!first.trim()) return { kind: "empty" };
      // Where the question says which mark is the decimal one, the tutor reads it as it is.
      return question.decimal_mark ? first.trim() : numberOf(first.trim(), language);
    default:
      return first.trim() ? first : { kind: "empty" };
  }
}

export function isSlip(answer: Answer | Slip): answer is Slip {
  return typeof answer === "object" && !Array.isArray(answer);
}

/**
 * The tutor reads a decimal comma where it has one meaning only. In German it always has one, but a single
 * point before three digits has two there, as a single comma has in English.
 */
function numberOf(text: string, language: Language): string | Slip {
  const [marked, thousands, decimal] = language === "de" ? [".", ".", ","] : [",", ",", "."];
  const ambiguous = /^([-−+]?[1-9]\d{0,2})([.,])(\d{3})(?!\d|[.,]\d)/.exec(text);
  if (ambiguous?.[2] === marked) {
    const [, whole = "", , rest = ""] = ambiguous;
    return { kind: "ambiguous", short: `${whole}${rest}`, long: `${whole}${decimal}${rest}` };
  }
  const hasOneComma = text.indexOf(",") === text.lastIndexOf(",") && !text.includes(thousands);
  return language === "de" && hasOneComma ? text.replace(",", ".") : text;
}

/** The ids of the choices as they are arranged; at first as they are shown. */
export function orderOf(question: Question, draft: Draft): Draft {
  return draft.length ? draft : (question.choices ?? []).map(({ id }) => id);
}

function blanksOf({ blanks = [] }: Question, draft: Draft, language: Language): string[] | Slip {
  const given: string[] = [];
  for (const [index, { kind, decimal_mark }] of blanks.entries()) {
    const text = draft[index]?.trim() ?? "";
    if (!text) return { kind: "fillAll" };
    const read = kind === "numeric" && !decimal_mark ? numberOf(text, language) : text;
    if (typeof read !== "string") return read;
    given.push(read);
  }
  return given;
}

const BLANK = /\{\{[\w-]{1,40}\}\}/g;

/** The prompt to be shown: the blanks of a text have their numbers, by which they are answered. */
export function promptOf({ kind, prompt }: Pick<Question, "prompt"> & { kind?: string }): string {
  let number = 0;
  return kind === "cloze" ? prompt.replaceAll(BLANK, () => `……\u2060(${(number += 1)})`) : prompt;
}

/** Whether the entry of this number of an answer, or the answer as a whole, is mathematics. */
export function isMathematics(question: Question | undefined, index: number): boolean {
  return (question?.blanks?.[index]?.kind ?? question?.kind) === "expression";
}

/** What stands between the entries of an answer. Some, as those in mathematics, have commas of their own. */
export function separatorOf(texts: readonly string[]): string {
  return texts.some((text) => text.includes(",")) ? "; " : ", ";
}

/** The words of an answer: the texts of choices, which answers name by their ids. */
export function answerTexts(answer: Answer, question: Question | undefined): string[] {
  const given = Array.isArray(answer) ? answer : [String(answer)];
  const textIn = (choices: readonly { id: string; text: string }[] = [], id: string) =>
    choices.find((choice) => choice.id === id)?.text ?? id;
  if (question?.items)
    return question.items.map(
      ({ text }, index) => `${text} → ${textIn(question.choices, given[index] ?? "")}`,
    );
  return given.map((id) => question?.choices?.find((choice) => choice.id === id)?.text ?? id);
}
