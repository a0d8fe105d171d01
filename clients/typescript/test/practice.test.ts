/** Infinite practice on one device and on two, interrupted and not. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type CreateTemplate,
  InfinitePractice,
  PracticeProblem,
  type PracticeSessionDriver,
  type Presented,
  type TurnListener,
} from "../src/index.js";
import { type Cleanup, driver, given, unreliable } from "./environment.js";

const QUESTIONS = Array.from({ length: 6 }, (_, number) => ({
  question_id: `q${number}`,
  kind: "numeric" as const,
  prompt: `What is ${number} + ${number}?`,
  hints: ["It is even."],
  answer: 2 * number,
}));

const CONTENT = { sections: [{ name: "All", exercises: [{ name: "Doubling", questions: QUESTIONS }] }] };

/** The id of a new template that the student may practise. */
function newTemplate(t: Cleanup): Promise<string> {
  return created(t, { student_ids: [given.student.uid] });
}

async function created(t: Cleanup, access: Pick<CreateTemplate, "student_ids" | "visibility">): Promise<string> {
  const command = { name: "Doubling", template_data: CONTENT, ...access };
  return (await driver(t, {}, given.teacher).templates.create(command)).template_id;
}

function right({ question }: Presented): { type: "answer"; question_id: string; answer: number } {
  assert.ok(question);
  return { type: "answer", question_id: question.question_id, answer: 2 * Number(question.question_id.slice(1)) };
}

/** Two devices that answer alike have the same state: only different answers fork. */
function wrong(shown: Presented): ReturnType<typeof right> {
  return { ...right(shown), answer: -1 };
}

function names({ calls }: Presented): string[] {
  return calls.map(({ name }) => name);
}

async function active(practice: PracticeSessionDriver, templateId: string) {
  const found = await practice.checkActiveSession(templateId, "infinite");
  assert.ok(found);
  return found.session;
}

async function reasonOf(promise: Promise<unknown>): Promise<string> {
  const failure: unknown = await promise.then(() => undefined, (error: unknown) => error);
  assert.ok(failure instanceof PracticeProblem, String(failure));
  return failure.reason;
}

test("practice begins, is stored after each turn, and is completed", async (t) => {
  const templateId = await newTemplate(t);
  const device = driver(t);
  const practice = new InfinitePractice(device, templateId, { timezone: "UTC", practice_mode: "evening" });
  const first = await practice.begin();
  assert.deepEqual([names(first), first.movedOn], [["concept_presentation", "question_presentation"], false]);
  assert.equal((await active(device, templateId)).practice_mode, "evening");

  const hinted = await practice.take({ type: "hint" });
  assert.deepEqual(names(hinted), ["hint_presentation", "question_presentation"]);
  assert.equal(await reasonOf(practice.take({ ...right(first), answer: " " } as never)), "INVALID_ARGUMENT");
  const second = await practice.take(right(hinted));
  assert.deepEqual([names(second)[0], second.movedOn, practice.isStored], ["feedback_presentation", false, true]);
  assert.equal((await active(device, templateId)).questions_correct, 1);
  await practice.take(right(second));

  const summary = await practice.complete({ notes: "Done" });
  assert.deepEqual([summary.questions_correct, summary.total_questions], [2, 2]);
  assert.equal(await device.checkActiveSession(templateId, "infinite"), null);
  assert.equal(await reasonOf(practice.take({ type: "hint" })), "SESSION_NOT_ACTIVE");
  assert.deepEqual(names(await practice.begin())[0], "concept_presentation");
});

test("practice that was interrupted goes on where it was stored", async (t) => {
  const templateId = await newTemplate(t);
  const first = new InfinitePractice(driver(t), templateId);
  const asked = await first.take(right(await first.begin()));
  const resumed = new InfinitePractice(driver(t), templateId);
  const again = await resumed.begin();
  assert.deepEqual([again.question, names(again)], [asked.question, ["question_presentation"]]);
  await resumed.take(right(again));
  assert.equal((await resumed.complete()).questions_correct, 2);
});

