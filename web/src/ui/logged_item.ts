/** What the log's entries say about their questions and answers. */

import type { LoggedItem, Session } from "practice-client";

import { separatorOf } from "@/ui/tutor/answers";

export interface Described {
  /** The question, or the exercise's name; null where it was not kept. */
  prompt: string | null;
  choices: { id: string; text: string }[];
  answer: string | null;
  correctAnswer: string | null;
}

/** Entries that the client reported have no prompt of their own: the session's data has it. */
export function describe(item: LoggedItem, session: Session): Described {
  const asked = questionOf(session, item.node_id);
  const choices = choicesOf(item.choices ?? asked?.["choices"]);
  const stored = asked?.["answer"] ?? asked?.["correct_answer"];
  return {
    // Entries of older versions lack fields.
    prompt:
      promptIn(item) ?? textIn(asked?.["prompt"]) ?? (item.verified ? null : nameOf(session, item.node_id)),
    choices,
    answer: answerText(item.answer, choices),
    correctAnswer: answerText(item.correct_answer ?? stored, choices),
  };
}

/** The blanks of a text are shown as such, without their ids. */
function promptIn({ prompt, exercise_type: kind }: LoggedItem): string | null {
  return kind === "cloze" && prompt !== null ? prompt.replaceAll(/\{\{[\w-]{1,40}\}\}/g, "……") : prompt;
}

function nameOf(session: Session, nodeId: string): string {
  const exercises = (session.session_data.sections ?? []).flatMap(({ exercises = [] }) => exercises);
  return exercises.find(({ id }) => id === nodeId)?.name ?? nodeId;
}

function questionOf(session: Session, nodeId: string): Record<string, unknown> | undefined {
  const questions: unknown = session.session_data["questions"];
  if (!Array.isArray(questions)) return undefined;
  return questions.find(
    (question: unknown): question is Record<string, unknown> =>
      typeof question === "object" &&
      question !== null &&
      "question_id" in question &&
      question.question_id === nodeId,
  );
}

function textIn(value: unknown): string | null {
  return typeof value === "string" && value.trim() ? value : null;
}

function choicesOf(choices: unknown): Described["choices"] {
  if (!Array.isArray(choices)) return [];
  return choices.flatMap((choice: unknown) => {
    const { id, text } = (choice ?? {}) as { id?: unknown; text?: unknown };
    return typeof id === "string" && typeof text === "string" ? [{ id, text }] : [];
  });
}

/** A choice's text instead of its id. */
function answerText(value: unknown, choices: Described["choices"]): string | null {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return choices.find(({ id }) => id === value)?.text ?? textIn(value);
  if (!Array.isArray(value)) return null;
  const texts = value.flatMap((part: unknown) => answerText(part, choices) ?? []);
  return texts.join(separatorOf(texts)) || null;
}
