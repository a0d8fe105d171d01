import assert from "node:assert/strict";
import { test } from "node:test";

import { doc, getDoc } from "#firestore";

import { PracticeProblem, type SourceData, type ToolCall, type TurnEvent } from "../src/index.js";
import { answerTo, driver, given, unreliable } from "./environment.js";

const UNUSED_TEMPLATE = "a-template-nobody-practises";

test("a checklist session goes from its template to its summary", async (t) => {
  const practice = driver(t);
  assert.equal(await practice.checkActiveSession(given.checklist, "checklist"), null);

  const started = await practice.createSession({ template_id: given.checklist, timezone: "UTC" });
  assert.equal(started.resumed, false);
  assert.equal(started.next_item?.node_id, "c-major");
  const { session_id } = started.session;

  const active = await practice.checkActiveSession(given.checklist, "checklist");
  assert.deepEqual(active, { session: started.session, next_item: started.next_item });
  assert.deepEqual(await practice.sessions.read(session_id), started.session);
  const again = await practice.createSession({ template_id: given.checklist });
  assert.deepEqual([again.resumed, again.session.session_id], [true, session_id]);

  const item = { node_id: "c-major", grade: "good" } as const;
  const updated = await practice.updateSessionProgress({ session_id, items: [item] });
  assert.equal(updated.next_item?.node_id, "a-minor");
  await assert.rejects(
    practice.updateSessionProgress({ session_id, revision: 1, session_data: { mood: "calm" } }),
    (error) => error instanceof PracticeProblem && error.reason === "REVISION_MISMATCH",
  );

  const { summary, session } = await practice.completeSession({ session_id, focus_score: 8 });
  assert.equal(session.status, "completed");
  assert.equal(summary.items_completed, 1);
  assert.equal(summary.xp.total, summary.xp.items + summary.xp.streak_bonus);
  assert.equal(await practice.checkActiveSession(given.checklist, "checklist"), null);
});

test("a student does not see another student's session", async (t) => {
  const practice = driver(t);
  await practice.createSession({ template_id: given.checklist, timezone: "UTC" });
  const intruder = driver(t, { uid: given.student.uid }, given.other);
  await assert.rejects(intruder.checkActiveSession(given.checklist, "checklist"), { code: "permission-denied" });
  assert.equal(await driver(t, {}, given.other).checkActiveSession(UNUSED_TEMPLATE, "checklist"), null);
});

test("infinite practice is streamed, stored, resumed on another device and completed", async (t) => {
  const practice = driver(t);
  const template = (await getDoc(doc(practice.firestore, "session_templates", given.bank))).data()!;
  const firstTurn = await collect(practice.streamPracticeTurn({ source_data: template }));
  assert.deepEqual(names(firstTurn.calls), ["concept_presentation", "question_presentation"]);
  assert.deepEqual(firstTurn.working, ["generating_block"]);
  const [concept] = firstTurn.calls;
  assert.ok(concept?.name === "concept_presentation" && concept.args.full_session_payload);
  const stored_session = concept.args.full_session_payload;
  const checklist = await practice.createSession({ template_id: given.bank, timezone: "UTC" });
  const { session } = await practice.createSession({ stored_session, timezone: "UTC" });

  const question = pendingQuestion(firstTurn.calls);
  const answered = await collect(
    practice.streamPracticeTurn(firstTurn.context, {
      type: "answer",
      question_id: question.question_id,
      answer: answerTo(question),
    }),
  );
  const [feedback] = answered.calls;
  assert.ok(feedback?.name === "feedback_presentation" && feedback.args.correct);
  const updated = await practice.updateSessionProgress({
    session_id: session.session_id,
    stored_session: answered.context.stored_session,
  });
  assert.equal(updated.session.questions_correct, 1);

  const elsewhere = driver(t);
  const found = await elsewhere.checkActiveSession(given.bank, "infinite");
  assert.deepEqual(found, { session: updated.session, next_item: updated.next_item });
  const { stored_session: resumed } = found.session;
  assert.ok(resumed);
  const hint = await elsewhere.practiceTurn({ stored_session: resumed }, { type: "hint" });
  assert.deepEqual(names(calls(hint.messages)), ["hint_presentation", "question_presentation"]);
  const { summary } = await elsewhere.completeSession({
    session_id: session.session_id,
    stored_session: hint.session_context.stored_session,
  });
  assert.deepEqual([summary.total_questions, summary.score_percent], [1, 100]);
  const left = await elsewhere.checkActiveSession(given.bank, "checklist");
  assert.equal(left?.session.session_id, checklist.session.session_id);
  await elsewhere.completeSession({ session_id: checklist.session.session_id });
});