test("a device that was overtaken shows where the other one is, and nothing counts twice", async (t) => {
  const templateId = await newTemplate(t);
  const device = driver(t);
  const [one, two] = [new InfinitePractice(device, templateId), new InfinitePractice(driver(t), templateId)];
  const onOne = await one.begin();
  const onTwo = await two.begin();
  assert.deepEqual(onOne.question, onTwo.question);
  const ahead = await two.take(right(onTwo));

  const overtaken = await one.take(wrong(onOne));
  assert.deepEqual([overtaken.movedOn, overtaken.question], [true, ahead.question]);
  assert.equal((await active(device, templateId)).total_questions, 1);
  const next = await one.take(right(overtaken));
  assert.equal(next.movedOn, false);
  const behind = await two.take({ type: "hint" });
  assert.deepEqual([behind.movedOn, behind.question], [true, next.question]);
  assert.equal((await two.complete()).questions_correct, 2);
});

test("a state older than the stored one shows the stored one", async (t) => {
  const templateId = await newTemplate(t);
  const device = driver(t);
  const practice = new InfinitePractice(device, templateId);
  const first = await practice.begin();
  const second = await practice.take(right(first));
  const { session_id, stored_session } = await active(device, templateId);
  assert.ok(stored_session);
  // The other device goes on from the state of this one, and stores more than this one has.
  const ahead = await device.practiceTurn({ stored_session }, right(second));
  const overtaking = driver(t);
  let overtakes = true;
  const late = Object.assign(Object.create(device) as PracticeSessionDriver, {
    updateSessionProgress: async (command: never) => {
      if (overtakes) await overtaking.updateSessionProgress({ session_id, ...ahead.session_context });
      overtakes = false;
      return device.updateSessionProgress(command);
    },
  });
  const here = new InfinitePractice(late, templateId);
  const again = await here.begin();
  const shown = await here.take({ type: "continue" });
  assert.deepEqual(again.question, second.question);
  assert.equal(shown.movedOn, true);
  assert.notDeepEqual(shown.question, again.question);
});

test("turns that are taken at once on one device count one after another", async (t) => {
  const templateId = await newTemplate(t);
  const device = driver(t);
  const practice = new InfinitePractice(device, templateId);
  const first = await practice.begin();
  const [hinted, answered, tappedTwice] = await Promise.allSettled([
    practice.take({ type: "hint" }),
    practice.take(right(first)),
    practice.take(right(first)),
  ]);
  assert.ok(hinted.status === "fulfilled" && answered.status === "fulfilled");
  assert.deepEqual([hinted.value.movedOn, answered.value.movedOn], [false, false]);
  assert.deepEqual([names(hinted.value)[0], names(answered.value)[0]], ["hint_presentation", "feedback_presentation"]);
  assert.ok(tappedTwice.status === "rejected" && tappedTwice.reason instanceof PracticeProblem);
  assert.equal(practice.isStored, true);

  const { session_id, stored_session } = await active(device, templateId);
  assert.equal(stored_session?.current.question_id, answered.value.question?.question_id);
  const [summary] = await Promise.all([practice.complete(), assert.rejects(practice.take({ type: "hint" }))]);
  assert.deepEqual([summary.questions_correct, summary.total_questions], [1, 1]);
  const { entries } = await device.sessions.items(session_id);
  assert.deepEqual(entries.map(({ node_id, hinted }) => [node_id, hinted]), [[first.question?.question_id, true]]);
});

