/** Which questions are missed, from the logs of sessions. */

import type { LoggedItem } from "practice-client";

export interface MissedQuestion {
  key: string;
  /** The prompt or, where the log has none, the id of its question or exercise. */
  text: string;
  asked: number;
  right: number;
  wrong: number;
  /** The right answer; "" where the log has none. */
  rightAnswer: string;
  /** The most frequent first. */
  wrongAnswers: { text: string; count: number }[];
}

export interface Missed {
  answers: number;
  /** The most missed first; those that were never missed are left out. */
  questions: MissedQuestion[];
  neverMissed: number;
}

interface Gathered extends Omit<MissedQuestion, "wrongAnswers"> {
  wrongAnswers: Map<string, number>;
}

const WRONG_ANSWERS = 3;

export function missedOf(items: readonly LoggedItem[]): Missed {
  const graded = items.filter(({ correct }) => correct !== null);
  // Of a repeated question only the latest answers have their texts.
  const prompts = new Map(
    graded.flatMap(({ node_id, prompt }) => (prompt ? [[node_id, prompt] as const] : [])),
  );
  const questions = new Map<string, Gathered>();
  for (const item of graded) {
    const text = item.prompt ?? prompts.get(item.node_id) ?? item.node_id;
    // Generated questions of two sessions may have the same id.
    const key = JSON.stringify([item.node_id, text]);
    const known = questions.get(key) ?? newQuestion(key, text);
    questions.set(key, known);
    known.asked += 1;
    known.rightAnswer ||= answerText(item.correct_answer, item.choices);
    if (item.correct) {
      known.right += 1;
      continue;
    }
    known.wrong += 1;
    const answer = answerText(item.answer, item.choices);
    if (answer) known.wrongAnswers.set(answer, (known.wrongAnswers.get(answer) ?? 0) + 1);
  }
  const all = [...questions.values()];
  const missed = all.filter(({ wrong }) => wrong > 0);
  return {
    answers: graded.length,
    questions: missed
      .sort((one, two) => two.wrong - one.wrong || two.wrong / two.asked - one.wrong / one.asked)
      .map((question) => ({ ...question, wrongAnswers: mostFrequent(question.wrongAnswers) })),
    neverMissed: all.length - missed.length,
  };
}

function newQuestion(key: string, text: string): Gathered {
  return { key, text, asked: 0, right: 0, wrong: 0, rightAnswer: "", wrongAnswers: new Map() };
}

function mostFrequent(answers: ReadonlyMap<string, number>): { text: string; count: number }[] {
  return [...answers]
    .map(([text, count]) => ({ text, count }))
    .sort((one, two) => two.count - one.count)
    .slice(0, WRONG_ANSWERS);
}

/** An answer in words: choices by their texts. */
function answerText(answer: LoggedItem["answer"], choices: LoggedItem["choices"]): string {
  const texts = new Map(choices?.map(({ id, text }) => [id, text]));
  const parts = Array.isArray(answer) ? answer : answer === null ? [] : [String(answer)];
  return parts.map((part) => texts.get(part) ?? part).join(", ");
}
