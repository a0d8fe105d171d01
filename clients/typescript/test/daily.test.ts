/** The pack of the day: it begins, is resumed on another device, ends, and is read. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";

import { DailyPractice, type Presented } from "../src/index.js";
import { driver, given } from "./environment.js";

const SUBJECT = `Doubling ${randomUUID()}`;
const EXERCISES = ["Twos", "Threes"].map((name, place) => ({
  name,
  questions: [0, 1].map((number) => ({
    question_id: `${name}-${number}`,
    kind: "numeric" as const,
    prompt: `What is ${number} times ${place + 2}?`,
    answer: number * (place + 2),
  })),
}));

function right({ question }: Presented): { type: "answer"; question_id: string; answer: number } {
  assert.ok(question);
  const [first, second] = question.prompt.match(/\d+/g) ?? [];
  return { type: "answer", question_id: question.question_id, answer: Number(first) * Number(second) };
}

test("a pack is begun, resumed on another device, and ends with its last question", async (t) => {
  const owner = await driver(t, {}, given.teacher);
  const template_data = { sections: [{ name: "All", exercises: EXERCISES }] };
  await owner.templates.create({ name: "Doubling", subject: SUBJECT, template_data });
  const options = { subject: SUBJECT, timezone: "UTC" };
  const practice = new DailyPractice(owner, options);

  const first = await practice.begin();
  assert.deepEqual(first.calls.map(({ name }) => name), ["concept_presentation", "question_presentation"]);
  assert.deepEqual(practice.pack?.new_items.map(({ skill }) => skill), ["Twos", "Threes"]);
  await practice.take(right(first));

  const elsewhere = new DailyPractice(await driver(t, {}, given.teacher), options);
  const second = await elsewhere.begin();
  assert.equal(elsewhere.state?.progress.questions_answered, 1);
  const last = await elsewhere.take(right(second));
  assert.equal(last.question, undefined);
  assert.equal(elsewhere.state?.current.awaiting, null);
  const { questions_correct, items_completed, items_count } = await elsewhere.complete();
  assert.deepEqual([questions_correct, items_completed, items_count], [2, 2, 2]);

  const [pack] = (await owner.packs.list({ limit: 1 })).entries;
  assert.deepEqual([pack?.pack_id, pack?.status], [practice.pack?.pack_id, "completed"]);
  const again = new DailyPractice(owner, options);
  assert.deepEqual((await again.begin()).calls, []);
  assert.equal(again.state, undefined);
  assert.equal(again.pack?.status, "completed");
});