test("two devices that begin at once share one session", async (t) => {
  const templateId = await newTemplate(t);
  const devices = [driver(t), driver(t)].map((device) => new InfinitePractice(device, templateId));
  const begun = await Promise.all(devices.map((device) => device.begin()));
  assert.deepEqual(begun.map(({ movedOn }) => movedOn).sort(), [false, true]);
  const [one, two] = devices as [InfinitePractice, InfinitePractice];
  await one.take(right(begun[0]!));
  const followed = await two.take(wrong(begun[1]!));
  assert.equal(followed.movedOn, true);
  assert.equal((await two.complete()).total_questions, 1);
});

test("a turn that could not be stored is stored with the next one", async (t) => {
  const templateId = await newTemplate(t);
  const device = driver(t);
  const begun = new InfinitePractice(device, templateId);
  const first = await begun.begin();
  const wire = await unreliable(t, "pass", "pass", "refuse");
  const practice = new InfinitePractice(driver(t, { functions: wire.url, retries: 0 }), templateId);
  await practice.begin();
  const second = await practice.take(right(first));
  assert.equal(practice.isStored, false);
  assert.equal((await active(device, templateId)).total_questions, 0);
  await practice.take(right(second));
  assert.equal(practice.isStored, true);
  assert.equal((await active(device, templateId)).total_questions, 2);
});

/** The device, whose updates of progress `change` treats. */
function withUpdates(
  device: PracticeSessionDriver,
  change: (update: () => ReturnType<PracticeSessionDriver["updateSessionProgress"]>) => ReturnType<PracticeSessionDriver["updateSessionProgress"]>,
): PracticeSessionDriver {
  return Object.assign(Object.create(device) as PracticeSessionDriver, {
    updateSessionProgress: (command: never) => change(() => device.updateSessionProgress(command)),
  });
}

test("a turn whose storing fails before it is sent is not lost", async (t) => {
  const templateId = await newTemplate(t);
  const offline = new Error("The token cannot be renewed.");
  let tokensLeft = Infinity;
  const idToken = async () => {
    if (tokensLeft === 0) throw offline;
    tokensLeft -= 1;
    return given.student.token;
  };
  const practice = new InfinitePractice(driver(t, { idToken }), templateId);
  const first = await practice.begin();
  tokensLeft = 1;
  const second = await practice.take(right(first));
  assert.deepEqual([names(second)[0], practice.isStored, practice.storingError], ["feedback_presentation", false, offline]);
  await assert.rejects(practice.take(right(second)), offline);
  tokensLeft = Infinity;
  await practice.take(right(second));
  assert.deepEqual([practice.isStored, practice.storingError], [true, undefined]);
  assert.equal((await practice.complete()).total_questions, 2);
});

test("a turn of a session that has ended rejects, again and again, until another is begun", async (t) => {
  const templateId = await newTemplate(t);
  const [one, two] = [new InfinitePractice(driver(t), templateId), new InfinitePractice(driver(t), templateId)];
  const onOne = await one.begin();
  await two.begin();
  await two.complete();
  for (const answer of [right(onOne), right(onOne), wrong(onOne)])
    assert.equal(await reasonOf(one.take(answer)), "SESSION_NOT_ACTIVE");
  assert.equal((await one.take(right(await one.begin()))).movedOn, false);
  assert.equal((await one.complete()).total_questions, 1);
});

test("a turn rejects where the device that was ahead has ended the session meanwhile", async (t) => {
  const templateId = await newTemplate(t);
  const two = new InfinitePractice(driver(t), templateId);
  const late = withUpdates(driver(t), async (update) => {
    try {
      return await update();
    } catch (failure) {
      await two.complete();
      throw failure;
    }
  });
  const one = new InfinitePractice(late, templateId);
  const onOne = await one.begin();
  await two.take(right(await two.begin()));
  assert.equal(await reasonOf(one.take(wrong(onOne))), "CONTEXT_FORKED");
  assert.equal(one.isStored, true);
  assert.deepEqual(names(await one.begin())[0], "concept_presentation");
});

