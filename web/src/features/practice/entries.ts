/** The thread of a practice: what the tutor presented, and what was answered. */

import type { StoredSession, ToolCall } from "practice-client";

import type { Answer } from "@/ui/tutor/answers";

type Skill = StoredSession["skills"][number];
type DoneBlock = Extract<StoredSession["blocks"][number], { status: "done" }>;

export interface Entry {
  /** Stable while a streamed turn is replaced by its reply, so that nothing is mounted anew. */
  id: string;
  call: ToolCall;
  /** The number of a question in this session, from 1. */
  number?: number;
  /** The answer given to a question. */
  answer?: Answer;
  /** Another device had gone on: the answer was dropped. */
  isDropped?: boolean;
  /** Of feedback: the question that it is about, the answer, and the skill before it. */
  about?: Extract<ToolCall, { name: "question_presentation" }>["args"]["question"];
  given?: Answer;
  skill?: Pick<Skill, "name" | "mastery">;
  /** Of the feedback that ended a block. */
  block?: DoneBlock;
}

/** Longer threads would slow the page down; the session's log has all. */
export const MOST_ENTRIES = 60;

export function pendingOf(entries: readonly Entry[]): Entry | undefined {
  return entries.findLast(
    ({ call, answer, isDropped }) => isQuestion(call) && answer === undefined && !isDropped,
  );
}

function isQuestion(call: ToolCall): boolean {
  return call.name === "question_presentation";
}

/** What begins or resumes a thread. `turn` tells the ids of one turn from another's. */
export function presented(calls: readonly ToolCall[], turn: number): Entry[] {
  return calls.map((call, index) => entryOf(call, `${turn}.${index}`));
}

function entryOf(call: ToolCall, id: string): Entry {
  if (call.name !== "question_presentation") return { id, call };
  return { id, call, number: call.args.progress.questions_answered + 1 };
}

/** The thread after an answer. `before` and `after` are the states around the turn. */
export function answered(
  entries: readonly Entry[],
  answer: Answer,
  calls: readonly ToolCall[],
  turn: number,
  before: StoredSession | undefined,
  after?: StoredSession,
): Entry[] {
  const pending = pendingOf(entries);
  const about = pending?.call.name === "question_presentation" ? pending.call.args.question : undefined;
  const skill = skillOf(before);
  const settled = entries.map((entry) => (entry === pending ? { ...entry, answer } : entry));
  const added = presented(calls, turn).map<Entry>((entry) => {
    if (entry.call.name !== "feedback_presentation") return entry;
    const block = entry.call.args.block_complete ? doneBlock(after, entry.call.args.block_id) : undefined;
    return {
      ...entry,
      given: answer,
      ...(about ? { about } : {}),
      ...(skill ? { skill } : {}),
      ...(block ? { block } : {}),
    };
  });
  return [...settled, ...added].slice(-MOST_ENTRIES);
}

/** The thread after a hint: it stands below its question, whose form stays as it is. */
export function hinted(entries: readonly Entry[], calls: readonly ToolCall[], turn: number): Entry[] {
  const pending = pendingOf(entries);
  const again = calls.find(isQuestion);
  const hints = presented(calls, turn).filter(({ call }) => call.name === "hint_presentation");
  const updated = entries.map((entry) => (entry === pending && again ? { ...entry, call: again } : entry));
  return [...updated, ...hints];
}

/** The thread whose last answer was dropped. */
export function dropped(entries: readonly Entry[], answer: Answer | undefined): Entry[] {
  const pending = pendingOf(entries);
  return entries.map((entry) =>
    entry === pending ? { ...entry, isDropped: true, ...(answer === undefined ? {} : { answer }) } : entry,
  );
}

export function skillOf(state: StoredSession | undefined): Skill | undefined {
  const current = state?.blocks.find((block) => block.status === "current");
  return state?.skills.find(({ skill_id }) => skill_id === current?.skill_id);
}

function doneBlock(state: StoredSession | undefined, id: string | null): DoneBlock | undefined {
  return state?.blocks.find((block): block is DoneBlock => block.status === "done" && block.block_id === id);
}
