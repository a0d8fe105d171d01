import type { StoredSession, ToolCall } from "practice-client";
import { describe, expect, test } from "vitest";

import { MOST_ENTRIES, answered, dropped, hinted, pendingOf, presented } from "./entries";

const progress = { blocks_completed: 0, questions_answered: 0, questions_correct: 0, score_percent: null };
const common = { session_id: "s", block_id: "b1", progress };

function question(question_id: string, hints_left = 1): ToolCall {
  const shown = { question_id, kind: "short_answer" as const, prompt: "?", hints_left };
  return {
    id: `call-${question_id}`,
    type: "tool_call",
    name: "question_presentation",
    args: { ...common, question: shown },
  };
}

function feedback(question_id: string, block_complete = false): ToolCall {
  const verdict = {
    correct: true,
    score: 1,
    feedback: "Right.",
    correct_answer: null,
    new_mastery_score: 0.5,
  };
  const args = { ...common, question_id, block_complete, ...verdict };
  return { id: "call-f", type: "tool_call", name: "feedback_presentation", args };
}

const hint: ToolCall = {
  id: "call-h",
  type: "tool_call",
  name: "hint_presentation",
  args: { ...common, question_id: "q", hint: "A hint.", hints_left: 0 },
};

const state = {
  skills: [{ skill_id: "k", name: "Skill", mastery: 0.2, attempts: 1, mastered: false }],
  blocks: [{ block_id: "b1", skill_id: "k", status: "current" }],
} as unknown as StoredSession;
const done = {
  block_id: "b1",
  skill_id: "k",
  title: "T",
  questions_answered: 4,
  questions_correct: 3,
  status: "done",
};
const after = { ...state, blocks: [done] } as unknown as StoredSession;

const names = (entries: readonly { call: ToolCall }[]) => entries.map(({ call }) => call.name.split("_")[0]);

describe("the thread", () => {
  const begun = presented([question("q")], 1);

  test("has the question to be answered as pending", () => {
    expect(pendingOf(begun)?.id).toBe("1.0");
    expect(pendingOf(begun)?.number).toBe(1);
  });

  test("keeps an answer with its question, and what the feedback is about", () => {
    const entries = answered(begun, "an answer", [feedback("q", true), question("r")], 2, state, after);
    expect(names(entries)).toEqual(["question", "feedback", "question"]);
    expect(entries[0]?.answer).toBe("an answer");
    expect(entries[1]).toMatchObject({
      about: { question_id: "q" },
      given: "an answer",
      skill: { name: "Skill", mastery: 0.2 },
      block: { questions_correct: 3 },
    });
    expect(pendingOf(entries)?.id).toBe("2.1");
  });

  test("has the same ids while a turn is streamed and after it", () => {
    const calls = [feedback("q"), question("r")];
    const streamed = answered(begun, "a", calls.slice(0, 1), 2, state);
    const whole = answered(begun, "a", calls, 2, state, after);
    expect(whole.map(({ id }) => id).slice(0, 2)).toEqual(streamed.map(({ id }) => id));
  });

  test("shows a hint below its question, which stays the same entry", () => {
    const entries = hinted(begun, [hint, question("q", 0)], 2);
    expect(names(entries)).toEqual(["question", "hint"]);
    expect(entries[0]?.id).toBe("1.0");
    expect(pendingOf(entries)?.call).toMatchObject({ args: { question: { hints_left: 0 } } });
  });

  test("keeps an answer that was dropped, and has nothing pending then", () => {
    const entries = dropped(begun, "lost");
    expect(entries[0]).toMatchObject({ answer: "lost", isDropped: true });
    expect(pendingOf(entries)).toBeUndefined();
    expect(pendingOf(dropped(begun, undefined))).toBeUndefined();
  });

  test("does not grow without end", () => {
    let entries = begun;
    for (let turn = 2; turn < 100; turn += 1)
      entries = answered(entries, "a", [feedback("q"), question("q")], turn, state, after);
    expect(entries).toHaveLength(MOST_ENTRIES);
    expect(pendingOf(entries)?.id).toBe("99.1");
  });
});