test("a turn that was overtaken may be repeated when the other state could not be shown", async (t) => {
  const templateId = await newTemplate(t);
  const two = new InfinitePractice(driver(t), templateId);
  const onTwo = await two.begin();
  const wire = await unreliable(t, "pass", "pass", "pass", "refuse");
  const one = new InfinitePractice(driver(t, { functions: wire.url, retries: 0 }), templateId);
  const onOne = await one.begin();
  const ahead = await two.take(right(onTwo));
  assert.equal(await reasonOf(one.take(wrong(onOne))), "UNAVAILABLE");
  const followed = await one.take(wrong(onOne));
  assert.deepEqual([followed.movedOn, followed.question], [true, ahead.question]);
});

test("practice that is begun anew is stored, whatever was not stored before", async (t) => {
  const templateId = await newTemplate(t);
  const device = driver(t);
  let refuses = true;
  const practice = new InfinitePractice(
    withUpdates(device, async (update) => {
      if (refuses) throw new PracticeProblem("INTERNAL", "No.", 500);
      return update();
    }),
    templateId,
  );
  await practice.take(right(await practice.begin()));
  assert.equal(practice.isStored, false);
  await device.completeSession({ session_id: (await active(device, templateId)).session_id, discard: true });
  refuses = false;
  await practice.begin();
  assert.deepEqual([practice.isStored, practice.storingError], [true, undefined]);
});

test("practice that is discarded pays nothing, and another may begin", async (t) => {
  const templateId = await newTemplate(t);
  const device = driver(t);
  const practice = new InfinitePractice(device, templateId);
  await practice.take(right(await practice.begin()));
  const { session_id } = await active(device, templateId);
  await practice.discard();
  assert.deepEqual(
    [(await device.sessions.read(session_id)).status, await device.checkActiveSession(templateId, "infinite")],
    ["abandoned", null],
  );
  await practice.discard();
  await practice.begin();
  assert.notEqual((await active(device, templateId)).session_id, session_id);
});

/** A listener, and the names of what it got: steps and presentations, in order. */
function listener(): { got: string[]; onEvent: TurnListener } {
  const got: string[] = [];
  const onEvent: TurnListener = (event) => {
    if (event.type === "working") got.push(event.on);
    else if (event.message.type === "ai") got.push(...event.message.tool_calls.map(({ name }) => name));
  };
  return { got, onEvent };
}

test("a turn with a listener is streamed, and its outcome is that of one without", async (t) => {
  const templateId = await newTemplate(t);
  const device = driver(t);
  const practice = new InfinitePractice(device, templateId);
  assert.deepEqual([practice.state], [undefined]);
  const { got, onEvent } = listener();
  const first = await practice.begin(onEvent);
  assert.deepEqual(got, ["generating_block", "concept_presentation", "question_presentation"]);
  assert.deepEqual([names(first), first.movedOn], [got.slice(1), false]);
  assert.equal(practice.state?.current.question_id, first.question?.question_id);

  const before = practice.state!;
  const unstreamed = await device.practiceTurn({ stored_session: before }, right(first));
  got.length = 0;
  const second = await practice.take(right(first), onEvent);
  assert.deepEqual(got, ["feedback_presentation", "question_presentation"]);
  assert.deepEqual(
    second.calls.map(({ name, args }) => [name, args]),
    unstreamed.messages.flatMap((message) => (message.type === "ai" ? message.tool_calls : [])).map(({ name, args }) => [name, args]),
  );
  assert.deepEqual([practice.isStored, practice.state?.seq], [true, before.seq + 1]);
  assert.deepEqual(practice.state, (await active(device, templateId)).stored_session);
  assert.equal(practice.state?.degraded, false);
  assert.ok(practice.state!.skills[0]!.mastery > before.skills[0]!.mastery);

  const resumed = new InfinitePractice(driver(t), templateId);
  got.length = 0;
  assert.deepEqual((await resumed.begin(onEvent)).question, second.question);
  assert.deepEqual(got, ["question_presentation"]);
});

