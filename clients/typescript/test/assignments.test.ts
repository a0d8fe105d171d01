/** Assignments: a teacher assigns, a student works, and both read what became of it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { deleteApp, initializeApp } from "firebase/app";
import { connectFirestoreEmulator, initializeFirestore } from "firebase/firestore";

import { PracticeProblem, gradeOf, pointsOf, workStatus } from "../src/index.js";
import { type Live, type SchoolClass, watchClass, watchWork } from "../src/live.js";
import { type Cleanup, driver, given } from "./environment.js";

const QUESTIONS = ["a", "b"].map((question_id) => ({ question_id, kind: "numeric" as const, prompt: "1 + 1?", answer: 2 }));

async function assigned(t: Cleanup) {
  const teacher = driver(t, {}, given.teacher);
  const student = driver(t);
  const { class: of, join } = await teacher.classes.create({ name: "Sums", timezone: "Europe/Berlin" });
  await student.classes.join({ code: join.code ?? "", display_name: "Sam" });
  const exercises = [{ name: "Adding", questions: QUESTIONS }];
  const template = { name: "Sums", template_data: { sections: [{ name: "All", exercises }] } };
  const { template_id } = await teacher.templates.create(template);
  const assignment = await teacher.assignments.create({ class_id: of.class_id, template_id, points: 3 });
  return { teacher, student, class_id: of.class_id, assignment };
}

test("an assignment is created, changed, withdrawn and listed", async (t) => {
  const { teacher, student, class_id, assignment } = await assigned(t);
  const { assignment_id } = assignment;
  assert.deepEqual(await teacher.assignments.read(class_id, assignment_id), assignment);
  assert.deepEqual(await student.assignments.listMine(class_id), [assignment]);

  const named = { class_id, template_id: assignment.template_id, student_ids: [given.student.uid] };
  const second = await teacher.assignments.create(named);
  const others = await teacher.assignments.create({ ...named, student_ids: [] }).catch((problem: unknown) => problem);
  assert.ok(others instanceof PracticeProblem);
  const ids = (await student.assignments.listMine(class_id)).map((one) => one.assignment_id);
  assert.deepEqual(ids, [second.assignment_id, assignment_id]);

  const changed = await teacher.assignments.update({ class_id, assignment_id, version: 1, archived: true });
  assert.deepEqual([changed.version, changed.archived_at === null], [2, false]);
  assert.deepEqual(await student.assignments.listMine(class_id), [second]);
  const listed = (await teacher.assignments.list(class_id)).map((one) => one.assignment_id);
  assert.deepEqual(listed, [second.assignment_id, assignment_id]);
  const stale = teacher.assignments.update({ class_id, assignment_id, version: 1, title: "Late" });
  await assert.rejects(stale, { reason: "REVISION_MISMATCH" });
});

test("work is read by its student and the class's teachers, graded, and its changes are kept", async (t) => {
  const { teacher, student, class_id, assignment } = await assigned(t);
  const { assignment_id } = assignment;
  const { session } = await student.createSession({ class_id, assignment_id });
  const { session_id } = session;
  // Its state is for nobody to read, and of work that is not strict for its student alone.
  assert.equal((await teacher.sessions.read(session_id)).stored_session, null);
  assert.equal((await student.sessions.read(session_id)).stored_session, null);
  await student.completeSession({ session_id });

  const row = await student.assignments.readRow(class_id);
  assert.deepEqual((await teacher.assignments.listRows(class_id)).entries, [row]);
  const cell = row.cells[assignment_id];
  assert.equal(workStatus(cell, assignment, row.student_id), "submitted");
  assert.deepEqual([gradeOf(cell), pointsOf(cell, assignment)], [0, 0]);
  const [work] = (await teacher.assignments.listSessions({ class_id, assignment_id })).entries;
  assert.equal(work?.session_id, session_id);

  const place = { class_id, assignment_id, student_id: row.student_id };
  const graded = await teacher.assignments.override({ ...place, revision: 0, score_percent: 50, note: "By hand" });
  assert.deepEqual([graded.revision, graded.score_percent, pointsOf(graded, assignment)], [1, 0, 1.5]);
  const [change] = (await teacher.assignments.listChanges(place)).entries;
  assert.deepEqual([change?.before, change?.after, change?.note], [null, 50, "By hand"]);
  await assert.rejects(student.assignments.listChanges(place), { code: "permission-denied" });
  await assert.rejects(student.assignments.listRows(class_id), { code: "permission-denied" });
});

test("a row that nothing has been written to yet is whole", async (t) => {
  const { student, class_id } = await assigned(t);
  const row = await student.assignments.readRow(class_id);
  assert.deepEqual([row.display_name, row.status, row.cells], ["Sam", "active", {}]);
  assert.equal(row.self_practice.sessions >= 0, true);
});

test("teachers watch a class and the work of the moment", async (t) => {
  const { student, class_id, assignment } = await assigned(t);
  const app = initializeApp({ projectId: given.project }, crypto.randomUUID());
  const firestore = initializeFirestore(app, {});
  const { hostname, port } = new URL(`http://${given.firestore}`);
  connectFirestoreEmulator(firestore, hostname, Number(port), { mockUserToken: given.teacher.token });
  t.after(() => deleteApp(app));
  const fails = (error: unknown) => assert.fail(String(error));
  let stopClass = () => {};
  const of = await new Promise<SchoolClass>((resolve) => {
    stopClass = watchClass(firestore, class_id, resolve, fails);
  });
  stopClass();
  assert.deepEqual([of.class_id, of.name], [class_id, "Sums"]);

  let seen = (_work: Live[]): void => {};
  const until = (has: (work: Live[]) => boolean) =>
    new Promise<Live[]>((resolve) => {
      seen = (work) => has(work) && resolve(work);
    });
  const nobody = until(({ length }) => length === 0);
  const since = new Date(Date.now() - 3_600_000);
  const stop = watchWork(firestore, { class_id, since }, (work) => seen(work), fails);
  await nobody;
  const begun = until(({ length }) => length === 1);
  const { session } = await student.createSession({ class_id, assignment_id: assignment.assignment_id });
  const [live] = await begun;
  assert.deepEqual([live?.student_id, live?.answered, live?.needs_help], [given.student.uid, 0, false]);
  const done = until(({ length }) => length === 0);
  await student.completeSession({ session_id: session.session_id });
  await done;
  stop();
});