test("a refusal has its reason, the invalid fields and the request id", async (t) => {
  const practice = driver(t);
  const problem = await refusal(practice.createSession({ timezone: "Mars/Olympus" }));
  assert.deepEqual([problem.reason, problem.status], ["INVALID_ARGUMENT", 422]);
  assert.deepEqual(problem.errors.map(({ path }) => path), ["timezone"]);
  assert.ok(problem.requestId);

  const firstTurn = await practice.practiceTurn({ source_data: ownTemplate() });
  const { stored_session } = firstTurn.session_context;
  const forged = { ...stored_session, progress: { ...stored_session.progress, questions_correct: 9 } };
  const tampered = await refusal(practice.practiceTurn({ stored_session: forged }));
  assert.equal(tampered.reason, "SESSION_CONTEXT_TAMPERED");
  const stream = practice.streamPracticeTurn({ stored_session: forged });
  assert.equal((await refusal(collect(stream))).reason, "SESSION_CONTEXT_TAMPERED");
});

test("a lost reply and a short outage have no lasting effect", async (t) => {
  const wire = await unreliable(t, "lose", "refuse");
  const practice = driver(t, { functions: wire.url });
  const { session } = await practice.createSession({ timezone: "UTC", name: "Blank" });
  assert.equal(new Set(wire.keys).size, 1);
  assert.equal(wire.keys.length, 3);

  const more = await unreliable(t, "lose");
  const { session_id } = session;
  const items = [{ node_id: "scales", grade: "good" as const }];
  const resilient = driver(t, { functions: more.url });
  const updated = await resilient.updateSessionProgress({ session_id, items });
  assert.deepEqual([updated.session.items_count, updated.session.revision], [1, 2]);
});

test("without retries a call rejects at once, and the caller's idempotency key is sent", async (t) => {
  const wire = await unreliable(t, "refuse");
  const practice = driver(t, { functions: wire.url, retries: 0 });
  const idempotencyKey = "of-the-caller";
  const problem = await refusal(practice.createSession({ timezone: "UTC" }, { idempotencyKey }));
  assert.deepEqual([problem.reason, problem.status], ["UNAVAILABLE", 503]);
  assert.equal(problem.retryAfterSeconds, 1);
  assert.deepEqual(wire.keys, [idempotencyKey]);

  const refusing = await unreliable(t, "refuse", "refuse", "refuse", "refuse");
  const signal = AbortSignal.timeout(100);
  const waiting = driver(t, { functions: refusing.url });
  await assert.rejects(waiting.createSession({ timezone: "UTC" }, { signal }), {
    name: "TimeoutError",
  });
});

test("a stream that breaks off rejects, and the turn can be repeated", async (t) => {
  const wire = await unreliable(t, "cut");
  const practice = driver(t, { functions: wire.url });
  await assert.rejects(
    collect(practice.streamPracticeTurn({ source_data: ownTemplate() })),
    (problem: unknown) => problem instanceof PracticeProblem && problem.reason === "UNAVAILABLE",
  );
  const again = await collect(practice.streamPracticeTurn({ source_data: ownTemplate() }));
  assert.equal(pendingQuestion(again.calls).kind, "self_rated");
});

/** A template written by the client: without a seal, for self-practice. */
function ownTemplate(): SourceData {
  const exercises = [{ name: "Scales" }];
  return { name: "Mine", template_data: { sections: [{ name: "All", exercises }] } };
}

interface CollectedTurn {
  calls: ToolCall[];
  working: string[];
  context: Extract<TurnEvent, { type: "done" }>["session_context"];
}

async function collect(stream: AsyncIterable<TurnEvent>): Promise<CollectedTurn> {
  const messages = [];
  const working: string[] = [];
  let context: CollectedTurn["context"] | undefined;
  for await (const event of stream) {
    if (event.type === "working") working.push(event.on);
    if (event.type === "message") messages.push(event.message);
    if (event.type === "done") context = event.session_context;
  }
  assert.ok(context, "a stream ends with the context of the next turn");
  return { calls: calls(messages), working, context };
}

function calls(messages: Extract<TurnEvent, { type: "message" }>["message"][]): ToolCall[] {
  return messages.flatMap((message) => (message.type === "ai" ? message.tool_calls : []));
}

function names(toolCalls: ToolCall[]): string[] {
  return toolCalls.map((call) => call.name);
}

function pendingQuestion(toolCalls: ToolCall[]) {
  const last = toolCalls.at(-1);
  assert.ok(last?.name === "question_presentation");
  return last.args.question;
}

async function refusal(promise: Promise<unknown>): Promise<PracticeProblem> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof PracticeProblem, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: "it was not refused" });
}