test("a turn whose stream breaks off is repeated, and counts once", async (t) => {
  const templateId = await newTemplate(t);
  const first = await new InfinitePractice(driver(t), templateId).begin();
  const wire = await unreliable(t, "pass", "cut");
  const practice = new InfinitePractice(driver(t, { functions: wire.url }), templateId);
  await practice.begin();
  const second = await practice.take(right(first), () => {});
  // The turns, the repeated one and the update that stores it.
  assert.equal(wire.keys.length, 4);
  assert.deepEqual([names(second)[0], practice.isStored], ["feedback_presentation", true]);
  assert.equal((await practice.complete()).total_questions, 1);
});

test("a stream that breaks off without retries rejects and leaves the state, so the turn may be repeated", async (t) => {
  const templateId = await newTemplate(t);
  const wire = await unreliable(t, "cut");
  const practice = new InfinitePractice(driver(t, { functions: wire.url, retries: 0 }), templateId);
  assert.equal(await reasonOf(practice.begin(() => {})), "UNAVAILABLE");
  assert.deepEqual([practice.state], [undefined]);
  const { got, onEvent } = listener();
  await practice.begin(onEvent);
  assert.equal(got[0], "generating_block");

  const broken = await unreliable(t, "pass", "cut");
  const again = new InfinitePractice(driver(t, { functions: broken.url, retries: 0 }), templateId);
  const shown = await again.begin();
  const before = again.state;
  assert.equal(await reasonOf(again.take(right(shown), () => {})), "UNAVAILABLE");
  assert.equal(again.state, before);
  assert.equal((await again.take(right(shown), () => {})).movedOn, false);
  assert.equal((await again.complete()).total_questions, 1);
});

test("a streamed turn that is refused is not repeated, nor one whose listener fails", async (t) => {
  const templateId = await newTemplate(t);
  const wire = await unreliable(t);
  const practice = new InfinitePractice(driver(t, { functions: wire.url }), templateId);
  const first = await practice.begin();
  const sent = wire.keys.length;
  assert.equal(await reasonOf(practice.take({ ...right(first), answer: " " } as never, () => {})), "INVALID_ARGUMENT");
  const mistake = new TypeError("The page is gone.");
  const failing = () => {
    throw mistake;
  };
  await assert.rejects(practice.take(right(first), failing), mistake);
  assert.equal(wire.keys.length, sent + 2);
  await practice.take(right(first));
  assert.equal((await practice.complete()).total_questions, 1);
});

test("an own template and a public one are practised as an assigned one is", async (t) => {
  const own = await created(t, { visibility: "private" });
  const shared = await created(t, { visibility: "public" });
  for (const [templateId, person] of [[own, given.teacher], [shared, given.student], [shared, given.teacher]] as const) {
    const practice = new InfinitePractice(driver(t, {}, person), templateId);
    await practice.take(right(await practice.begin(() => {})));
    assert.equal((await practice.complete()).questions_correct, 1);
  }
  const stranger = new InfinitePractice(driver(t), own);
  await assert.rejects(stranger.begin(), { code: "permission-denied" });
});

test("a template that is not stored is practised for a preview, with the keys that its author wrote", async (t) => {
  const device = driver(t, {}, given.teacher);
  const draft: Pick<CreateTemplate, "name" | "template_data"> = { name: "Doubling", template_data: CONTENT };
  const { session_context } = await device.practiceTurn({ source_data: draft });
  const { question_id } = session_context.stored_session.current;
  assert.ok(question_id);
  const answer = { type: "answer" as const, question_id, answer: 2 * Number(question_id.slice(1)) };
  const { messages } = await device.practiceTurn(session_context, answer);
  const [feedback] = messages.flatMap((message) => (message.type === "ai" ? message.tool_calls : []));
  assert.ok(feedback?.name === "feedback_presentation" && feedback.args.correct);
});
