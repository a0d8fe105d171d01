/** The steps of a session, its exercises and then its questions, and what changes them. */

import type { Session, SessionData } from "practice-client";

type Section = NonNullable<SessionData["sections"]>[number];
export type Exercise = NonNullable<Section["exercises"]>[number];
export type Question = Record<string, unknown>;

interface StepBase {
  /** Unique in the session, also where two exercises share a name. */
  key: string;
  nodeId: string;
  isDone: boolean;
}
export interface ExerciseStep extends StepBase {
  kind: "exercise";
  section: number;
  exercise: Exercise;
}
export interface QuestionStep extends StepBase {
  kind: "question";
  question: Question;
}
export type Step = ExerciseStep | QuestionStep;

export function nodeIdOf(exercise: Exercise): string {
  return exercise.id ?? exercise.name;
}

/** The name under which local state and drafts know an exercise. */
export function exerciseKey(section: number, exercise: number, nodeId: string): string {
  return `${section}.${exercise}.${nodeId}`;
}

export function questionsOf(content: SessionData): { nodeId: string; question: Question }[] {
  const questions: unknown = content["questions"];
  if (!Array.isArray(questions)) return [];
  return questions.flatMap((question: unknown) => {
    if (typeof question !== "object" || question === null) return [];
    const fields = question as Question;
    const nodeId = fields["question_id"];
    return typeof nodeId === "string" ? [{ nodeId, question: fields }] : [];
  });
}

/** `answered` has the questions that an item reports as done or answered. */
export function stepsOf(content: SessionData, answered: ReadonlySet<string>): Step[] {
  const exercises = (content.sections ?? []).flatMap((section, s) =>
    (section.exercises ?? []).map<Step>((exercise, e) => {
      const nodeId = nodeIdOf(exercise);
      const isDone = exercise.completed ?? false;
      return { kind: "exercise", key: exerciseKey(s, e, nodeId), nodeId, isDone, section: s, exercise };
    }),
  );
  const questions = questionsOf(content).map<Step>(({ nodeId, question }) => ({
    kind: "question",
    key: `q.${nodeId}`,
    nodeId,
    isDone: answered.has(nodeId),
    question,
  }));
  return [...exercises, ...questions];
}

/** The next unfinished step after this one, from the beginning again after the last one. */
export function stepAfter(steps: readonly Step[], key: string | null): Step | undefined {
  const at = steps.findIndex((step) => step.key === key);
  return [...steps.slice(at + 1), ...steps.slice(0, at + 1)].find((step) => !step.isDone);
}

/** As the back end ticks: of several exercises with one name, the first unfinished one. */
export function tick(content: SessionData, nodeId: string, completed: boolean): SessionData {
  const found = (content.sections ?? []).flatMap((section, s) =>
    (section.exercises ?? []).flatMap((exercise, e) =>
      nodeIdOf(exercise) === nodeId ? [{ s, e, isDone: exercise.completed ?? false }] : [],
    ),
  );
  const at = found.find(({ isDone }) => !isDone) ?? found[0];
  return at ? changeExercise(content, at.s, at.e, { completed }) : content;
}

export function changeExercise(
  content: SessionData,
  s: number,
  e: number,
  change: { completed: boolean } | { notes: string },
): SessionData {
  const sections = (content.sections ?? []).map((section, index) =>
    index === s
      ? {
          ...section,
          exercises: (section.exercises ?? []).map((exercise, place) =>
            place === e ? { ...exercise, ...change } : exercise,
          ),
        }
      : section,
  );
  return { ...content, sections };
}

/** Where the exercise of this key is now: its place, or the first one of its name. */
export function findExercise(content: SessionData, key: string): { s: number; e: number } | undefined {
  const [section = "", place = "", ...rest] = key.split(".");
  const nodeId = rest.join(".");
  const s = Number(section);
  const e = Number(place);
  const there = content.sections?.[s]?.exercises?.[e];
  if (there && nodeIdOf(there) === nodeId) return { s, e };
  for (const [index, { exercises = [] }] of (content.sections ?? []).entries()) {
    const found = exercises.findIndex((exercise) => nodeIdOf(exercise) === nodeId);
    if (found >= 0) return { s: index, e: found };
  }
  return undefined;
}

export function countDone(steps: readonly Step[]): number {
  return steps.filter((step) => step.isDone).length;
}

/** Whether the session is worked on elsewhere: what a tutor runs has pages of its own. */
export function isRunByTutor({ mode, status, template_id, assignment }: Session): boolean {
  if (status !== "active") return false;
  return assignment ? assignment.mode !== "checklist" : mode === "infinite" && template_id !== null;
}
